"""Queues: which products are worth a look, in which order, and why each of them."""
