"""Plain data: options, items, jobs, results, states, events, errors. No I/O, no Qt."""
