"""Nothing slow or remote is begun while everybody else waits for the database's write lock."""

import ast
import hashlib
import re
import threading
from pathlib import Path

import pytest
import sqlalchemy as sa

from ita_core import db, settings
from ita_core.evidence import child, scan
from ita_core.evidence.objects import Receiving
from ita_core.evidence.store import open_store
from ita_core.workflow import receiving
from tests import papers
from tests.cast import Cast, item_id

PDF = papers.pdf()
HASH = hashlib.sha256(PDF).hexdigest()


def of_o6() -> int:
    with db.reading() as session:
        return item_id(session, "O6")


@pytest.mark.parametrize(
    "slow",
    [
        lambda: open_store().put([PDF], "a.pdf"),
        lambda: open_store().holds(HASH),
        lambda: open_store().verified(HASH),
        lambda: next(open_store().read(HASH)),
        lambda: next(open_store().names()),
        lambda: open_store().remove(HASH),
        lambda: child.run(
            "ita_core.evidence.examine",
            "x",
            memory=2**30,
            processor_seconds=1,
            seconds=1,
            turns=threading.BoundedSemaphore(1),
        ),
        lambda: scan._Stream("127.0.0.1:1"),
        lambda: db.claiming(HASH).__enter__(),
    ],
    ids=["put", "holds", "verified", "read", "names", "remove", "child", "scanner", "claim"],
)
def test_what_is_slow_refuses_under_the_write_lock(at_work: Cast, slow):
    open_store()
    with pytest.raises(db.SlowUnderLock), db.writing():
        slow()
    assert not db.holds_the_write_lock()


def test_others_write_while_a_file_is_examined_and_put_away(at_work: Cast, monkeypatch: pytest.MonkeyPatch):
    """Whatever takes long does so while another connection gets the write lock."""
    seen: list[str] = []

    def watched(name: str):
        real = getattr(Receiving, name)

        def around(self: Receiving):
            with db.writing():  # would wait for BUSY_SECONDS, and raise, were the lock held here
                seen.append(name)
            return real(self)

        monkeypatch.setattr(Receiving, name, around)

    watched("examine")
    watched("put_away")
    with open_store().receive("ก.pdf") as incoming:
        incoming.write(PDF)
        made = receiving.keep(incoming, by=at_work.usa, item_id=of_o6(), key="one", at=settings.settings().now())
    assert seen == ["examine", "put_away"]
    receiving.discard(by=at_work.usa, upload_id=made, at=settings.settings().now())
    assert not open_store().holds(HASH)


@pytest.mark.both("engine")
def test_a_claim_holds_off_another_thread_and_nobody_who_writes(engine: sa.Engine):
    order: list[str] = []
    began = threading.Event()

    def second() -> None:
        began.set()
        with db.claiming(HASH, engine):
            order.append("second")

    with db.claiming(HASH, engine):
        other = threading.Thread(target=second)
        other.start()
        assert began.wait(30)
        with db.writing(engine):
            order.append("wrote")
        order.append("first")
    other.join(30)
    assert order == ["wrote", "first", "second"]


def test_no_code_of_ours_asks_the_store_inside_writing():
    """By reading: no `store()`, `incoming.…` or `child.run` stands inside a `with db.writing()`."""
    root = Path(__file__).parent.parent
    for path in [*(root / "ita_core").rglob("*.py"), *(root / "pages").rglob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.With) and "db.writing(" in "".join(ast.unparse(item) for item in node.items):
                inside = "\n".join(ast.unparse(line) for line in node.body)
                assert not re.search(r"\bstore\(\)|\bincoming\.", inside), f"{path}:{node.lineno}"
