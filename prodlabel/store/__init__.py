"""The project folder on disk: database, vectors, thumbnails, backups."""
