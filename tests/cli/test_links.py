"""`ita links`: checked by a timer, what was found, and the answer that was kept."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from ita_core import db, language
from ita_core.board.links import Check, Link
from ita_core.cli import links as cli
from ita_core.links import finding
from ita_core.models import LinkOutcome, StakeholdersGone
from ita_core.workflow import checking
from pages.parts import link_checks
from tests.cast import people
from tests.cli.test_cli import Ita, ita
from tests.links.hostile import plainly, serving
from tests.workflow import stakeholders
from tests.workflow.test_links import published

__all__ = ["ita"]


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding, "PAUSE_SECONDS", 0)
    monkeypatch.setenv("ITA_LINKS_INSIDE", "127.0.0.0/8")


def publish(url: str) -> None:
    with db.writing() as session:
        published(session, people(session, datetime(2024, 10, 1, tzinfo=UTC)), url)


def test_nothing_published_is_nothing_to_check(ita: Ita) -> None:
    done = ita("links", "check")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "0 links checked, 0 broken.\n")


def test_links_are_checked_listed_and_their_answers_given_out(ita: Ita, tmp_path: Path) -> None:
    with serving() as site:
        site.paths["/o10"] = plainly("ปีงบประมาณ ๒๕๖๘".encode())
        ita("year", "list")
        publish(site.url("/o10"))
        done = ita("links", "check", ITA_LINKS_KEEP="true")
        assert done.returncode == 0, done
        assert done.stdout.startswith(f"prachuap-2568 O10 {site.url('/o10')}: it opens, 200, text/html, ")
        assert "names the year" in done.stdout
        assert done.stderr == "1 links checked, 0 broken.\n"
        del site.paths["/o10"]
        broken = ita("links", "check", "--item", "O10", "--assessment", "prachuap-2568")
        assert (broken.returncode, broken.stderr) == (1, "1 links checked, 1 broken.\n")
        assert ": the website answers with an error, 404, Not Found" in broken.stdout
        assert ita("links", "check", "--item", "O9").returncode == 0
    told = ita("links", "history", "O10").stdout.splitlines()
    assert [one.split()[0] for one in told] == ["2", "1"]
    assert [one.endswith("[answer kept]") for one in told] == [True, True]
    rows = json.loads(ita("links", "history", "O10", "--format", "json").stdout)
    assert [(one["check"], one["outcome"], one["names_year"]) for one in rows] == [
        (2, "refused", None), (1, "reached", True),
    ]  # fmt: skip
    file = tmp_path / "o10.warc.gz"
    assert ita("links", "answers", "1", "-o", file).returncode == 0
    with file.open("rb") as source:
        [_about, answer] = list(ArchiveIterator(source))
        assert answer.http_headers.get_statuscode() == "200"
    assert ita("verify").returncode == 1  # the evidence of this test was made without files …
    assert rows[0]["kept"] not in ita("verify").stdout  # … but the answers are there


def test_whatever_happens_at_one_link_the_others_are_checked(ita: Ita, monkeypatch: pytest.MonkeyPatch) -> None:
    """The fault is told, and by the exit status."""
    genuine = checking.check

    def faulty(assessment, link: Link, **more):
        if link.url.endswith("/bad"):
            raise UnicodeEncodeError("ascii", "ไทย", 0, 3, "ordinal not in range(128)")
        return genuine(assessment, link, **more)

    monkeypatch.setattr(checking, "check", faulty)
    with serving() as site:
        site.paths["/o10"] = plainly(b"x")
        ita("year", "list")
        publish("\n".join(map(site.url, ("/bad", "/o10"))))
        done = ita("links", "check")
    assert done.returncode == 1
    bad, count = done.stderr.splitlines()
    assert bad.startswith(f"prachuap-2568 O10 {site.url('/bad')}: not checked: UnicodeEncodeError: ")
    assert count == "1 links checked, 0 broken, 1 could not be checked."
    assert f"O10 {site.url('/o10')}: it opens, 200" in done.stdout


def test_an_item_that_there_is_not_is_wrong_use(ita: Ita) -> None:
    done = ita("links", "check", "--item", "O99")
    assert (done.returncode, done.stdout) == (2, "")
    assert "There is no item O99" in done.stderr
    assert ita("links", "check", "--item", "O99", "--assessment", "prachuap-2568").returncode == 2


def test_the_certificates_day_is_that_of_thailand() -> None:
    at = datetime(2025, 3, 31, 18, 0, tzinfo=UTC)  # one in the morning
    check = Check(1, 1, "https://a.go.th/", at, "", LinkOutcome.reached, certificate_ends=at)
    assert cli._said(check).endswith("certificate until 2025-04-01")
    language.use("th")
    assert "ใบรับรองเว็บไซต์หมดอายุ 1 เม.ย. 68" in link_checks.words(check)


def test_what_is_not_there_is_one_sentence(ita: Ita, tmp_path: Path) -> None:
    file = tmp_path / "x.warc.gz"
    done = ita("links", "answers", "7", "-o", file)
    assert (done.returncode, done.stderr) == (
        1, "There is no check 7 in prachuap-2568: `ita links history` lists them.\n",
    )  # fmt: skip
    assert not file.exists()
    assert ita("links", "history", "O99").returncode == 1
    assert ita("links", "check", "--assessment", "nobody-2568").returncode == 1


def test_the_nightly_check_deletes_a_list_of_stakeholders_whose_day_is_over(ita: Ita) -> None:
    ita("year", "list")
    with db.writing() as session:
        cast = people(session, datetime(2024, 10, 1, tzinfo=UTC))
    stakeholders.begin(cast.commander)
    stakeholders.bring(cast.commander)
    assert ita("links", "check", ITA_TODAY="2025-07-30").returncode == 0
    listed = stakeholders.found()
    assert listed is not None
    assert listed.held
    for _night in range(2):
        assert ita("links", "check", ITA_TODAY="2025-07-31").returncode == 0
    listed = stakeholders.found()
    assert listed is not None
    assert (listed.held, listed.gone and listed.gone[0]) == (False, StakeholdersGone.due)
