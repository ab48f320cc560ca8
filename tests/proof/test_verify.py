"""Verify: a sound office has no finding; files that were harmed, lost or put in are named."""

import os
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from ita_core import db, dump, workflow
from ita_core.evidence.folder import Folder
from ita_core.evidence.objects import object_name
from ita_core.models import Evidence, StoredFile
from ita_core.plan.apply import apply_plan
from ita_core.plan.plan import find_plan, load_with_framework
from ita_core.proof import verify
from ita_core.proof.verify import Wrong
from tests.cast import Cast, item_id, slots
from tests.papers import filled_pdf
from tests.proof.office import NOW, Office, only

PDF = filled_pdf()


@pytest.mark.both
def test_a_sound_office_has_no_finding_and_nothing_is_changed(office: Office):
    with db.reading(office.engine) as session:
        before = dump.digests(session)
    report = office.verify()
    assert [str(finding) for finding in report.findings] == []
    assert (report.objects, report.records, report.entries) == (84, 240, 310)
    assert report.bytes == sum(path.stat().st_size for path in (office.store.root / "o").rglob("*") if path.is_file())
    assert office.verify(kept=report.head).findings == ()
    with db.reading(office.engine) as session:
        assert dump.digests(session) == before


def test_progress_goes_from_nothing_to_every_byte(office: Office):
    seen: list[tuple[int, int]] = []
    report = verify.verify(engine=office.engine, store=office.store, progress=lambda *one: seen.append(one))
    assert (seen[0], seen[-1]) == ((0, report.bytes), (report.bytes, report.bytes))


@pytest.mark.both
def test_work_through_the_app_verifies_whatever_became_of_it(engine: sa.Engine, cast: Cast, store: Folder):
    """Uploads taken away, cleared, handed in; two approvals of one item; a plan applied again."""
    office = Office(engine, store)
    kept = [store.put([PDF + b"%" + sign], f"รายงาน {sign.decode()}.pdf") for sign in (b"a", b"b", b"c", b"d")]
    with db.writing(engine) as session:
        o6 = item_id(session, "O6")
        chosen = slots(session, "O6", period="2025-02", format="pdf")

        def receive(number: int, at: datetime) -> int:
            key = f"{number} {at}"
            return workflow.receive(session, by=cast.usa, item_id=o6, file=kept[number], key=key, at=at)

        def hand_in(upload: int, at: datetime) -> int:
            content = workflow.Received(upload)
            return workflow.submit(session, by=cast.usa, item_id=o6, slots=chosen, content=content, at=at)

        hand_in(receive(0, NOW - timedelta(days=20)), NOW - timedelta(days=20))
        taken = receive(1, NOW)
        gone = list(workflow.discard(session, by=cast.usa, upload_id=taken, at=NOW))
        receive(2, NOW - timedelta(days=9))  # the number that was taken away may come again
        gone += workflow.clear_left(session, at=NOW)
        waits = receive(3, NOW)
        link = workflow.submit(
            session, by=cast.usa, item_id=o6, slots=chosen[:1], content=workflow.Link("https://ตม.ไทย/?a=1"), at=NOW
        )
        workflow.withdraw(session, by=cast.usa, evidence_id=link, at=NOW)
        session.flush()
        assert waits
    for sha256 in gone:
        store.remove(sha256)
    assert [str(finding) for finding in office.verify().findings] == []
    rules, found = load_with_framework(find_plan("prachuap-2568"))
    with db.writing(engine) as session:
        apply_plan(session, rules, found.model_copy(update={"target": 90.0}), at=NOW)
    assert [str(finding) for finding in office.verify().findings] == []


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 4
    path.chmod(0o644)
    path.write_bytes(content)


def cut(path: Path) -> None:
    path.chmod(0o644)
    os.truncate(path, path.stat().st_size - 1)


def shut(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize(
    ("harm", "kind", "says"),
    [
        (flip, Wrong.changed, "was changed: its content is "),
        (cut, Wrong.changed, "was changed: its content is "),
        (Path.unlink, Wrong.missing, "is missing; "),
        (shut, Wrong.unreadable, "cannot be read: "),
    ],
)
def test_an_object_that_was_harmed_is_named_with_what_uses_it(
    office: Office, harm: Callable[[Path], None], kind: Wrong, says: str
):
    evidence = office.file()
    harm(office.store.path(evidence.sha256))
    finding = only(office.verify())
    assert (finding.kind, finding.what) == (kind, object_name(evidence.sha256))
    assert finding.says.startswith(says)
    assert f"“{evidence.file_name}” of evidence {evidence.id} (O" in finding.says


def test_an_object_that_several_use_names_them_all(office: Office):
    first = office.file()
    other = office.one(Evidence, kind="link")
    office.change(sa.update(Evidence).where(Evidence.id == other.id).values(sha256=first.sha256, file_name="อีกชื่อ.pdf"))
    office.store.path(first.sha256).unlink()
    missing = next(one for one in office.verify().findings if one.kind is Wrong.missing)
    assert f"evidence {first.id} (" in missing.says
    assert f"“อีกชื่อ.pdf” of evidence {other.id} (" in missing.says


def test_a_size_that_is_not_the_row_s_is_named(office: Office):
    evidence = office.file()
    office.change(sa.update(StoredFile).where(StoredFile.sha256 == evidence.sha256).values(size=7))
    row, size = office.verify().findings
    assert "the row says 7" in size.says
    assert (row.kind, row.what) == (Wrong.row, f"storedfile {evidence.sha256}")


UNKNOWN = "ab" + "c" * 62


@pytest.mark.parametrize(
    "name",
    ["o/stray.txt", "o/ab/stray", f"o/{UNKNOWN}", f"o/zz/{UNKNOWN}", "stray.pdf", f"o/ab/cd/{UNKNOWN}", "o/ab/.hidden"],
)
def test_whatever_lies_where_no_object_belongs_is_a_stray(office: Office, name: str):
    path = office.store.root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("?")
    assert office.found() == [(Wrong.stray, name)]


def test_a_link_to_another_folder_is_a_stray(office: Office, tmp_path: Path):
    (office.store.root / "o" / "aa").mkdir(exist_ok=True)
    (office.store.root / "o" / "aa" / "elsewhere").symlink_to(tmp_path)
    assert office.found() == [(Wrong.stray, "o/aa/elsewhere")]


def test_a_stray_s_name_makes_one_line(office: Office):
    (office.store.root / "o" / "a\nall in order\x1b[2J").write_text("?")
    assert str(only(office.verify())) == "o/a\\nall in order\\x1b[2J: no object belongs here"


@pytest.mark.parametrize(
    ("age", "kind", "says"),
    [(0, Wrong.unnamed, "is not yet named by a row"), (90_000, Wrong.stray, "no row names it")],
)
def test_an_object_without_a_row_is_named_by_its_age(office: Office, age: int, kind: Wrong, says: str):
    kept = office.store.put([PDF], "หลง.pdf")
    os.utime(office.store.path(kept.sha256), (time.time() - age,) * 2)
    finding = only(office.verify())
    assert (finding.kind, finding.what) == (kind, object_name(kept.sha256))
    assert says in finding.says


@pytest.mark.both
def test_what_is_handed_in_or_taken_away_meanwhile_is_no_finding(office: Office):
    kept, row = office.store.put([PDF], "ใหม่.pdf"), office.one(StoredFile)
    with db.writing(office.engine) as session:
        session.add(StoredFile(sha256=UNKNOWN, size=1, media_type="x", format="pdf", facts={}))

    left = office.store.put([PDF, b"x"], "ถูกนำออก.pdf")  # its row is gone already, itself in a moment

    def looks() -> Iterator[float]:
        """What others do between the first look and the second."""
        office.store.remove(left.sha256)
        made = StoredFile(sha256=kept.sha256, size=kept.size, media_type=row.media_type, format="pdf", facts={})
        with db.writing(office.engine) as session:
            session.add(made)
            session.delete(session.get_one(StoredFile, UNKNOWN))
        yield 0.01

    assert verify.verify(engine=office.engine, store=office.store, looks=looks()).findings == ()
