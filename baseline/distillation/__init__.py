"""Five graders on first stages in common, taught to say what graders said before."""
