"""How much a score moves when the skin stays and only the photo changes."""
