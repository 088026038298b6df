"""From vectors and labels to calibrated suggestions."""
