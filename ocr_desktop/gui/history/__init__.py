"""The history of jobs, and how one of them is forgotten."""
