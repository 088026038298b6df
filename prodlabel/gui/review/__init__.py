"""Review: the queues, one product after the other, decided by keys."""
