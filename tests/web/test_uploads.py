"""Files on their way in: the real gate, route, store and database, asked by each of the cast."""

import hashlib

import pytest
from sqlmodel import select

from ita_core import db, queries, settings, workflow
from ita_core.board.progress import SlotKey
from ita_core.errors import AlreadyHandedIn, NotFound, UnknownSlot
from ita_core.evidence.store import open_store
from ita_core.models import AuditEntry, Evidence, StoredFile, Upload
from tests.asking import ORIGIN, client
from tests.cast import Cast, actor, give_duty, item_id, slots
from tests.files import excel, heic
from tests.web.sending import NAME, PDF, files, hand_in, send, waiting


def test_a_file_that_was_sent_waits_for_its_sender_and_becomes_evidence(cast: Cast, o6: int):
    answer = send(client(cast, "usa"), o6)
    assert answer.status_code == 201
    (one,) = waiting(cast.usa, o6)
    assert (one.id, one.file_name, one.size, one.format) == (answer.json()["id"], NAME, len(PDF), "pdf")
    assert open_store().verified(one.sha256).read_bytes() == PDF
    assert waiting(cast.pattama, o6) == []  # who prepares the same item does not see what another has not handed in
    made = hand_in(cast, one.id, o6)
    assert waiting(cast.usa, o6) == []
    assert client(cast, "khanittha").get(f"/evidence/{made}").content == PDF


def test_handing_the_same_upload_in_twice_makes_one_evidence(cast: Cast, o6: int):
    made = send(client(cast, "usa"), o6).json()["id"]
    assert hand_in(cast, made, o6) == hand_in(cast, made, o6)
    with db.reading() as session:
        assert len(session.exec(select(Evidence)).all()) == 1


def test_the_same_key_again_is_answered_with_what_it_made_before(cast: Cast, o6: int):
    browser = client(cast, "usa")
    assert browser.get(f"/uploads/{o6}/k1").status_code == 404
    first = send(browser, o6).json()
    assert browser.get(f"/uploads/{o6}/k1").json() == first
    again = send(browser, o6)
    assert (again.status_code, again.json()) == (200, first)
    hand_in(cast, first["id"], o6)
    assert send(browser, o6).json() == first  # the answer to the hand-in may be what was lost
    with db.reading() as session:
        assert len(session.exec(select(Upload)).all()) == 1


@pytest.mark.parametrize("key", ["k1%20", "%20k1", "k1%0A"])
def test_a_key_with_blanks_around_it_is_the_same_key(cast: Cast, o6: int, key: str):
    browser = client(cast, "usa")
    first = send(browser, o6, key).json()
    again = send(browser, o6, key)
    assert (again.status_code, again.json()) == (200, first)
    assert browser.get(f"/uploads/{o6}/{key}").json() == send(browser, o6, "k1").json() == first


@pytest.mark.parametrize("key", ["k%00", "k%E2%80%AE", "k" * 256])
def test_a_key_that_cannot_be_kept_is_refused(cast: Cast, o6: int, key: str):
    browser = client(cast, "usa")
    assert browser.get(f"/uploads/{o6}/{key}").status_code == send(browser, o6, key).status_code == 400
    assert files() == []


def test_a_key_is_its_accounts_own(cast: Cast, o6: int):
    first = send(client(cast, "usa"), o6).json()["id"]
    second = send(client(cast, "pattama"), o6)
    assert second.status_code == 201
    assert second.json()["id"] != first
    with pytest.raises(NotFound), db.writing() as session:
        workflow.submit(
            session, by=cast.pattama, item_id=o6, content=workflow.Received(first), at=settings.settings().now(),
            slots=slots(session, "O6", period="2025-02", format="pdf"),
        )  # fmt: skip


@pytest.mark.parametrize(
    ("who", "status"),
    [("usa", 201), ("pattama", 201), ("itap", 201), ("khanittha", 400), ("commander", 400), ("admin", 400),
     ("viewer", 400), ("piyaporn", 404), ("", 401)],
)  # fmt: skip
def test_files_are_taken_from_who_prepares_the_item_only(cast: Cast, o6: int, who: str, status: int):
    answer = send(client(cast, who), o6)
    assert answer.status_code == status
    if status != 201:
        assert answer.json()["says"]
        assert files() == []
        asked = client(cast, who).get(f"/uploads/{o6}/k1")
        assert (asked.status_code, asked.json()["says"]) == (status, answer.json()["says"])


@pytest.mark.parametrize("origin", ["http://evil.example", "null", ""])
def test_another_sites_page_sends_nothing(cast: Cast, o6: int, origin: str):
    assert send(client(cast, "usa"), o6, Origin=origin).status_code == 401
    assert files() == []


@pytest.mark.parametrize("item", [0, 999, 2**31, 10**30])
def test_an_item_that_is_not_there_takes_nothing(cast: Cast, item: int):
    assert send(client(cast, "usa"), item).status_code == 404


@pytest.mark.parametrize(
    ("content", "name", "says"),
    [
        (b"", "ว่าง.pdf", "“ว่าง.pdf” เป็นไฟล์ว่าง"),
        (b"MZ" + b"\0" * 500, "โปรแกรม.pdf", "“โปรแกรม.pdf” เสียหายหรือไม่ใช่ไฟล์ PDF จริง"),
        (b"MZ" + b"\0" * 500, "โปรแกรม.exe", "“โปรแกรม.exe” ไม่ใช่ไฟล์ชนิดที่ข้อ O6 รับ โปรดส่ง PDF, Word"),
        (excel(("ก", 1)), "ตาราง.xlsx", "“ตาราง.xlsx” เป็นไฟล์ Excel แต่ข้อ O6 รับเฉพาะ PDF, Word"),
        (PDF, "ลวง\u202efdp.exe", "อักขระ"),
        (PDF, "", "ชื่อไฟล์"),
        (PDF, "ก" * 300 + ".pdf", "255"),
        (PDF, "nul\0.pdf", "อักขระ"),
    ],
)
def test_what_is_refused_says_why_in_thai_and_leaves_nothing(cast: Cast, o6: int, content: bytes, name: str, says: str):
    answer = send(client(cast, "usa"), o6, content=content, name=name)
    assert answer.status_code == 400
    assert says in answer.json()["says"]
    assert files() == []
    with db.reading() as session:
        assert session.exec(select(StoredFile)).all() == []


def test_a_path_in_a_name_is_dropped_and_thai_is_kept(cast: Cast, o6: int):
    send(client(cast, "usa"), o6, name="../../C:\\งาน\\ผลงาน น้ำ.pdf")
    assert waiting(cast.usa, o6)[0].file_name == "ผลงาน น้ำ.pdf"


def test_too_large_is_refused_before_it_comes_and_while_it_comes(cast: Cast, o6: int, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ITA_MAX_UPLOAD_MB", "1")
    settings.settings.cache_clear()
    large = PDF + b"\0" * (1024 * 1024)
    assert "1 MB" in send(client(cast, "usa"), o6, content=large).json()["says"]
    taken = []

    def pieces():
        for _number in range(100):
            taken.append(1)
            yield large[: 300 * 1024]

    headers = {**ORIGIN, "X-File-Name": "a.pdf"}  # without a length
    answer = client(cast, "usa").post(f"/uploads/{o6}/k1", content=pieces(), headers=headers)
    assert answer.status_code == 400
    assert files() == []


def test_the_same_content_is_noticed_wherever_one_may_see_it(cast: Cast, o6: int):
    browser = client(cast, "usa")
    made = hand_in(cast, send(browser, o6).json()["id"], o6)
    send(browser, o6, key="k2", name="สำเนา.pdf")
    assert [twin.id for twin in waiting(cast.usa, o6)[0].twins] == [made]
    with db.reading() as session:
        hashes = [hashlib.sha256(PDF).hexdigest()]
        who = actor(session, cast.piyaporn)
        assert queries.find_same_content(session, who, who.assessment_id, hashes) == {}


def refusals() -> list[tuple[int | None, str]]:
    with db.reading() as session:
        entries = session.exec(select(AuditEntry).where(AuditEntry.action == "access.refuse")).all()
        return [(entry.account_id, entry.subject) for entry in entries]


def test_whoever_asks_for_others_evidence_stands_in_the_audit_once_a_day(cast: Cast, o6: int):
    made = hand_in(cast, send(client(cast, "usa"), o6).json()["id"], o6)
    outsider = client(cast, "piyaporn")
    for _try in range(3):
        assert outsider.get(f"/evidence/{made}").status_code == 404
        assert outsider.get("/evidence/999").status_code == 404
    client(cast, "usa").get(f"/evidence/{made}")
    assert refusals() == [(cast.piyaporn, f"evidence {made}")]


def test_streamlits_own_uploads_are_shut(cast: Cast):
    for method in ("PUT", "POST", "DELETE", "OPTIONS"):
        assert client(cast, "admin").request(method, "/_stcore/upload_file/x/y").status_code == 404


def slot_name(**wanted: str) -> tuple[SlotKey, str]:
    with db.reading() as session:
        key = slots(session, "O6", **wanted)[0]
    return key, "|".join(map(str, key))


def test_a_file_that_was_dropped_on_a_slot_is_ticked_for_it_and_the_ticks_are_kept(cast: Cast, o6: int):
    key, name = slot_name(period="2025-02", format="pdf")
    made = send(client(cast, "usa"), o6, **{"X-Slot": name}).json()["id"]
    (one,) = waiting(cast.usa, o6)
    assert one.ticks == (key,)
    other, _name = slot_name(period="2025-01", format="pdf")
    with db.writing() as session:
        workflow.tick(session, by=cast.usa, upload_id=made, slots=[other], note="ดูหน้า 2", at=settings.settings().now())
    (one,) = waiting(cast.usa, o6)
    assert (one.ticks, one.note) == ((other,), "ดูหน้า 2")
    for name_of in ("pattama", "khanittha"):
        with pytest.raises(NotFound), db.writing() as session:
            workflow.tick(
                session, by=getattr(cast, name_of), upload_id=made, slots=[key], note="", at=settings.settings().now()
            )
    with pytest.raises(UnknownSlot), db.writing() as session:
        workflow.tick(session, by=cast.usa, upload_id=made, slots=[SlotKey(0)], note="", at=settings.settings().now())
    hand_in(cast, made, o6)
    with pytest.raises(AlreadyHandedIn), db.writing() as session:
        workflow.tick(session, by=cast.usa, upload_id=made, slots=[key], note="", at=settings.settings().now())


@pytest.mark.parametrize(
    "name", ["", "1", "0||||1", "x|2025-02|pdf||1", "9" * 79, "1|2025-02|pdf||", "|" * 200, "-1||||1"]
)
def test_what_is_no_slot_of_the_item_is_refused_and_nothing_is_kept(cast: Cast, o6: int, name: str):
    answer = send(client(cast, "usa"), o6, **{"X-Slot": name})
    assert (answer.status_code, waiting(cast.usa, o6), files()) == (400, [], [])
    assert "O6" in answer.json()["says"]


def test_a_slot_refuses_a_file_of_another_kind_and_whoever_does_not_prepare_the_item(cast: Cast, o6: int):
    _key, name = slot_name(period="2025-02", format="word")
    answer = send(client(cast, "usa"), o6, **{"X-Slot": name})
    assert (answer.status_code, waiting(cast.usa, o6), files()) == (400, [], [])
    assert "Word" in answer.json()["says"]
    assert send(client(cast, "khanittha"), o6, **{"X-Slot": name}).status_code == send(
        client(cast, "khanittha"), o6
    ).status_code  # fmt: skip
    assert files() == []


def test_a_heic_is_kept_as_jpeg_and_the_record_names_the_hash_of_what_was_sent(cast: Cast):
    with db.writing() as session:
        give_duty(session, cast.usa, "O11")
        o11 = item_id(session, "O11")  # which takes pictures
    content = heic()
    assert send(client(cast, "usa"), o11, content=content, name="ไอโฟน.heic").status_code == 201
    (one,) = waiting(cast.usa, o11)
    assert (one.file_name, one.format) == ("ไอโฟน.jpg", "image")
    with db.reading() as session:
        (entry,) = session.exec(select(AuditEntry).where(AuditEntry.action == "upload.receive")).all()
        assert entry.detail["heic_sha256"] == hashlib.sha256(content).hexdigest() == one.noticed.heic_sha256
