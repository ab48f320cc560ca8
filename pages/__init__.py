"""The screens. Every address there is:

whoever isn't signed in gets the sign-in page at each of them, so that the address they came with (path and query) is
still there once they are.
"""

ADDRESSES = [
    "overview", "my_work", "review", "item", "indicators", "officers", "timeline", "months", "meeting", "directives",
    "export", "people", "account",
]  # fmt: skip
