"""Networks that learn from pictures, or from pictures and texts; TensorFlow trains, NumPy asks."""
