"""How things look: colours, icons, words and small widgets that every part of the window uses."""
