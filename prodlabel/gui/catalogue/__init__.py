"""The panes around the map: taxonomy, facets, inspector, gallery, relabel card, history."""
