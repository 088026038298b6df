"""Taxonomies from elsewhere: one file per format."""
