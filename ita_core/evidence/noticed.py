"""What was noticed in a file while it was examined. Imports nothing of ours: the child that examines uses it too."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any


@dataclass(frozen=True, slots=True)
class Noticed:
    """None: the file does not say, or nobody looked. Years are of the Buddhist era, as Thai papers name them."""

    pages: int | None = None
    sheets: int | None = None
    slides: int | None = None
    width: int | None = None  # pixels
    height: int | None = None
    seconds: float | None = None
    has_text: bool | None = None
    text_languages: tuple[str, ...] = ()  # of th, en
    years: tuple[int, ...] = ()  # that the text names, those of laws left out
    fiscal_years: tuple[int, ...] = ()  # those that it calls fiscal years
    has_date: bool | None = None  # a full day, month and year
    empty_pages: tuple[int, ...] = ()  # numbered from 1
    made_at: str | None = None  # when the document itself says it was made: ISO 8601
    heic_sha256: str | None = None  # of the HEIC that was sent, where this is the JPEG that was made of it

    def to_json(self) -> dict[str, Any]:
        """A plain dict without what is not known."""
        known = {name: value for name, value in asdict(self).items() if value is not None and value != ()}
        return {name: list(value) if isinstance(value, tuple) else value for name, value in known.items()}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Noticed":
        """What `to_json` gave; what an older or newer version wrote beside it is left out."""
        known: dict[str, Any] = {
            field.name: tuple(kept[field.name]) if isinstance(kept[field.name], list) else kept[field.name]
            for field in fields(cls)
            if field.name in kept
        }
        return cls(**known)
