"""Everything of the ITA dashboard that is not a screen."""
