"""Holds weights against labelled photos, the way the server would grade them."""
