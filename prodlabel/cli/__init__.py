"""The command line: prodlabel VERB PROJECT."""
