"""What a grader is taught by: losses by name, each with the probabilities that belong to it."""
