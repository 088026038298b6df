"""Food databases as sources: asked politely, believed in nothing, stopped at any moment."""
