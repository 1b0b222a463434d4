"""The settings: what the window remembers, the dialog built from the options, and presets."""
