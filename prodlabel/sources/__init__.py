"""Where products come from and where they go to."""
