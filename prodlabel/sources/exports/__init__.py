"""Where labelled products go to: one file per format."""
