"""The pack for an auditor over the web: whose, noted, bounded, and visibly broken where a piece is damaged."""

import io
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from sqlmodel import select

from ita_core import db
from ita_core.evidence.store import open_store
from ita_core.exports import pack, zipped
from ita_core.models import AuditEntry
from ita_core.web import packs
from ita_core.web.gate import COOKIE
from ita_core.workflow import exporting
from tests.asking import client, cookie
from tests.cast import Cast
from tests.exports.packs import Unpacked, hand_in, paper


def test_it_is_of_what_one_may_see_and_named_by_day(cast: Cast, tmp_path: Path):
    hand_in(cast, 1, "ก.pdf")
    hand_in(cast, 2, "ข.pdf", None)
    answer = client(cast, "admin").get("/pack.zip?office=prachuap&year=2568")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/zip"
    assert 'filename="ita-2568-pack-2568-03-15.zip"' in answer.headers["content-disposition"]
    assert "no-store" in answer.headers["cache-control"]
    assert int(answer.headers["content-length"]) == len(answer.content)  # by it the browser shows how much has come
    made = Unpacked.of(answer.content, tmp_path)
    assert {name.rpartition("/")[2] for name in made.evidence} == {"ก.pdf"}
    assert "audit.jsonl" in made.names
    assert (made.sha256sum().returncode, made.check().returncode) == (0, 0)
    assert "ผู้จัดทำชุด: admin" in (made.folder / "อ่านก่อน.txt").read_text(encoding="utf-8-sig")


def names(cast: Cast, who: str, query: str = "") -> set[str]:
    answer = client(cast, who).get(f"/pack.zip{query}")
    assert answer.status_code == 200
    with zipfile.ZipFile(io.BytesIO(answer.content)) as made:
        return {name.rpartition("/")[2] for name in made.namelist()}


def test_everything_is_asked_for(cast: Cast):
    hand_in(cast, 1, "ก.pdf", None)
    assert "ก.pdf" not in names(cast, "viewer")
    assert "ก.pdf" not in names(cast, "viewer", "?everything=")
    assert "ก.pdf" in names(cast, "viewer", "?everything=1")
    called = client(cast, "viewer").get("/pack.zip?everything=1").headers["content-disposition"]
    assert 'filename="ita-2568-pack-all-2568-03-15.zip"' in called


def test_it_is_of_today_whatever_day_is_looked_at(cast: Cast):
    called = client(cast, "viewer").get("/pack.zip?day=2024-11-01").headers["content-disposition"]
    assert 'filename="ita-2568-pack-2568-03-15.zip"' in called


def test_who_has_no_duty_on_an_item_gets_none_of_it_and_no_record_of_acts(cast: Cast):
    hand_in(cast, 1, "ก.pdf")
    assert names(cast, "piyaporn") == {pack.READ_FIRST, pack.CHECK, pack.SUMS, pack.INDEX}
    assert names(cast, "usa") == {pack.READ_FIRST, pack.CHECK, pack.SUMS, pack.INDEX, "ก.pdf"}


@pytest.mark.parametrize("query", ["?office=nowhere", "?year=2599", "?office=prachuap&year=x"])
def test_what_there_is_not_is_not_found(cast: Cast, query: str):
    assert client(cast, "admin").get(f"/pack.zip{query}").status_code == 404
    assert client(cast, "").get(f"/pack.zip{query}").status_code == 403


def test_each_that_was_given_out_stands_in_the_audit_with_its_sums(cast: Cast, tmp_path: Path):
    hand_in(cast, 1, "ก.pdf")
    made = Unpacked.of(client(cast, "viewer").get("/pack.zip").content, tmp_path)
    with db.reading() as session:
        noted = session.exec(select(AuditEntry).where(AuditEntry.action == "export.take")).one()
        session.expunge(noted)
    sums = pack._measured(iter([(made.folder / pack.SUMS).read_bytes()]))[1]
    assert (noted.account_id, noted.subject) == (cast.viewer, f"export pack {sums[:16]}")
    assert noted.detail == {
        "assessment": "prachuap-2568", "as_of": "2025-03-15", "format": "zip", "everything": False, "files": 1,
        "sums": sums,
    }  # fmt: skip


def test_a_missing_piece_is_said_in_one_sentence_and_nothing_is_noted(cast: Cast):
    hand_in(cast, 1, "ก.pdf")
    next(path for path in (open_store().root / "o").rglob("*") if path.is_file()).unlink()
    answer = client(cast, "admin").get("/pack.zip")
    assert answer.status_code == 400
    assert answer.text.startswith("ที่เก็บหลักฐานขาดไฟล์ 1 ไฟล์ ไฟล์แรกคือ “ก.pdf” ของ O6")
    with db.reading() as session:
        assert not session.exec(select(AuditEntry).where(AuditEntry.action == "export.take")).all()


def test_too_much_is_refused_with_what_to_do(cast: Cast, monkeypatch: pytest.MonkeyPatch):
    hand_in(cast, 1, "ก.pdf")
    monkeypatch.setattr(packs, "MOST_BYTES", len(paper(1)) - 1)
    answer = client(cast, "admin").get("/pack.zip")
    assert (answer.status_code, "`ita pack`" in answer.text) == (400, True)
    monkeypatch.setattr(packs, "MOST_BYTES", len(paper(1)))
    monkeypatch.setattr(packs, "MOST_PIECES", 0)
    monkeypatch.setattr(zipped, "Names", None)  # and before anything is made of them
    assert client(cast, "admin").get("/pack.zip").status_code == 400


def test_who_took_enough_packs_today_is_refused_before_one_is_made(cast: Cast, monkeypatch: pytest.MonkeyPatch):
    hand_in(cast, 1, "ก.pdf")
    monkeypatch.setattr(exporting, "MOST_WHOLE_A_DAY", 1)
    assert client(cast, "admin").get("/pack.zip").status_code == 200
    monkeypatch.setattr(pack, "choose", None)
    answer = client(cast, "admin").get("/pack.zip")
    assert (answer.status_code, "1" in answer.text) == (400, True)
    monkeypatch.undo()
    assert client(cast, "commander").get("/pack.zip").status_code == 200  # another account's are its own


def test_a_damaged_piece_makes_the_download_fail_visibly(cast: Cast, address: str, caplog: pytest.LogCaptureFixture):
    hand_in(cast, 1, "ก.pdf")
    hand_in(cast, 2, "ข.pdf")
    path = next(one for one in (open_store().root / "o").rglob("*") if one.is_file() and one.read_bytes() == paper(1))
    path.chmod(0o600)
    path.write_bytes(paper(3))
    got = b""
    with httpx.Client(headers={"Cookie": f"{COOKIE}={cookie(cast.admin)}"}) as browser:
        with browser.stream("GET", f"{address}/pack.zip") as answer:
            assert answer.status_code == 200
            with pytest.raises(httpx.RemoteProtocolError, match="without sending complete message body"):
                for part in answer.iter_raw():
                    got += part
        assert browser.get(f"{address}/tables/items.json").status_code == 200  # others go on
    assert got.startswith(b"PK")
    assert paper(2) not in got
    assert [one.message for one in caplog.records if one.name == "ita_core.web.zips"] == [
        "a ZIP was broken off: “ก.pdf” ของ O6 ไม่ตรงกับที่ส่งไว้ เนื้อหาในที่เก็บหลักฐานเปลี่ยนไป "
        "จึงยังไม่ได้จัดทำชุดหลักฐาน โปรดแจ้งผู้ดูแลระบบ (คำสั่ง `ita verify` บอกรายละเอียด)"
    ]


def test_of_many_that_an_account_asks_for_at_once_as_few_are_made_as_of_other_zips(cast: Cast, address: str):
    token = cookie(cast.admin)

    def ask(_number: int) -> int:
        return httpx.get(f"{address}/pack.zip", headers={"Cookie": f"{COOKIE}={token}"}, timeout=60).status_code

    with ThreadPoolExecutor(20) as pool:
        given = list(pool.map(ask, range(20)))
    assert set(given) <= {200, 429}
    assert given.count(429) > 0
