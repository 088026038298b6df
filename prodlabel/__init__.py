"""prodlabel: see a product catalogue as one map and keep its categories in order."""

__version__ = "0.1.0"
