"""Training and evaluation of the landmark network on the Face Research Lab London Set."""
