"""The window: the only layer that names PySide6 and pyqtgraph."""
