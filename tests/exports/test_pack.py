"""The pack for an auditor: whose, what lies where, and that two programs check it and notice what was changed."""

import io
import json
import shutil
import subprocess
import tracemalloc
import unicodedata
import zipfile
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote

import pytest
import sqlalchemy as sa
from openpyxl import load_workbook

from ita_core import audit, db, language, workflow
from ita_core.evidence.store import open_store
from ita_core.exports import pack
from ita_core.models import Decision
from ita_core.settings import settings
from tests.cast import Cast
from tests.conftest import missing
from tests.exports.packs import Unpacked, chosen, decide, hand_in, link, packed, paper, unpacked
from tests.papers import filled_pdf

O6 = "หลักฐาน/O6 ผลการปฏิบัติงานของแต่ละสายงาน"


@pytest.fixture
def cast(at_work: Cast) -> Cast:
    return at_work


def objects() -> list[Path]:
    return sorted(path for path in (open_store().root / "o").rglob("*") if path.is_file())


def damage(number: int) -> None:
    """The object of this paper gets another byte in its middle."""
    path = next(path for path in objects() if path.read_bytes() == paper(number))
    path.chmod(0o600)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def test_accepted_evidence_lies_in_its_item_s_folder_under_its_thai_name(cast: Cast, tmp_path: Path) -> None:
    hand_in(cast, 1, "รายงาน ก.พ. 68.pdf")
    hand_in(cast, 2, "รายงาน ก.พ. 68.PDF")
    hand_in(cast, 3, "กลับ.pdf", Decision.returned)
    hand_in(cast, 4, "รอ.pdf", None)
    made = Unpacked.of(packed(), tmp_path)
    assert made.evidence == {f"{O6}/รายงาน ก.พ. 68.pdf", f"{O6}/รายงาน ก.พ. 68 (2).PDF"}
    assert made.names - made.evidence == {
        "อ่านก่อน.txt", "check.py", "SHA256SUMS", "index.xlsx", "audit.jsonl", "audit-head.txt"
    }  # fmt: skip
    assert (made.folder / O6 / "รายงาน ก.พ. 68 (2).PDF").read_bytes() == paper(2)


def test_everything_is_also_what_waits_or_came_back_each_in_a_folder_and_never_what_was_withdrawn(
    cast: Cast, tmp_path: Path
) -> None:
    hand_in(cast, 1, "รับ.pdf")
    hand_in(cast, 2, "กลับ.pdf", Decision.returned)
    hand_in(cast, 3, "รอ.pdf", None)
    gone = hand_in(cast, 4, "ผิด.pdf", None)
    with db.writing() as session:
        workflow.withdraw(session, by=cast.usa, evidence_id=gone, at=settings().now())
    made = Unpacked.of(packed(everything=True), tmp_path)
    assert made.evidence == {f"{O6}/รับ.pdf", f"{O6}/ตีกลับ/กลับ.pdf", f"{O6}/รอตรวจ/รอ.pdf"}
    assert (made.sha256sum().returncode, made.check().returncode) == (0, 0)
    assert "รวม" not in (made.folder / "SHA256SUMS").read_text()
    assert "ตามสถานะ" in (made.folder / "อ่านก่อน.txt").read_text(encoding="utf-8-sig")


def test_a_file_that_is_called_as_a_folder_beside_it_is_another(cast: Cast, tmp_path: Path) -> None:
    piece = hand_in(cast, 1, "ก.pdf")
    with db.engine().begin() as connection:  # no file is taken without its ending
        connection.execute(sa.text("update evidence set file_name = 'รอตรวจ' where id = :id"), {"id": piece})
    hand_in(cast, 2, "รอ.pdf", None)
    made = Unpacked.of(packed(everything=True), tmp_path)
    assert made.evidence == {f"{O6}/รอตรวจ (2)", f"{O6}/รอตรวจ/รอ.pdf"}


def test_how_long_it_will_be_is_known_before_it_is_sent(cast: Cast) -> None:
    hand_in(cast, 1, "รายงาน ก.พ. 68.pdf")
    hand_in(cast, 2, "กลับ.pdf", Decision.returned)
    made = pack.make(chosen(everything=True), open_store())
    assert pack.length(made) == len(b"".join(pack.stream(made, open_store())))


def test_the_index_says_what_lies_where_by_whom_and_links_are_rows(cast: Cast, tmp_path: Path) -> None:
    piece, address = hand_in(cast, 1, "=1+1.pdf"), link(cast)
    made = Unpacked.of(packed(), tmp_path)
    headings, *rows = load_workbook(made.folder / "index.xlsx").active.iter_rows(values_only=True)
    told = {row[2]: dict(zip(headings, row, strict=True)) for row in rows}
    assert set(told) == {piece, address}
    file = told[piece]
    assert file["ไฟล์ใน ZIP นี้"] == f"{O6}/=1+1.pdf"
    assert file["ผู้ส่ง"] == "อุษา มีนาม"
    assert file["ผู้ตรวจ"] == "ขนิษฐา แก้วโสภา"
    assert f"{file['SHA-256']}  {O6}/=1+1.pdf\n" in (made.folder / "SHA256SUMS").read_text()
    assert told[address]["เปิด"] is None
    assert (told[address]["ไฟล์ใน ZIP นี้"], told[address]["ที่อยู่เว็บ"]) == (None, "https://example.org/o6")


def test_the_index_opens_what_it_names(cast: Cast, tmp_path: Path) -> None:
    hand_in(cast, 1, "รายงาน 100% #1.pdf")
    made = Unpacked.of(packed(), tmp_path)
    cell = load_workbook(made.folder / "index.xlsx").active["B2"]
    assert cell.value == "เปิด"
    assert cell.hyperlink.target == f"{O6}/รายงาน%20100%25%20%231.pdf".replace("O6 ", "O6%20")
    assert (made.folder / unquote(cell.hyperlink.target)).read_bytes() == paper(1)


def test_it_takes_no_more_memory_than_some_parts(cast: Cast) -> None:
    """64 MB of evidence; beside real processes with 2 GB: tests/benchmarks/packs.py."""
    size = 64 * 1024**2
    kept = open_store().put([filled_pdf(size)], "ใหญ่.pdf")
    decide(cast, kept)
    made = pack.make(chosen(), open_store())
    tracemalloc.start()
    sent = sum(map(len, pack.stream(made, open_store())))
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert sent > size
    assert most < 16 * 1024**2


HOSTILE = (
    "../../ออก.pdf", "..\\..\\x.pdf", "C:\\x.pdf", "/etc/x.pdf", "ก" * 300 + ".pdf", "a" * 300 + ".pdf",
    "บรรทัด\nใหม่.pdf", "a\u202efdp.exe", "\u200fขวา.pdf", "CON.pdf", "nul", "com1.tar.gz",
    "x.pdf. ", " . ", "a\x00b.pdf", "a:b|c?.pdf",
    "\\", "รายงาน.pdf", "รายงาน.PDF", "รายงาน.pdf", "-rf.pdf", "*.pdf", "\r.pdf", "$(reboot).pdf", "น้ำ.pdf", "น้ํา.pdf",
)  # fmt: skip


def test_names_that_mean_no_good_lie_in_their_folder_on_every_system(cast: Cast, tmp_path: Path) -> None:
    """As nobody could hand them in: the rows are changed behind the program's back."""
    for number, name in enumerate(HOSTILE):
        made = hand_in(cast, number, "x.pdf")
        with db.engine().begin() as connection:
            connection.execute(
                sa.text("update evidence set file_name = :name where id = :id"), {"name": name, "id": made}
            )
    content = packed()
    made = Unpacked.of(content, tmp_path)
    assert len(made.evidence) == len(HOSTILE)
    assert {name.rpartition("/")[0] for name in made.evidence} == {O6}
    assert len({unicodedata.normalize("NFC", name).upper() for name in made.evidence}) == len(HOSTILE)
    assert sorted((made.folder / name).read_bytes() for name in made.evidence) == sorted(
        map(paper, range(len(HOSTILE)))
    )
    assert all(len(name) < 200 for name in made.evidence)  # of Windows' 260 letters
    assert {path.name for path in tmp_path.iterdir() if not path.name.startswith(("ita.db", "evidence"))} == {
        "pack",
        "pack.zip",
    }
    (tmp_path / "again").mkdir()
    again = unpacked(content, tmp_path / "again")  # by another program
    assert {path.relative_to(again).as_posix() for path in again.rglob("*") if path.is_file()} == made.names
    assert (made.sha256sum().returncode, made.sha256sum().stderr) == (0, "")
    assert made.check().returncode == 0


def test_sha256sum_and_the_pack_s_own_program_find_it_whole(cast: Cast, tmp_path: Path) -> None:
    if not shutil.which("sha256sum"):
        missing("sha256sum", "apt install coreutils")
    for number, name in enumerate(("รายงาน.pdf", "รายงาน.pdf", "น้ำ.pdf", "CON.pdf")):
        hand_in(cast, number, name)
    made = Unpacked.of(packed(), tmp_path)
    done = made.sha256sum()
    assert (done.returncode, done.stderr) == (0, "")
    assert {line.rpartition(": ")[0] for line in done.stdout.splitlines()} == made.names - {"SHA256SUMS"}
    checked = made.check()
    assert (checked.returncode, checked.stderr) == (0, "")
    assert checked.stdout.splitlines()[-1] == "ผล: ถูกต้องครบถ้วน"
    with db.reading() as session:
        kept = audit.last(session)
    assert made.check(f"{kept[0]} {kept[1]} {kept[2]}").returncode == 0
    other = made.check(str(kept[0]), "0" * 64)
    assert (other.returncode, "ซึ่งจดไว้ภายนอก" in other.stdout) == (1, True)
    assert made.check("nonsense").returncode == 2


def test_one_byte_of_a_file_that_was_changed_is_named_by_both(cast: Cast, tmp_path: Path) -> None:
    hand_in(cast, 1, "ก.pdf")
    hand_in(cast, 2, "ข.pdf")
    made = Unpacked.of(packed(), tmp_path)
    changed = made.folder / O6 / "ก.pdf"
    content = bytearray(changed.read_bytes())
    content[100] ^= 1
    changed.write_bytes(content)
    (made.folder / O6 / "ข.pdf").unlink()
    (made.folder / O6 / "แทรก.pdf").write_bytes(b"%PDF")
    (made.folder / "บันทึกของผม.txt").write_text("x")
    done = made.sha256sum()
    assert done.returncode == 1
    assert f"{O6}/ก.pdf: FAILED\n" in done.stdout
    checked = made.check()
    assert checked.returncode == 1
    assert [line for line in checked.stdout.splitlines() if line.startswith("ผิด: ")] == [
        f"ผิด: {O6}/ก.pdf: เนื้อหาถูกแก้ไข", f"ผิด: {O6}/ข.pdf: ไม่มีไฟล์นี้", f"ผิด: {O6}/แทรก.pdf: ไม่อยู่ในรายการ SHA256SUMS",
    ]  # fmt: skip
    assert "หมายเหตุ: ไม่ได้มากับชุดนี้: บันทึกของผม.txt" in checked.stdout
    assert checked.stdout.splitlines()[-1] == "ผล: ไม่ถูกต้อง พบ 3 แห่ง"


def anew(made: Unpacked) -> None:
    """SHA256SUMS made again, as whoever changes a pack would."""
    lines = []
    for line in (made.folder / "SHA256SUMS").read_text().splitlines():
        name = line[66:]
        if (made.folder / name).exists():
            lines.append(pack.sum_line(name, pack._measured(iter([(made.folder / name).read_bytes()]))[1]))
    (made.folder / "SHA256SUMS").write_text("".join(lines))


Entries = list[dict[str, object]]


def _say_otherwise(entries: Entries) -> None:
    entries[2]["actor"] = "คนอื่น"


def _hash_anew(entries: Entries) -> None:
    from ita_core.exports import check

    entries[2]["actor"] = "คนอื่น"
    entries[2]["hash"] = check.entry_hash(entries[2])


def _leave_out(entries: Entries) -> None:
    del entries[2]


def _cut_off(entries: Entries) -> None:
    del entries[-1]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (_say_otherwise, "ผิด: audit.jsonl บรรทัด 3: รายการที่ 3 ถูกแก้ไข"),
        (_hash_anew, "ผิด: audit.jsonl บรรทัด 4: รายการที่ 4 ไม่ต่อจากรายการก่อนหน้า"),
        (_leave_out, "ผิด: audit.jsonl บรรทัด 3: ควรเป็นรายการที่ 3 แต่เป็นรายการที่ 4"),
        (_cut_off, "ผิด: audit.jsonl: รายการสุดท้ายไม่ตรงกับค่าท้ายบันทึกใน audit-head.txt"),
    ],
)
def test_what_was_changed_in_the_record_of_acts_is_named_by_its_entry(
    cast: Cast, tmp_path: Path, change: Callable[[Entries], None], says: str
) -> None:
    hand_in(cast, 1, "ก.pdf")
    made = Unpacked.of(packed(), tmp_path)
    path = made.folder / "audit.jsonl"
    entries = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    change(entries)
    path.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in entries), encoding="utf-8")
    anew(made)
    assert made.sha256sum().returncode == 0  # which knows nothing of it
    checked = made.check()
    assert checked.returncode == 1
    assert says in checked.stdout.splitlines()


@pytest.mark.parametrize("line", ["{", "[]", "null", '{"number": 1}', "[" * 100_000, "\xff", '"\\ud800"'])
def test_a_line_of_the_record_that_is_none_is_named(cast: Cast, tmp_path: Path, line: str) -> None:
    made = Unpacked.of(packed(), tmp_path)
    path = made.folder / "audit.jsonl"
    lines = path.read_bytes().splitlines()
    path.write_bytes(b"\n".join([lines[0], line.encode("latin-1"), *lines[2:]]) + b"\n")
    anew(made)
    checked = made.check()
    assert (checked.returncode, checked.stderr) == (1, "")
    assert "ผิด: audit.jsonl บรรทัด 2: อ่านไม่ได้" in checked.stdout.splitlines()


def test_evidence_that_was_put_in_its_place_is_noticed_though_the_sums_were_made_anew(
    cast: Cast, tmp_path: Path
) -> None:
    hand_in(cast, 1, "ก.pdf")
    made = Unpacked.of(packed(), tmp_path)
    (made.folder / O6 / "ก.pdf").write_bytes(paper(9))
    anew(made)
    assert made.sha256sum().returncode == 0
    checked = made.check()
    assert checked.returncode == 1
    assert f"ผิด: {O6}/ก.pdf: ไม่มีการส่งหลักฐานนี้ในบันทึกการใช้งาน" in checked.stdout.splitlines()


@pytest.mark.parametrize("name", ["/etc/passwd", "../x", "a/../../x", "C:\\x", "..\\x"])
def test_the_pack_s_program_reads_nothing_outside_of_it(cast: Cast, tmp_path: Path, name: str) -> None:
    made = Unpacked.of(packed(), tmp_path)
    with (made.folder / "SHA256SUMS").open("a") as sums:
        sums.write(pack.sum_line(name, "0" * 64))
    checked = made.check()
    assert checked.returncode == 1
    assert any(line.startswith("ผิด: SHA256SUMS บรรทัด ") for line in checked.stdout.splitlines())


def test_a_line_of_sums_is_as_the_program_itself_writes_it(tmp_path: Path) -> None:
    for name in ("รายงาน.pdf", "a\nb", "a\\b", " a  b ", "a\rb", "*x", "\\"):
        (tmp_path / name).write_bytes(b"x")
        written = subprocess.run(["sha256sum", "--", name], cwd=tmp_path, capture_output=True, check=True).stdout
        line = pack.sum_line(name, written.lstrip(b"\\")[:64].decode())
        (tmp_path / "sums").write_bytes(line.encode())
        done = subprocess.run(["sha256sum", "-c", "--strict", "sums"], cwd=tmp_path, capture_output=True, check=False)
        assert done.returncode == 0, name
        if "\r" not in name:  # newer ones escape it, older ones don't; both read it
            assert line.encode() == written


def test_who_sees_only_their_duties_packs_those_and_no_record_of_acts(cast: Cast, tmp_path: Path) -> None:
    hand_in(cast, 1, "ก.pdf")
    for who, sees in ((cast.usa, True), (cast.piyaporn, False), (cast.viewer, True), (cast.admin, True)):
        folder = tmp_path / str(who)
        folder.mkdir()
        made = Unpacked.of(packed(who), folder)
        assert bool(made.evidence) is sees, who
        has_record = who == cast.admin
        assert ("audit.jsonl" in made.names) is has_record, who
        page = (made.folder / "อ่านก่อน.txt").read_text(encoding="utf-8-sig")
        assert ("เฉพาะข้อที่ผู้จัดทำชุดมีหน้าที่" in page) is (who in {cast.usa, cast.piyaporn})
        assert ("audit.jsonl" in page) is has_record
        checked = made.check()
        assert (made.sha256sum().returncode, checked.returncode) == (0, 0)
        assert ("ชุดนี้ไม่มีบันทึกการใช้งาน" in checked.stdout) is not has_record
        assert made.check("1", "0" * 64).returncode == 1


def test_a_piece_that_the_store_lacks_is_said_before_anything_is_sent(cast: Cast) -> None:
    hand_in(cast, 1, "ก.pdf")
    objects()[0].unlink()
    with pytest.raises(pack.PiecesMissing, match=r"1 file.* missing in the evidence store, first “ก\.pdf” of O6"):
        packed()


def test_a_piece_that_was_changed_breaks_it_off_and_is_named(cast: Cast) -> None:
    for number in range(3):
        hand_in(cast, number, f"{number}.pdf")
    damage(1)
    made = pack.make(chosen(), open_store())
    sent = b""
    with pytest.raises(pack.PieceDamaged, match=r"“1\.pdf” of O6 is not what was handed in"):
        for part in pack.stream(made, open_store()):
            sent += part
    assert paper(0) in sent
    assert paper(2) not in sent
    with zipfile.ZipFile(io.BytesIO(sent)) as found:  # the one that is the index: the pack itself has no end
        assert "xl/workbook.xml" in found.namelist()
        assert pack.READ_FIRST not in found.namelist()


@pytest.mark.parametrize("change", [b"", b"x" * 10_000])
def test_one_that_became_shorter_or_longer_too(cast: Cast, change: bytes) -> None:
    hand_in(cast, 1, "ก.pdf")
    path = objects()[0]
    path.chmod(0o600)
    path.write_bytes(path.read_bytes() + change if change else b"")
    with pytest.raises(pack.PieceDamaged):
        packed()


def test_what_is_done_meanwhile_is_not_in_it(cast: Cast, tmp_path: Path) -> None:
    """Of one state of the database: the record of acts ends where the evidence was looked at."""
    hand_in(cast, 1, "ก.pdf")
    made = pack.make(chosen(), open_store())
    hand_in(cast, 2, "ข.pdf")
    unpacked = Unpacked.of(b"".join(pack.stream(made, open_store())), tmp_path)
    assert unpacked.evidence == {f"{O6}/ก.pdf"}
    assert unpacked.check().returncode == 0


def test_an_empty_office_has_a_pack_too(cast: Cast, tmp_path: Path) -> None:
    made = Unpacked.of(packed(), tmp_path)
    assert made.evidence == set()
    assert (made.sha256sum().returncode, made.check().returncode) == (0, 0)


def test_the_pages_in_it_are_thai_whatever_the_screen_speaks(cast: Cast, tmp_path: Path) -> None:
    hand_in(cast, 1, "ก.pdf")
    language.use("en")
    english = Unpacked.of(packed(), tmp_path)
    page = (english.folder / "อ่านก่อน.txt").read_bytes()
    assert page.startswith("\ufeffชุดหลักฐานสำหรับผู้ตรวจสอบ\r\n".encode())
    assert "ณ 15 มี.ค. 68" in page.decode()
    assert page.count(b"\n") == page.count(b"\r\n") <= 45  # one page
    assert "{" not in page.decode()
