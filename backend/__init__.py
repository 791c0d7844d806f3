"""The model server: a photo of a face in, five graded skin attributes and their heat maps out."""
