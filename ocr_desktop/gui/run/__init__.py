"""Runs: the worker on its thread, the controller, the queue, and the panel that shows them."""
