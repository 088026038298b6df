"""What turns a text or a picture into a vector."""
