"""The newest snapshot of each assessment, kept until a write changes what it holds."""

from collections import OrderedDict
from threading import Lock

from sqlmodel import Session

from ita_core import audit
from ita_core.queries.assessments import AssessmentFacts
from ita_core.queries.snapshots import Snapshot, take_snapshot

MOST_KEPT = 32  # assessments: offices × years that are looked at

State = tuple[int, str]  # number and hash of the audit's entry that made it so


class KeptSnapshots:
    """Snapshots by database and assessment, the same for every thread of this process.

    Every write names in its audit entry the assessment that it touched (`AuditEntry.touches`), also one of another
    process: the last such entry names the state that a snapshot was taken in.
    """

    def __init__(self) -> None:
        self._lock = Lock()  # of the dictionary; nothing is asked of a database under it
        self._kept: OrderedDict[tuple[str, int], tuple[State, Snapshot]] = OrderedDict()

    def current(self, session: Session, assessment: AssessmentFacts) -> Snapshot:
        """The snapshot of the assessment as this session sees it."""
        key = str(session.get_bind().engine.url), assessment.id
        state = audit.touched(session, assessment.id)
        with self._lock:
            known = self._kept.get(key)
            if known is not None and known[0] == state:
                self._kept.move_to_end(key)
                return known[1]
        made = take_snapshot(session, assessment)
        with self._lock:
            self._kept[key] = state, made
            self._kept.move_to_end(key)
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
        return made


_snapshots = KeptSnapshots()


def data_version(session: Session) -> str:
    """Names the state of all data: every write, of whatever, changes it."""
    return audit.head(session)[1]


def current_snapshot(session: Session, assessment: AssessmentFacts) -> Snapshot:
    """What `take_snapshot` gives of the whole assessment; taken anew only when a write has touched it.

    It holds the office's plan and records, the same for everybody; whoever shows it restricts it first (`visible_to`).
    """
    return _snapshots.current(session, assessment)
