"""The panes around the map: taxonomy, facets, inspector, film strip, relabel card, history."""
