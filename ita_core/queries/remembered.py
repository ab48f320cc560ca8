"""Answers that are the same for everybody, kept until the next write: most runs ask what the run before has asked."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from copy import copy
from functools import wraps
from threading import Lock
from typing import Any, TypeVar, cast

from sqlmodel import Session

from ita_core import db

MOST_KEPT = 512

Question = TypeVar("Question", bound=Callable[..., Any])

_lock = Lock()  # of the dictionary; nothing is asked of a database under it
_kept: OrderedDict[Hashable, tuple[str, object]] = OrderedDict()


def remembered(question: Question) -> Question:
    """A question whose answer follows from its arguments and the data: asked anew in `db.reading` after a write only.

    For what is changed by writes with an audit entry, as all of ours are. The answer is plain values; who gets it may
    change the list, dictionary or set that it is, not what stands in it.
    """

    @wraps(question)
    def asked(session: Session, *args: Hashable, **named: Hashable) -> Any:
        state = db.state(session)
        if state is None:  # in the middle of a write
            return question(session, *args, **named)
        key = (session.get_bind().engine.url, question.__qualname__, args, tuple(sorted(named.items())))
        with _lock:
            known = _kept.get(key)
            if known is not None and known[0] == state:
                _kept.move_to_end(key)
                return _own(known[1])
        answer = question(session, *args, **named)
        with _lock:
            _kept[key] = state, answer
            _kept.move_to_end(key)
            while len(_kept) > MOST_KEPT:
                _kept.popitem(last=False)
        return _own(answer)

    return cast("Question", asked)


def _own(answer: object) -> object:
    return copy(answer) if isinstance(answer, list | dict | set) else answer
