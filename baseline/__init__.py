"""The training kit: simulated skin, the networks' training, their metrics and their export."""
