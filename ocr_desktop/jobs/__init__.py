"""Jobs: the job store and the job manager."""
