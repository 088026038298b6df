"""How a project written by an older version becomes one of this version."""
