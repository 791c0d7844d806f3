"""What a user would serve the same networks with instead."""
