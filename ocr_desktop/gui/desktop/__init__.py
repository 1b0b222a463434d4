"""What the desktop around the window can do during a run: task bar, notifications, sleep."""
