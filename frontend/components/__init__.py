"""Pieces of the screen: functions from values to HTML or pictures, without state of their own."""
