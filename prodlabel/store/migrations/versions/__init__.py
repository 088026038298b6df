"""One file per schema version, oldest first; a landed one is never changed."""
