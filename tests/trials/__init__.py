"""Trials with thousands of files: `python -m tests.trials.hostile`, `python -m tests.trials.harmless`."""
