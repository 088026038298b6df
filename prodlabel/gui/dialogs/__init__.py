"""Dialogs: products coming in."""
