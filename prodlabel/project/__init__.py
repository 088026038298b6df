"""The open document: columns in memory, apply, undo, redo, subscribe."""
