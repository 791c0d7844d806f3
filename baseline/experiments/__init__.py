"""Replays every table of the original on any data in the format."""
