"""`ita demo`: an office's year up to 15 March 2568, invented, to look at and to try (`build.py`)."""
