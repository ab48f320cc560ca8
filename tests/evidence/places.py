"""Where evidence may be kept, and what lies there."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from ita_core.evidence.objects import Store
from tests.papers import filled_pdf

PDF = filled_pdf(salt=b"one")
DIGEST = hashlib.sha256(PDF).hexdigest()


@dataclass
class Place:
    """A store, and what the app cannot do to it."""

    store: Store
    url: str
    elsewhere: Callable[[], Store]  # the same store as another machine sees it
    write: Callable[[str, bytes], None]  # whatever content under whatever path
    delete: Callable[[str], None]
