"""Tokens of invitations, tickets, cookies and browsers: random 256-bit values.

The database keeps their SHA-256 only, so whoever reads it or a backup can use none of them.
"""

import hashlib
import re
from datetime import datetime, timedelta

# What was made later than now, by more than clocks are set right by, was made while the clock was wrong: not believed.
CLOCK_TOLERANCE = timedelta(minutes=5)
TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


def hash_token(token: str) -> str:
    """What is kept of a token: its SHA-256, in hexadecimal."""
    return hashlib.sha256(token.encode(errors="surrogatepass")).hexdigest()


def is_fresh(made: datetime, expires: datetime, now: datetime) -> bool:
    """Whether what was made then holds now: it is not over, and was not made while the clock was wrong."""
    return made <= now + CLOCK_TOLERANCE and now < expires
