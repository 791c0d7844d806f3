"""Training of graders: what is planned, how it runs, what it leaves."""
