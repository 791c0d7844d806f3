"""What turns a trained network's outputs into honest probabilities and intervals."""
