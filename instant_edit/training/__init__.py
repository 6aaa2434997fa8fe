"""From source releases to the weights that ship. Never imported at run time."""
