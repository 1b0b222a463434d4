"""Batches: chunks, the worker function, executors, and the processor that drives them. No Qt."""
