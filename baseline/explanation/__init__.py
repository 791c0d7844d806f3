"""How right heat maps are, measured against where the simulator painted each sign."""
