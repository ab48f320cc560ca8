"""What a meeting looks at, and what its screens are made of."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from ita_core.board.directives import DirectiveFacts
from ita_core.board.progress import Board
from ita_core.queries import MeetingFacts, Snapshot
from pages.parts import meeting_split
from pages.parts.day_choice import Earlier
from pages.parts.frame import Frame
from pages.parts.meeting_split import Part


@dataclass(frozen=True, slots=True)
class Look:
    """What a meeting looks at: a day's board, or that of a meeting which is over, as it was shown."""

    here: Frame
    data: Snapshot
    board: Board
    before: Board
    earlier: Earlier
    ordered: Sequence[DirectiveFacts]
    moment: datetime  # at which it stood so
    kept: MeetingFacts | None = None
    directs: bool = False  # something can be done


@dataclass(frozen=True, slots=True)
class Subject:
    """What the meeting speaks of, on one screen or more."""

    name: str
    key: int  # that opens it
    title: str
    screens: Sequence[Sequence[Part]]


def subject(name: str, key: int, title: str, parts: Sequence[Part], nothing: str = "") -> Subject:
    """Its parts on as few screens as they need; a sentence where there is none."""
    return Subject(name, key, title, meeting_split.together(parts or [Part("nothing", nothing)]))
