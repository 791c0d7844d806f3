"""Sentences of single pages and sections, each module with both languages side by side."""
