"""The built-in demo catalogue, drawn and written by prodlabel itself from `resources/demo/`."""

from prodlabel.sources.demo.catalogue import write_demo_catalogue

__all__ = ["write_demo_catalogue"]
