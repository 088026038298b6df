"""Encoders of pictures, one file each."""
