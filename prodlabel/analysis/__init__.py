"""What is learnt about the catalogue without labels: layout, clusters, agreement."""
