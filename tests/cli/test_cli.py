"""The command as it is typed: exit status, both outputs, and the database and files behind it."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from sqlmodel import select

from ita_core import db, seals, workflow
from ita_core.cli import main, writing
from ita_core.evidence.store import open_store
from ita_core.models import AuditEntry
from ita_core.settings import settings
from tests.cast import item_id, people
from tests.conftest import STARTED
from tests.papers import pdf

ROOT = Path(__file__).parents[2]


class Done(NamedTuple):
    returncode: int
    stdout: str
    stderr: str


Ita = Callable[..., Done]


@pytest.fixture
def ita(
    tmp_path: Path, filled_sqlite: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Ita]:
    """`ita(...)` runs the command in this process, on a database of this test's own with the real plan."""
    shutil.copy(filled_sqlite, tmp_path / "ita.db")
    monkeypatch.setenv("ITA_DATABASE_URL", f"sqlite:///{tmp_path / 'ita.db'}")
    monkeypatch.setenv("ITA_EVIDENCE_URL", str(tmp_path / "evidence"))

    def run(*arguments: str | Path, **variables: str) -> Done:
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        settings.cache_clear()
        db.engine.cache_clear()
        open_store.cache_clear()
        with pytest.raises(SystemExit) as ended:
            main([str(one) for one in arguments])
        return Done(int(ended.value.code or 0), *capsys.readouterr())

    yield run
    settings.cache_clear()
    db.engine.cache_clear()
    open_store.cache_clear()


@pytest.fixture
def process(tmp_path: Path) -> Ita:
    """`process(...)` runs the command in a process of its own, on a database that is not there yet."""

    def run(*arguments: str | Path) -> Done:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("ITA_")} | {
            "ITA_DATABASE_URL": f"sqlite:///{tmp_path / 'store' / 'ita.db'}",
            "ITA_EVIDENCE_URL": str(tmp_path / "store" / "evidence"),
        }
        command = [sys.executable, "-m", "ita_core.cli", *map(str, arguments)]
        done = subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, encoding="utf-8", timeout=60, check=False
        )
        return Done(done.returncode, done.stdout, done.stderr)

    return run


def test_export_makes_the_database_and_speaks_json(process: Ita) -> None:
    done = process("export", "items", "--as-of", "2025-03-15", "--format", "json")
    assert (done.returncode, done.stderr) == (0, "")
    rows = json.loads(done.stdout)
    assert [row["code"] for row in rows][:3] == ["O1", "O2", "O3"]
    assert rows[0]["overdue"] == 4


def test_export_writes_csv_with_thai_headings_by_default(ita: Ita) -> None:
    done = ita("export", "officers")
    assert done.returncode == 0
    assert done.stdout.startswith('\ufeff"ชื่อ","ยศ",')
    assert "ขนิษฐา แก้วโสภา", "พ.ต.ท.หญิง" in done.stdout


def test_export_takes_the_format_from_the_file_and_names_the_file_in_a_folder(ita: Ita, tmp_path: Path) -> None:
    assert ita("export", "timeline", "-o", tmp_path / "t.xlsx").returncode == 0
    assert (tmp_path / "t.xlsx").read_bytes().startswith(b"PK")
    assert ita("export", "items", "--as-of", "2025-03-15", "--format", "json", "-o", tmp_path).returncode == 0
    assert json.loads((tmp_path / "ita-2568-items-2568-03-15.json").read_text("utf-8"))


def test_the_workbook_is_an_xlsx_and_stands_in_the_audit_as_every_table_with_names(ita: Ita, tmp_path: Path) -> None:
    assert ita("export", "workbook", "--as-of", "2025-03-15", "-o", tmp_path).returncode == 0
    assert (tmp_path / "ita-2568-workbook-2568-03-15.xlsx").read_bytes().startswith(b"PK")
    assert ita("export", "slots", "--only", "item=O6", "--only", "state=missing", "-o", tmp_path).returncode == 0
    with db.reading() as session:
        taken = session.exec(select(AuditEntry).where(AuditEntry.action == "export.take")).all()
        assert [(one.actor, one.subject, one.detail["as_of"]) for one in taken] == [
            ("system", "export workbook", "2025-03-15")
        ]


def test_a_bar_shows_how_much_of_a_workbook_is_made(ita: Ita, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "QUICK", 0)
    assert "Rows" not in ita("export", "workbook", "-o", tmp_path / "x.xlsx").stderr  # in a log
    monkeypatch.setattr(type(sys.stderr), "isatty", lambda _stream: True, raising=False)
    for table in ("workbook", "items"):
        assert "100%" in ita("export", table, "-o", tmp_path / "x.xlsx").stderr


@pytest.mark.parametrize(("asked", "shown"), [("2024-09-30", "2567-10-01"), ("2026-01-01", "2568-09-30")])
def test_export_of_a_day_outside_the_year_is_that_of_its_nearest(
    ita: Ita, tmp_path: Path, asked: str, shown: str
) -> None:
    done = ita("export", "items", "--as-of", asked, "--format", "json", "-o", tmp_path)
    assert done.returncode == 0
    assert json.loads((tmp_path / f"ita-2568-items-{shown}.json").read_text("utf-8"))


@pytest.mark.parametrize(
    ("arguments", "status", "sentence"),
    [
        (("export", "items", "--as-of", "2568-03-15"), 2, "is a date of the Buddhist era: write 2025-03-15."),
        (("export", "items", "--as-of", "15/3/68"), 2, "is no date: write it like 2025-03-15."),
        (("export", "everything"), 2, "'everything' is not one of 'items'"),
        (("export", "items", "--format", "pdf"), 2, "'pdf' is not one of"),
        (("export", "workbook", "--format", "csv"), 2, "The workbook is an xlsx."),
        (("export", "workbook", "--only", "item=O6", "-o", "x.xlsx"), 2, "The workbook is of everything."),
        (("export", "items", "--only", "colour=red"), 2, "colour: write NAME=VALUE, of item, kind,"),
        (("export", "items", "-o", "x.pdf"), 2, "must end in .csv or .xlsx or .json, but it is “x.pdf”."),
        (("export", "items", "--format", "csv", "-o", "x.xlsx"), 2, "must end in .csv, but it is “x.xlsx”."),
        (("export", "workbook", "-o", "x.csv"), 2, "must end in .xlsx, but it is “x.csv”."),
        (("export", "items", "--only", "state=late"), 1, "“items” cannot be chosen by state=late"),
        (
            ("export", "items", "-o", "/no/such/folder/x.csv"),
            1,
            "/no/such/folder/x.csv cannot be written: No such file",
        ),
        (("export", "items", "--assessment", "2599"), 1, "There is no assessment “2599”. Known: prachuap-2568."),
        (("user", "invite", "nobody"), 1, "Nobody is called “nobody”"),
        (("user", "invite", "แก้ว"), 1, "can be several people: พ.ต.ท.ณัฐวรรธ แก้วทิพย์เนตร, "),
        (("user", "disable", "nobody"), 1, "No account is called “nobody”."),
        (("user", "role", "nobody", "king"), 2, "'king' is not one of"),
        (("plan", "check", "/no/such.yaml"), 1, "cannot be read: No such file"),
        (("plan", "check", "pyproject.toml"), 1, "pyproject.toml: line "),
        (("verify", "--head", "12"), 2, "A head is a number and a hash, as `ita audit head` prints them."),
        (("verify", "--head", "12 " + "g" * 64), 2, "A head is a number and a hash"),
        (("backup", "/no/such/folder/x.tar"), 1, "cannot be written to /no/such/folder/x.tar: No such file"),
        (("restore", "/no/such.tar"), 1, "/no/such.tar cannot be read as a backup: No such file or directory."),
        (("restore", "pyproject.toml"), 1, "pyproject.toml cannot be read as a backup: it is no tar file"),
        (("nonsense",), 2, "No such command 'nonsense'"),
        ((), 2, ""),
    ],
)
def test_a_mistake_is_answered_with_a_sentence(
    ita: Ita, arguments: tuple[str, ...], status: int, sentence: str
) -> None:
    done = ita(*arguments)
    assert done.returncode == status
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == "" or not arguments
    if status == 1:
        assert len(done.stderr.splitlines()) == 1


def test_a_bad_setting_is_answered_with_a_sentence(ita: Ita) -> None:
    done = ita("export", "items", ITA_DATABASE_URL="mysql://x")
    assert (done.returncode, done.stderr.splitlines()) == (
        1,
        ["ITA_DATABASE_URL is not usable: it must start with sqlite:/// or postgresql://."],
    )


def test_an_officer_is_invited_by_a_link_and_again_when_it_is_lost(ita: Ita) -> None:
    first, second = ita("user", "invite", "usa"), ita("user", "invite", "อุษา")
    assert first.stdout.startswith("http://localhost:8501/?invite=")
    assert "ด.ต.หญิง อุษา มีนาม" in first.stderr
    assert second.returncode == 0
    assert second.stdout != first.stdout
    assert ita("user", "invite", "usa", "--role", "admin").returncode == 2
    listed = ita("user", "list").stdout.splitlines()
    assert len(listed) == 1
    assert listed[0].split()[1:4] == ["-", "officer", "invited"]


def test_links_lead_to_where_the_app_is_served(ita: Ita) -> None:
    done = ita("user", "invite", "สมชาย ใจดี", "--role", "viewer", "--new", ITA_PUBLIC_URL="https://ita.example/")
    assert done.stdout.startswith("https://ita.example/?invite=")


def test_accounts_are_disabled_enabled_and_given_roles(ita: Ita) -> None:
    ita("user", "invite", "usa")
    assert ita("user", "disable", "อุษา").stdout == "ด.ต.หญิง อุษา มีนาม: disabled.\n"
    assert "disabled" in ita("user", "list").stdout
    assert ita("user", "enable", "1").returncode == 0
    assert ita("user", "role", "1", "viewer", "--itap").returncode == 0
    assert "viewer +itap" in ita("user", "list").stdout
    ita("user", "invite", "usa")
    assert ita("user", "end-all").stdout == "ด.ต.หญิง อุษา มีนาม: 0 sign-ins, 0 tokens, 1 invitations ended.\n"
    assert ita("user", "take-factor", "อุษา").stdout == "ด.ต.หญิง อุษา มีนาม: no second step.\n"


def test_the_plan_of_the_repository_is_in_order_and_what_fills_a_new_database(process: Ita) -> None:
    file = ROOT / "data" / "plans" / "prachuap-2568.yaml"
    checked = process("plan", "check", file)
    assert checked.returncode == 0
    assert "17 officers" in checked.stdout
    assert process("plan", "apply", file).stdout == "ตม.จว.ประจวบคีรีขันธ์ 2568: nothing to change.\n"  # it is there


def test_the_demonstration_never_empties_a_folder_that_is_not_its_own(ita: Ita, tmp_path: Path) -> None:
    (tmp_path / "theses").mkdir()
    (tmp_path / "theses" / "mine.docx").write_text("ten years of work")
    done = ita("demo", "--no-serve", "--folder", tmp_path / "theses")
    assert done.returncode == 1
    assert "holds something that is not a demonstration" in done.stderr
    assert (tmp_path / "theses" / "mine.docx").exists()


def test_the_head_that_is_printed_is_the_one_that_verify_takes(ita: Ita) -> None:
    printed = ita("audit", "head")
    assert (printed.returncode, len(printed.stdout.splitlines())) == (0, 1)
    number, recorded, _moment = printed.stdout.split()
    for head in (printed.stdout, f"{number} {recorded}"):
        done = ita("verify", "--head", head)
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.startswith(
            f"All in order: 0 files (0 bytes), 0 records, 214 rows, {number} audit entries, audit head "
        )
        assert "Rows are sealed by the audit since entry 1, 2024-10-01 02:00 UTC. Not sealed:" in done.stdout
        assert all(f"  {table}: {why}\n" in done.stdout for table, why in seals.UNCOVERED.items())
    ita("user", "invite", "usa")
    assert ita("verify", "--head", printed.stdout).returncode == 0
    done = ita("verify", "--head", f"{int(number) + 9} {recorded}")
    assert done.returncode == 1
    assert done.stdout.startswith(f"audit: entry {int(number) + 9}, kept outside as the end, is missing")


def test_verify_names_each_thing_on_a_line_of_its_own(ita: Ita, tmp_path: Path) -> None:
    (tmp_path / "evidence" / "o").mkdir(parents=True)
    for name in ("หนึ่ง.pdf", "two"):
        (tmp_path / "evidence" / "o" / name).write_text("?")
    done = ita("verify")
    assert done.returncode == 1
    assert done.stdout.splitlines() == ["o/two: no object belongs here", "o/หนึ่ง.pdf: no object belongs here"]
    assert done.stderr.startswith("2 found in 0 files")


def test_strays_are_cleared_when_asked_and_never_more_of_them_than_there_is_evidence(ita: Ita, tmp_path: Path) -> None:
    """With the wrong database every file would be a stray."""
    objects = tmp_path / "evidence" / "o"
    ita("verify")
    for number in range(2):
        name = f"{number:064x}"
        (objects / name[:2] / name).write_bytes(b"left by a hand-in that was cut off")
    done = ita("verify", "--clear-strays")
    assert (done.returncode, "Is this the right database?" in done.stderr) == (1, True)
    assert len([path for path in objects.rglob("*") if path.is_file()]) == 2

    with open_store().receive("a.pdf") as incoming:
        incoming.write(pdf())
        kept = incoming.keep()
    with db.writing() as session:
        cast = people(session, STARTED)
        workflow.receive(session, by=cast.usa, item_id=item_id(session, "O6"), file=kept, key="k", at=STARTED)
    (objects / "00" / f"{1:064x}").unlink()
    done = ita("verify", "--clear-strays")
    assert (done.returncode, "1 strays cleared" in done.stderr) == (0, True)
    assert [path.name for path in objects.rglob("*") if path.is_file()] == [kept.sha256]


def test_verify_puts_no_plan_into_an_empty_database(process: Ita) -> None:
    assert "0 audit entries" in process("verify").stdout


def test_a_backup_is_restored_elsewhere_and_only_into_an_empty_database(
    ita: Ita, process: Ita, tmp_path: Path, demo: Path, demo_sqlite: Path
) -> None:
    file = tmp_path / "สำรอง.tar"
    here = {"ITA_DATABASE_URL": f"sqlite:///{demo_sqlite}", "ITA_EVIDENCE_URL": str(demo / "evidence")}
    made = ita("backup", file, **here)
    assert (made.returncode, made.stderr) == (0, "")
    assert made.stdout.startswith(f"{file}: 1,128 rows in 64 tables, 84 files (")
    again = ita("backup", file, **here)
    assert (again.returncode, "is there already" in again.stderr) == (1, True)
    assert ita("backup", file, "--force", **here).returncode == 0
    other = process("restore", file, "--head", f"1 {'0' * 64}")
    assert (other.returncode, "its audit is not the one whose head was kept outside" in other.stderr) == (1, True)
    back = process("restore", file)
    assert back.returncode == 0
    assert back.stderr.startswith("Not checked: whether rows and audit were made anew together.")
    assert back.stdout == made.stdout.removeprefix(f"{file}: ").removesuffix(".\n") + ": all equal to the backup.\n"
    assert process("verify").returncode == 0
    twice = process("restore", file)
    assert twice.returncode == 1
    assert twice.stderr == "The database is in use already: restore into an empty one. Nothing was changed.\n"


def test_simple_commands_load_nothing_heavy() -> None:
    heavy = ("pandas", "streamlit", "openpyxl", "altair", "fpdf", "docx")
    code = f"import sys, ita_core.cli, ita_core.exports.making; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, encoding="utf-8", check=True)
    assert done.stdout.strip() == "[]"
