"""What the window has to say: banners above the images, and failures in plain words."""
