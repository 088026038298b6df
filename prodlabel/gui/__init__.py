"""The window; the only layer that names Qt."""
