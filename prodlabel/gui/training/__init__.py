"""Training: how good the classifier is, where it errs, and which versions there are."""
