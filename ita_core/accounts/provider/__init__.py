"""Signing in at a provider of the office's own (OpenID Connect Core 1.0, authorization code flow with PKCE).

`way.py` is what is remembered between leaving for the provider and coming back, `asking.py` how the provider is asked,
`checking.py` whether its word is taken. Nothing here knows the database: whom the word means, `by_provider` finds.
"""

from ita_core.accounts.provider.asking import Provider
from ita_core.accounts.provider.refusals import (
    BY_KIND,
    AttemptOver,
    ClocksDiffer,
    Declined,
    NobodyHere,
    ProviderAway,
    ProviderRefusal,
    ProviderWrong,
    StillThere,
    TooManyAsk,
)
from ita_core.accounts.provider.setup import Setup, Word, current
from ita_core.accounts.provider.way import ATTEMPT_SECONDS, Attempt, begin, local_address, resume
