"""Several pieces of evidence as one ZIP: whose, under which names, bounded, and the right asked each time."""

import csv
import io
import zipfile

import pytest
import sqlalchemy as sa
from sqlmodel import select

from ita_core import db, settings, workflow
from ita_core.evidence.store import open_store
from ita_core.models import AuditEntry, Role
from ita_core.web import packing
from tests.asking import client
from tests.cast import Cast, item_id, set_role, slots
from tests.papers import pdf_with


def hand_in(cast: Cast, number: int, name: str, note: str = "") -> int:
    kept = open_store().put([content(number)], name)
    with db.writing() as session:
        return workflow.submit(
            session, by=cast.usa, item_id=item_id(session, "O6"), content=kept, note=note,
            slots=slots(session, "O6", period="2025-02", format="pdf"), at=settings.settings().now(),
        )  # fmt: skip


def content(number: int) -> bytes:
    return pdf_with(f"0 0 {100 + number} 100")


def asked(cast: Cast, who: str, ids: list[int]):
    return client(cast, who).get(f"/evidence.zip?only={','.join(map(str, ids))}")


def test_it_holds_each_file_under_its_thai_name_in_its_item_s_folder(cast: Cast):
    ids = [hand_in(cast, 1, "รายงาน ก.พ. 68.pdf", note="=1+1"), hand_in(cast, 2, "รายงาน ก.พ. 68.PDF")]
    with db.writing() as session:
        link = workflow.Link("https://example.org/o6")
        ids.append(workflow.submit(session, by=cast.usa, item_id=item_id(session, "O6"), content=link,
                                   slots=slots(session, "O6", period="2025-02", format="word"),
                                   at=settings.settings().now()))  # fmt: skip
    answer = asked(cast, "usa", ids)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/zip"
    assert 'filename="ita-2568-evidence-O6-2568-' in answer.headers["content-disposition"]
    assert "no-store" in answer.headers["cache-control"]
    with zipfile.ZipFile(io.BytesIO(answer.content)) as made:
        assert made.testzip() is None
        names = made.namelist()
        assert names == ["รายการ.csv", "O6/รายงาน ก.พ. 68.pdf", "O6/รายงาน ก.พ. 68 (2).PDF"]
        assert all(entry.flag_bits & 0x800 for entry in made.infolist())  # marked as UTF-8
        assert (made.read(names[1]), made.read(names[2])) == (content(1), content(2))
        rows = list(csv.reader(io.StringIO(made.read(names[0]).decode("utf-8-sig"))))
    assert [row[0] for row in rows[1:]] == [*names[1:], ""]
    assert any("https://example.org/o6" in cell for cell in rows[3])
    assert not any(cell.startswith("=") for row in rows for cell in row)


def test_one_piece_of_others_among_one_s_own_gives_nothing_and_is_noted(cast: Cast):
    made = hand_in(cast, 1, "รายงาน.pdf")
    theirs, none = asked(cast, "piyaporn", [made]), asked(cast, "piyaporn", [99999])
    assert (theirs.status_code, theirs.text) == (none.status_code, none.text) == (404, "ไม่พบรายการนี้")
    assert asked(cast, "usa", [made, 99999]).status_code == 404
    assert asked(cast, "", [made]).status_code == 403
    with db.reading() as session:
        noted = session.exec(select(AuditEntry.action).where(AuditEntry.subject == f"evidence {made}")).all()
    assert noted.count("access.refuse") == 1


def test_who_lost_the_right_gets_nothing_at_the_next_request(cast: Cast):
    made = hand_in(cast, 1, "รายงาน.pdf")
    assert asked(cast, "viewer", [made]).status_code == 200
    with db.writing() as session:
        set_role(session, cast.viewer, Role.officer)
    assert asked(cast, "viewer", [made]).status_code == 404


@pytest.mark.parametrize("only", ["", "x", "1,", ",1", "1;2", "-1", "99999999999", "9999999999", "๑"])
def test_what_names_no_piece_is_not_found(cast: Cast, only: str):
    assert client(cast, "admin").get(f"/evidence.zip?only={only}").status_code == 404


def test_too_many_and_too_large_are_refused_with_what_to_do(cast: Cast, monkeypatch: pytest.MonkeyPatch):
    made = [hand_in(cast, number, f"{number}.pdf") for number in (1, 2)]
    many = asked(cast, "usa", list(range(1, packing.MOST_PIECES + 2)))
    assert (many.status_code, "ไม่เกิน 100 ชิ้น" in many.text) == (400, True)
    monkeypatch.setattr(packing, "MOST_BYTES", len(content(1)) + 1)
    large = asked(cast, "usa", made)
    assert (large.status_code, "เลือกน้อยลง" in large.text) == (400, True)
    assert asked(cast, "usa", made[:1]).status_code == 200


def test_of_several_items_it_is_called_by_none(cast: Cast):
    ids = [hand_in(cast, 1, "ก.pdf")]
    with db.writing() as session:
        ids.append(workflow.submit(session, by=cast.usa, item_id=item_id(session, "O5"), at=settings.settings().now(),
                                   content=workflow.Link("https://example.org/o5"),
                                   slots=slots(session, "O5")))  # fmt: skip
    called = asked(cast, "usa", ids).headers["content-disposition"]
    assert 'filename="ita-2568-evidence-2568-03-15.zip"' in called


def test_what_stands_for_a_damaged_file_has_no_other_files_name(cast: Cast):
    damaged = hand_in(cast, 1, "ก.pdf")
    path = next(path for path in (open_store().root / "o").rglob("*") if path.is_file())
    path.chmod(0o644)
    path.write_bytes(b"%PDF-changed")
    other = hand_in(cast, 2, "ข.pdf")
    with db.engine().begin() as connection:
        connection.execute(sa.text("update evidence set file_name = 'ก.pdf.txt' where id = :id"), {"id": other})
    with zipfile.ZipFile(io.BytesIO(asked(cast, "usa", [damaged, other]).content)) as made:
        assert set(made.namelist()) == {"รายการ.csv", "O6/ก.pdf.txt", "O6/ก.pdf (2).txt"}


def test_a_damaged_file_is_said_in_its_place_and_the_others_come(cast: Cast):
    damaged = hand_in(cast, 1, "ก.pdf")
    path = next(path for path in (open_store().root / "o").rglob("*") if path.is_file())
    path.chmod(0o644)
    path.write_bytes(b"%PDF-changed")
    whole = hand_in(cast, 2, "ข.pdf")
    with zipfile.ZipFile(io.BytesIO(asked(cast, "usa", [damaged, whole]).content)) as made:
        assert "เสียหาย" in made.read("O6/ก.pdf.txt").decode()
        assert made.read("O6/ข.pdf") == content(2)
