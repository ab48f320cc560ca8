"""What one look at an address found, as plain values; whoever keeps or tells it needs nothing of the network."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from ita_core.models import LinkOutcome

WARC = "application/warc"


@dataclass(frozen=True, slots=True)
class Archived:
    """The answer as a file of this machine, to be put into the store; gone when the `with` of `finding` is left."""

    path: Path
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Found:
    """What one look found. `final_url` only where the address led elsewhere; hash and size of what was read whole."""

    outcome: LinkOutcome
    why: str = ""
    status: int | None = None
    final_url: str = ""
    media_type: str = ""
    size: int | None = None
    sha256: str = ""
    words_sha256: str = ""
    names_year: bool | None = None
    certificate_ends: datetime | None = None
    archived: Archived | None = None
