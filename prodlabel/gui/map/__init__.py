"""The map of all products."""
