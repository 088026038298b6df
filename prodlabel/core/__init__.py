"""Plain Python and NumPy: what products, categories, labels and edits are."""
