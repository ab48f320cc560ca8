"""What our routes give out, and to whom: the real gate and the real routes, asked by each of the cast."""

import hashlib
import io
import zipfile
from pathlib import Path

import pytest
import sqlalchemy as sa
from openpyxl import load_workbook
from PIL import Image
from sqlmodel import select

from ita_core import db, queries, settings, workflow
from ita_core.demo import documents
from ita_core.evidence import printing
from ita_core.evidence.objects import File
from ita_core.evidence.store import open_store
from ita_core.exports import making
from ita_core.models import Account, AuditEntry, Decision, Person, Role
from ita_core.plan.apply import revise
from ita_core.plan.content import Content
from ita_core.web import downloads
from tests import files
from tests.asking import client
from tests.cast import Cast, item_id, set_role, slots
from tests.web.sending import NAME, PDF


@pytest.fixture
def evidence(cast: Cast) -> int:
    return hand_in(cast, open_store().put([PDF], NAME), NAME)


def hand_in(cast: Cast, kept: File, name: str) -> int:
    with db.writing() as session:
        return workflow.submit(
            session, by=cast.usa, item_id=item_id(session, "O6"), content=kept,
            slots=slots(session, "O6", period="2025-02", format="pdf"), at=settings.settings().now(),
        )  # fmt: skip


@pytest.mark.parametrize("who", ["usa", "pattama", "khanittha", "pramote", "commander", "itap", "admin", "viewer"])
@pytest.mark.parametrize("part", ["", "/page/1"])
def test_whoever_may_read_the_item_gets_its_evidence(cast: Cast, evidence: int, who: str, part: str):
    answer = client(cast, who).get(f"/evidence/{evidence}{part}")
    assert answer.status_code == 200
    if part:
        assert Image.open(io.BytesIO(answer.content)).format == "PNG"
    else:
        assert answer.content == PDF


@pytest.mark.skipif(not printing.program(), reason="soffice (Debian: libreoffice-writer-nogui …) is not installed")
def test_a_word_file_s_pages_are_for_who_may_read_it(cast: Cast):
    kept = open_store().put([files.word("รายงาน")], "รายงาน.docx")
    with db.writing() as session:
        made = workflow.submit(
            session, by=cast.usa, item_id=item_id(session, "O6"), content=kept,
            slots=slots(session, "O6", period="2025-02", format="word"), at=settings.settings().now(),
        )  # fmt: skip
    assert Image.open(io.BytesIO(client(cast, "viewer").get(f"/evidence/{made}/page/1").content)).format == "PNG"
    assert client(cast, "piyaporn").get(f"/evidence/{made}/page/1").status_code == 404
    assert client(cast, "viewer").get(f"/evidence/{made}/page/2").status_code == 404
    assert client(cast, "viewer").get(f"/evidence/{made}/inline").status_code == 404


@pytest.mark.parametrize("part", ["", "/inline", "/page/1"])
def test_whoever_may_not_is_told_that_there_is_none_and_nobody_gets_nothing(cast: Cast, evidence: int, part: str):
    outsider = client(cast, "piyaporn")
    theirs, none = outsider.get(f"/evidence/{evidence}{part}"), outsider.get(f"/evidence/999{part}")
    assert (theirs.status_code, theirs.text) == (none.status_code, none.text) == (404, "ไม่พบรายการนี้")
    assert client(cast, "").get(f"/evidence/{evidence}{part}").status_code == 403


def test_who_does_the_item_the_year_after_opens_what_was_accepted_and_nothing_else(cast: Cast, evidence: int):
    """Piyaporn, who had no duty on O6, prepares it in 2569; what waits or came back stays closed to her."""
    with db.writing() as session:
        here = queries.get_assessment(session).id
        later = workflow.start_year(
            session, by=cast.admin, source_id=here, year=2569, at=settings.settings().now()
        ).assessment.id or 0  # fmt: skip
        key = session.get_one(Person, session.get_one(Account, cast.piyaporn).person_id).key

        def give(content: Content) -> None:
            content["plan"]["duties"]["O6"]["prepare"] = [{"who": key, "task": ""}]

        revise(session, later, give, at=settings.settings().now())
    asker, none = client(cast, "piyaporn"), client(cast, "piyaporn").get("/evidence/999")
    waiting = asker.get(f"/evidence/{evidence}")
    assert (waiting.status_code, waiting.text) == (none.status_code, none.text) == (404, "ไม่พบรายการนี้")
    with db.writing() as session:
        workflow.review(session, by=cast.khanittha, evidence_id=evidence, decision=Decision.accepted,
                        at=settings.settings().now())  # fmt: skip
    assert asker.get(f"/evidence/{evidence}").content == PDF
    assert asker.get(f"/evidence/{evidence}/page/1").status_code == 200
    assert client(cast, "").get(f"/evidence/{evidence}").status_code == 403
    with db.writing() as session:
        usa = [{"who": "usa", "task": ""}]
        revise(
            session, later, lambda content: content["plan"]["duties"]["O6"].update(prepare=usa),
            at=settings.settings().now(),
        )  # fmt: skip
    assert asker.get(f"/evidence/{evidence}").status_code == 404


def test_the_thai_name_comes_with_the_file_and_nothing_of_it_can_act(cast: Cast, evidence: int):
    headers = client(cast, "usa").get(f"/evidence/{evidence}").headers
    assert "filename*=UTF-8''%E0%B8%A3" in headers["content-disposition"]
    assert headers["content-disposition"].startswith("attachment")
    assert "sandbox" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert "no-store" in headers["cache-control"]


def test_a_name_cannot_break_out_of_its_header(cast: Cast):
    name = 'a"; filename=evil.exe; x="%0d%0a.pdf'
    made = hand_in(cast, open_store().put([PDF], name), name)
    header = client(cast, "usa").get(f"/evidence/{made}").headers["content-disposition"]
    assert header.count('"') == 2
    assert "evil.exe" in header.split("filename*=")[0]  # inside the quotes, as a name
    assert header.split(";")[0] == "attachment"


def test_a_part_of_a_file_can_be_asked_for(cast: Cast, evidence: int):
    answer = client(cast, "usa").get(f"/evidence/{evidence}", headers={"Range": "bytes=0-4"})
    assert (answer.status_code, answer.content) == (206, b"%PDF-")


@pytest.mark.parametrize(
    "path", ["/evidence/99999999999999999999999", "/evidence/0", "/evidence/1/page/99", "/evidence/x"]
)
def test_an_odd_number_is_not_found(cast: Cast, evidence: int, path: str):
    assert client(cast, "admin").get(path).status_code == 404


def test_a_document_is_never_shown_inline_a_picture_is(cast: Cast, evidence: int):
    assert client(cast, "usa").get(f"/evidence/{evidence}/inline").status_code == 404
    picture = io.BytesIO()
    Image.new("RGB", (8, 8)).save(picture, "PNG")
    kept = open_store().put([picture.getvalue()], "ภาพ.png")
    with db.writing() as session:
        made = workflow.submit(
            session, by=cast.usa, item_id=item_id(session, "O5"), content=kept, slots=slots(session, "O5"),
            at=settings.settings().now(),
        )  # fmt: skip
    answer = client(cast, "usa").get(f"/evidence/{made}/inline")
    assert (answer.headers["content-type"], answer.content) == ("image/png", picture.getvalue())


def test_a_damaged_file_is_not_given_out(cast: Cast, evidence: int):
    path = next(path for path in (open_store().root / "o").rglob("*") if path.is_file())
    path.chmod(0o644)
    path.write_bytes(b"%PDF-changed")
    answer = client(cast, "usa").get(f"/evidence/{evidence}")
    assert (answer.status_code, "เสียหาย" in answer.text) == (400, True)


@pytest.mark.parametrize(("who", "rows"), [("commander", 44), ("viewer", 44), ("usa", 4), ("piyaporn", 1)])
def test_a_table_has_what_one_may_see(cast: Cast, who: str, rows: int):
    assert len(client(cast, who).get("/tables/items.json").json()) == rows


def test_an_officer_gets_their_own_row_of_the_officers(cast: Cast):
    assert [row["name"] for row in client(cast, "usa").get("/tables/officers.json").json()] == ["อุษา มีนาม"]
    assert len(client(cast, "commander").get("/tables/officers.json").json()) == 17


def test_a_table_is_chosen_by_the_screen_s_address_and_what_means_nothing_is_a_sentence(cast: Cast):
    asker = client(cast, "viewer")
    chosen = asker.get("/tables/items.json?kind=oit&indicator=9&state=overdue&year=2568").json()
    assert {(row["kind"], row["indicator"]) for row in chosen} == {("oit", 9)}
    answer = asker.get("/tables/items.json?state=late")
    assert (answer.status_code, "เลือกด้วย state=late ไม่ได้" in answer.text) == (400, True)


@pytest.mark.parametrize(("who", "items"), [("commander", 44), ("usa", 4), ("piyaporn", 1)])
def test_the_workbook_has_what_one_may_see_and_stands_in_the_audit(cast: Cast, evidence: int, who: str, items: int):
    answer = client(cast, who).get("/workbook.xlsx?day=2025-03-14")
    assert "ita-2568-workbook-2568-03-14.xlsx" in answer.headers["content-disposition"]
    book = load_workbook(io.BytesIO(answer.content))
    assert book["รายข้อ"].max_row == items + 1
    pieces = client(cast, who).get("/workbook.xlsx").content
    link = load_workbook(io.BytesIO(pieces))["ดัชนีหลักฐาน"]["B2"].hyperlink
    assert (link.target if link else None) == (f"http://testserver/evidence/{evidence}" if who != "piyaporn" else None)
    with db.reading() as session:
        found = session.exec(select(AuditEntry).where(AuditEntry.subject == "export workbook")).all()
        assert [one.detail["as_of"] for one in found] == ["2025-03-14", "2025-03-15"]


def test_the_workbook_of_no_office_and_for_nobody(cast: Cast):
    assert client(cast, "viewer").get("/workbook.xlsx?office=nowhere").status_code == 404
    assert client(cast, "").get("/workbook.xlsx").status_code == 403


def test_meetings_are_for_who_sees_all(cast: Cast):
    assert [client(cast, who).get("/tables/meetings.json").status_code for who in ("itap", "viewer", "usa")] == [
        200, 200, 404,
    ]  # fmt: skip


def test_that_names_were_taken_along_stands_in_the_audit_once_and_numbers_alone_do_not(cast: Cast, evidence: int):
    asker = client(cast, "usa")
    paths = (
        "/tables/items.csv", "/tables/items.xlsx", "/tables/slots.csv", "/tables/evidence.csv",
        f"/evidence.zip?only={evidence}",
    )  # fmt: skip
    for path in (*paths, *paths):
        assert asker.get(path).status_code == 200
    assert asker.get("/tables/audit.csv").status_code == 404
    with db.reading() as session:
        entries = session.exec(select(AuditEntry).where(AuditEntry.action == "export.take")).all()
        found = [(one.account_id, one.subject, one.detail["as_of"], one.detail["format"]) for one in entries]
        told = entries[-1].detail
    assert found == [
        (cast.usa, "export items", "2025-03-15", "csv"),
        (cast.usa, "export evidence", "2025-03-15", "csv"),
        (cast.usa, f"export zip {told['contents'][:16]}", "2025-03-15", "zip"),
    ]
    assert told["pieces"] == [evidence]
    with zipfile.ZipFile(io.BytesIO(asker.get(paths[-1]).content)) as made:
        assert hashlib.sha256(made.read("รายการ.csv")).hexdigest() == told["contents"]


@pytest.mark.parametrize("path", ["/tables/items.xlsx", "/tables/evidence.csv", "/workbook.xlsx"])
def test_somebody_writes_while_a_table_or_the_workbook_is_made(
    cast: Cast, evidence: int, monkeypatch: pytest.MonkeyPatch, path: str
):
    written: list[int] = []

    def meanwhile(*_said: object) -> None:
        with db.writing() as session:
            set_role(session, cast.viewer, Role.viewer)
        written.append(1)

    for home, name in ((making.tables, "items"), (making.tables, "evidence"), (making.office_book, "make")):
        real = getattr(home, name)
        monkeypatch.setattr(home, name, lambda *of, _real=real, **more: meanwhile() or _real(*of, **more))
    assert client(cast, "usa").get(path).status_code == 200
    assert written


def test_the_page_is_told_by_a_cookie_that_the_file_comes_or_is_refused(cast: Cast, monkeypatch: pytest.MonkeyPatch):
    asker = client(cast, "usa")
    cookie = asker.get("/workbook.xlsx?taking=a1b2").headers["set-cookie"]
    assert cookie.startswith("ita_taking_a1b2=200;")
    assert asker.get("/pack.zip?taking=c3").headers["set-cookie"].startswith("ita_taking_c3=200;")
    assert asker.get("/tables/items.xlsx?taking=d4&item=O99").headers["set-cookie"].startswith("ita_taking_d4=400;")
    for odd in ("", "A", "a;b", "a" * 17, "../x"):
        assert "set-cookie" not in asker.get("/tables/slots.csv", params={"taking": odd}).headers
    assert "set-cookie" not in client(cast, "").get("/workbook.xlsx?taking=a1b2").headers


def test_an_excel_file_of_too_many_rows_is_refused_with_what_to_do(cast: Cast, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(downloads, "MOST_ROWS", 43)
    asker = client(cast, "viewer")
    answer = asker.get("/tables/items.xlsx")
    assert (answer.status_code, "จะมี 44 แถว" in answer.text, "CSV" in answer.text) == (400, True, True)
    assert asker.get("/tables/items.csv").status_code == asker.get("/tables/items.xlsx?item=O6").status_code == 200
    monkeypatch.setattr(downloads, "MOST_ROWS", 0)
    assert asker.get("/workbook.xlsx").status_code == 400
    with db.reading() as session:
        noted = session.exec(select(AuditEntry.detail).where(AuditEntry.action == "export.take")).all()
    assert [one["format"] for one in noted] == ["csv"]


def test_what_cannot_be_noted_is_not_given_out(cast: Cast):
    asker = client(cast, "usa")
    sa.event.listen(db.engine(), "connect", lambda bare, _record: bare.execute("PRAGMA query_only = 1"))
    db.engine().dispose()  # whoever connects from now on can only read
    answer = asker.get("/tables/items.csv")
    assert (answer.status_code, "อ่านได้อย่างเดียว" in answer.text) == (503, True)
    assert asker.get("/tables/slots.csv").status_code == 200


def test_an_account_that_belongs_to_no_officer_gets_no_officers_row(cast: Cast):
    with db.writing() as session:
        set_role(session, cast.viewer, Role.officer)
    assert client(cast, "viewer").get("/tables/officers.json").json() == []


@pytest.mark.parametrize(
    ("who", "status"), [("admin", 200), ("commander", 200), ("viewer", 404), ("usa", 404), ("itap", 404), ("", 403)]
)
def test_the_audit_is_for_the_administrator_and_the_commander(cast: Cast, who: str, status: int):
    assert client(cast, who).get("/tables/audit.csv").status_code == status


@pytest.mark.parametrize(
    ("day", "says"),
    [("2568-03-15", "เป็นปี พ.ศ. ให้เขียน 2025-03-15"), ("never", "ไม่ใช่วันที่")],
)
def test_a_day_that_cannot_be_asked_about_is_a_sentence(cast: Cast, day: str, says: str):
    answer = client(cast, "viewer").get(f"/tables/items.csv?day={day}")
    assert answer.status_code == 400
    assert says in answer.text


@pytest.mark.parametrize(
    ("asked", "shown"), [("2024-09-30", "2567-10-01"), ("0001-01-01", "2567-10-01"), ("2026-01-01", "2568-03-15")]
)
def test_a_day_outside_the_year_or_to_come_is_the_nearest_that_was(cast: Cast, asked: str, shown: str):
    answer = client(cast, "viewer").get(f"/tables/items.csv?day={asked}")
    assert answer.status_code == 200
    assert f"ita-2568-items-{shown}.csv" in answer.headers["Content-Disposition"]


@pytest.mark.parametrize(("today", "shown"), [("2024-05-01", "2567-10-01"), ("2026-11-24", "2568-09-30")])
@pytest.mark.parametrize("table", making.TABLES)
def test_before_and_after_the_year_every_table_answers(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, table: str, today: str, shown: str
):
    monkeypatch.setenv("ITA_TODAY", today)
    settings.settings.cache_clear()
    answer = client(cast, "admin").get(f"/tables/{table}.json")
    assert answer.status_code == 200
    assert shown in answer.headers["Content-Disposition"]


def test_a_refusal_speaks_the_visitors_language(cast: Cast):
    with db.writing() as session:
        session.get_one(Account, cast.viewer).language = "en"
    assert client(cast, "viewer").get("/evidence/5").text == "There is no such thing here."


@pytest.mark.parametrize("path", ["/tables/secrets.csv", "/tables/items.exe", "/tables/items"])
def test_an_unknown_table_is_not_found(cast: Cast, path: str):
    assert client(cast, "admin").get(path).status_code == 404


def test_the_demos_documents_can_be_drawn(tmp_path: Path):
    from datetime import date

    from ita_core.evidence.drawing import drawn

    sheet = documents.Sheet("หัวเรื่อง", "O6", ("งานสืบสวนปราบปราม",), "ตม.จว.", "ผู้จัดทำ", date(2025, 2, 28))
    (tmp_path / "a.pdf").write_bytes(documents.pdf(sheet))
    assert drawn(str(tmp_path / "a.pdf"), Path).count == 1
