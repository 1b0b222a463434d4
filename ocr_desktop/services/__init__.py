"""Services: one job each, without Qt. Each can be used by itself."""
