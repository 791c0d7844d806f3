"""How right grades are, and how sure that can be said."""
