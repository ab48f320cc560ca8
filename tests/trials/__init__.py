"""Trials: the whole under conditions that no test of a function makes. Each is a command that prints a table."""
