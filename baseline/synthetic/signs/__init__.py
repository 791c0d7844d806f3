"""One painter per attribute; each takes a canvas and a severity and says what it painted where."""
