"""Published addresses checked: who may, how often, what is kept, and what is said to have changed."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from ipaddress import ip_network
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import Session, select

from ita_core import db, queries, workflow
from ita_core.board.links import Check, Link
from ita_core.board.progress import Stage
from ita_core.errors import BadAddress, NotApproved, NotFound, NotYours, Refused
from ita_core.evidence.store import open_store
from ita_core.links import finding
from ita_core.links.found import Found
from ita_core.models import AuditEntry, Filing, LinkCheck, LinkOutcome, Publication, StoredFile
from ita_core.plan.apply import revise
from ita_core.proof import verify
from ita_core.settings import settings
from ita_core.typed import MOST_ADDRESSES
from ita_core.workflow import checking
from ita_core.workflow.links import MOST_AN_HOUR
from tests import papers
from tests.cast import Cast, actor, item_id
from tests.links.hostile import Website, plainly, serving
from tests.workflow.work import NOW, PDF, complete

URL = "https://www.example.go.th/o10"
REACHED = Found(LinkOutcome.reached, status=200, sha256="1" * 64, words_sha256="a" * 64, names_year=True)


def published(session: Session, cast: Cast, url: str = URL) -> int:
    of, mark = complete(session, cast)
    workflow.approve(session, by=cast.commander, item_id=of, fingerprint=mark, at=NOW)
    workflow.publish(session, by=cast.itap, item_id=of, url=url, at=NOW)
    return of


def note(session: Session, of: int, found: Found = REACHED, *, by: int | None = None, minutes: int = 0) -> LinkCheck:
    at = NOW + timedelta(minutes=minutes)
    made = workflow.note_check(session, by=by, item_id=of, url=URL, found=found, at=at)
    return session.get_one(LinkCheck, made)


def listed(session: Session, who: int | None = None, before: datetime | None = None) -> list[Link]:
    of = queries.get_assessment(session).id
    return queries.list_links(session, actor(session, who) if who else None, of, before=before)


@pytest.mark.both
def test_what_was_found_is_kept_with_who_asked_and_told_of_every_day(engine: sa.Engine, cast: Cast):
    with db.writing(engine) as session:
        of = published(session, cast)
        [link] = listed(session)
        assert (link.code, link.url, link.last, link.filed) == ("O10", URL, None, False)
        note(session, of)
        broken = note(session, of, Found(LinkOutcome.refused, "Not Found", 404), by=cast.itap, minutes=10)
        assert [broken.changed, broken.evidence_id] == [None, None]
        other = note(session, of, replace(REACHED, words_sha256="b" * 64), minutes=20)
        assert other.changed is True
        [link] = listed(session)
        assert link.last is not None
        assert (link.last.outcome, link.changed_at) == (LinkOutcome.reached, NOW + timedelta(minutes=20))
        [then] = listed(session, before=NOW + timedelta(minutes=20))
        assert then.last is not None
        assert (then.last.status, then.last.by, then.changed_at) == (404, "อังศุศรณ์ เชาวเลิศ", None)
        history = queries.list_checks(session, None, of, most=9)
        assert [(one.outcome, one.by) for one in history] == [
            (LinkOutcome.reached, ""), (LinkOutcome.refused, "อังศุศรณ์ เชาวเลิศ"), (LinkOutcome.reached, ""),
        ]  # fmt: skip
        entries = session.exec(select(AuditEntry).where(AuditEntry.action == "link.check")).all()
        assert [(one.actor, one.detail["outcome"]) for one in entries] == [
            ("system", "reached"), ("อังศุศรณ์ เชาวเลิศ", "refused"), ("system", "reached"),
        ]  # fmt: skip
    with db.reading(engine) as session:
        assert verify.row_findings(verify.Rows(session)) == []


def test_the_words_tell_whether_it_has_changed_and_the_bytes_where_there_are_no_words(engine: sa.Engine, cast: Cast):
    with db.writing(engine) as session:
        of = published(session, cast)
        looks = [
            REACHED, replace(REACHED, sha256="2" * 64), replace(REACHED, sha256="2" * 64, words_sha256=""),
            replace(REACHED, sha256="3" * 64, words_sha256=""), replace(REACHED, words_sha256="c" * 64),
        ]  # fmt: skip
        assert [note(session, of, one, minutes=number).changed for number, one in enumerate(looks)] == [
            None, False, False, True, True,
        ]  # fmt: skip


def test_the_accepted_file_is_known_byte_for_byte(engine: sa.Engine, cast: Cast):
    with db.writing(engine) as session:
        of = published(session, cast)
        accepted = session.exec(select(StoredFile).where(StoredFile.format == "pdf")).one()
        same = note(session, of, replace(REACHED, sha256=accepted.sha256))
        assert same.evidence_id is not None
        assert note(session, of, replace(REACHED, sha256=PDF.sha256[:-1] + "0"), minutes=1).evidence_id is None
        [link] = listed(session)
        assert link.evidence_at == NOW


@pytest.mark.parametrize(("who", "refusal"), [("usa", NotYours), ("commander", NotYours), ("piyaporn", NotFound)])
def test_only_who_keeps_itap_has_links_checked(engine: sa.Engine, cast: Cast, who: str, refusal: type[Refused]):
    with db.writing(engine) as session:
        of = published(session, cast)
        with pytest.raises(refusal):
            note(session, of, by=getattr(cast, who))
        assert session.exec(select(LinkCheck)).all() == []


def test_no_other_address_is_checked_and_none_of_a_closed_year(engine: sa.Engine, cast: Cast):
    with db.writing(engine) as session:
        of = published(session, cast)
        for url in ("http://127.0.0.1/", "https://www.example.go.th/o11"):
            with pytest.raises(workflow.NotPublished):
                workflow.may_check(session, by=cast.itap, item_id=of, url=url, at=NOW)
        with pytest.raises(NotFound):
            workflow.may_check(session, by=None, item_id=10_000, url=URL, at=NOW)
        workflow.close_year(session, by=cast.commander, assessment_id=queries.get_assessment(session).id, at=NOW)
        for by in (None, cast.itap):
            with pytest.raises(workflow.YearClosed):
                note(session, of, by=by)


def test_an_account_has_so_many_checked_in_an_hour(engine: sa.Engine, cast: Cast):
    with db.writing(engine) as session:
        of = published(session, cast)
        for _number in range(MOST_AN_HOUR):
            note(session, of, by=cast.itap)
        with pytest.raises(workflow.TooManyChecks):
            note(session, of, by=cast.itap, minutes=59)
        note(session, of, minutes=59)
        note(session, of, by=cast.itap, minutes=60)


def test_nobody_is_told_of_addresses_that_are_not_theirs_to_read(engine: sa.Engine, cast: Cast):
    with db.writing(engine) as session:
        of = published(session, cast)
        note(session, of)
        assert [len(listed(session, who)) for who in (cast.usa, cast.viewer, cast.itap, cast.piyaporn)] == [1, 1, 1, 0]
        assert len(queries.list_checks(session, actor(session, cast.usa), of, most=9)) == 1
        with pytest.raises(NotFound):
            queries.list_checks(session, actor(session, cast.piyaporn), of, most=9)


def test_the_address_in_itap_is_checked_too_where_it_is_another(engine: sa.Engine, cast: Cast):
    with db.writing(engine) as session:
        of = published(session, cast)
        act = {"by": cast.itap, "item_id": of, "answer": True}
        workflow.record_filing(session, url=URL, at=NOW, **act)
        assert [one.filed for one in listed(session)] == [False]
        workflow.record_filing(session, url=URL + "/th", at=NOW + timedelta(minutes=1), **act)
        assert [(one.url, one.filed) for one in listed(session)] == [(URL, False), (URL + "/th", True)]
        workflow.publish(session, by=cast.itap, item_id=of, url="https://www.example.go.th/new", at=NOW)
        assert {one.url for one in listed(session)} == {"https://www.example.go.th/new", URL + "/th"}


def test_an_item_has_several_addresses_each_checked_for_itself(engine: sa.Engine, cast: Cast):
    with db.writing(engine) as session:
        of = published(session, cast, f" {URL} \r\n\n{URL}.pdf\n{URL}")
        assert [one.url for one in listed(session)] == [URL, f"{URL}.pdf"]
        note(session, of, Found(LinkOutcome.refused, "Not Found", 404))
        assert [one.last and one.last.status for one in listed(session)] == [404, None]
        workflow.publish(
            session, by=cast.itap, item_id=of, url=f"{URL}\n{URL}/th", at=NOW + timedelta(minutes=1)
        )  # fmt: skip
        assert [(one.url, one.at - NOW) for one in listed(session)] == [
            (URL, timedelta()), (f"{URL}/th", timedelta(minutes=1)),
        ]  # fmt: skip
        assert [one.url for one in listed(session, before=NOW + timedelta(seconds=1))] == [URL, f"{URL}.pdf"]


def stage(session: Session) -> Stage:
    facts = queries.get_assessment(session)
    return queries.take_snapshot(session, facts).board(facts.ends).by_code["O10"].stage


def test_an_address_is_taken_off_alone_and_the_last_one_takes_the_item_back(engine: sa.Engine, cast: Cast):
    with db.writing(engine) as session:
        of = published(session, cast, f"{URL}\n{URL}.pdf")
        act = {"by": cast.itap, "item_id": of}
        workflow.record_filing(session, answer=True, url=f"{URL}\n{URL}.pdf", at=NOW, **act)
        assert stage(session) is Stage.filed
        for who, refusal in ((cast.usa, NotYours), (cast.commander, NotYours), (cast.piyaporn, NotFound)):
            with pytest.raises(refusal):
                workflow.take_off(session, by=who, item_id=of, url=URL, at=NOW)
        with pytest.raises(workflow.NotPublished):
            workflow.take_off(session, url=f"{URL}/x", at=NOW, **act)
        workflow.take_off(session, url=URL, at=NOW + timedelta(minutes=1), **act)
        assert [(one.url, one.filed) for one in listed(session)] == [(f"{URL}.pdf", False), (URL, True)]
        assert stage(session) is Stage.published  # to be filed anew: ITAP names an address that leads nowhere
        workflow.take_off(session, url=f"{URL}.pdf", at=NOW + timedelta(minutes=2), **act)
        assert stage(session) is Stage.approved
        assert {one.filed for one in listed(session)} == {True}
        with pytest.raises(NotApproved):
            workflow.record_filing(session, answer=True, url=URL, at=NOW, **act)
        facts = queries.get_assessment(session)
        told = queries.get_item_detail(session, actor(session, cast.viewer), facts, "O10").history
        assert [(one.what, one.corrects) for one in told[:2]] == [
            ("unpublished", False), ("published", True),
        ]  # fmt: skip
        workflow.publish(session, url=URL, at=NOW + timedelta(minutes=3), **act)
        assert stage(session) is Stage.published
        told = queries.get_item_detail(session, actor(session, cast.viewer), facts, "O10").history
        assert (told[0].what, told[0].corrects) == ("published", False)
        entries = session.exec(select(AuditEntry).where(AuditEntry.action == "item.withdraw")).all()
        assert [one.detail["withdrawn"] for one in entries] == [URL, f"{URL}.pdf"]
    with db.reading(engine) as session:
        assert verify.row_findings(verify.Rows(session)) == []


def test_a_link_known_to_be_broken_is_filed_only_by_who_knows_it(engine: sa.Engine, cast: Cast):
    with db.writing(engine) as session:
        of = published(session, cast)
        act = {"by": cast.itap, "item_id": of, "answer": True, "url": URL, "at": NOW}
        note(session, of, Found(LinkOutcome.refused, "Not Found", 404))
        with pytest.raises(workflow.LinkBroken, match=URL):
            workflow.record_filing(session, **act)
        assert session.exec(select(Filing)).all() == []
        workflow.record_filing(session, knowing=True, **act)
        [entry] = session.exec(select(AuditEntry).where(AuditEntry.action == "item.file")).all()
        assert entry.detail["broken"] == [URL]
        note(session, of, minutes=1)
        workflow.record_filing(session, explanation="แก้แล้ว", **act)
        entry = session.exec(select(AuditEntry).where(AuditEntry.action == "item.file")).all()[-1]
        assert "broken" not in entry.detail


def test_a_form_that_began_with_other_links_drops_and_revives_none(engine: sa.Engine, cast: Cast):
    """Two people look at the same list: who records later looked at one that is no more."""
    with db.writing(engine) as session:
        of = published(session, cast)
        act = {"by": cast.itap, "item_id": of, "at": NOW + timedelta(minutes=1)}
        workflow.publish(session, url=f"{URL}\n{URL}/2", seen=URL, **act)
        workflow.publish(session, url=f"{URL}\n{URL}/2", seen=URL, **act)  # a second click
        with pytest.raises(workflow.AddressesChanged):
            workflow.publish(session, url=f"{URL}\n{URL}/3", seen=URL, **act)
        with pytest.raises(workflow.AddressesChanged):
            workflow.record_filing(session, answer=True, url=URL, seen=URL, **act)
        assert {one.url for one in listed(session)} == {URL, f"{URL}/2"}
        workflow.record_filing(session, answer=True, url=URL, seen=f"{URL}\n{URL}/2", **act)
        with pytest.raises(workflow.AddressesChanged):
            workflow.record_filing(session, answer=True, url=f"{URL}/2", seen=f"{URL}\n{URL}/2", **act)
        workflow.record_filing(session, answer=True, url=f"{URL}\n{URL}/2", seen=URL, **act)
        for url in (URL, f"{URL}/2"):
            workflow.take_off(session, **{**act, "url": url})
        with pytest.raises(workflow.AddressesChanged):
            workflow.publish(session, url=URL, seen=f"{URL}\n{URL}/2", **act)
        assert stage(session) is Stage.approved
        workflow.publish(session, url=URL, seen="", **act)


def test_another_order_of_the_links_leaves_the_item_filed(engine: sa.Engine, cast: Cast):
    with db.writing(engine) as session:
        of = published(session, cast, f"{URL}\n{URL}.pdf")
        act = {"by": cast.itap, "item_id": of, "url": f"{URL}\n{URL}.pdf", "answer": True}
        workflow.record_filing(session, at=NOW, **act)
        act["url"] = f"{URL}.pdf\n{URL}"
        workflow.record_filing(session, at=NOW + timedelta(minutes=1), **act)
        del act["answer"]
        workflow.publish(session, at=NOW + timedelta(minutes=2), **act)
        assert stage(session) is Stage.filed
        assert [len(session.exec(select(table)).all()) for table in (Publication, Filing)] == [1, 1]


def test_what_was_taken_off_altogether_is_not_told_as_published(engine: sa.Engine, cast: Cast):
    with db.writing(engine) as session:
        of = published(session, cast)

        def told() -> str:
            facts = queries.get_assessment(session)
            found = queries.get_item_detail(session, actor(session, cast.itap), facts, "O10").published
            return found.text if found else ""

        assert told() == URL
        workflow.take_off(session, by=cast.itap, item_id=of, url=URL, at=NOW)
        assert told() == ""
        workflow.publish(session, by=cast.itap, item_id=of, url=f"{URL}/2", at=NOW)
        assert told() == f"{URL}/2"


def test_whether_a_link_may_be_checked_asks_for_its_item_alone(
    engine: sa.Engine, cast: Cast, monkeypatch: pytest.MonkeyPatch
):
    """Under the lock of a write: all items with all their checks take seconds after a year."""
    asked = []
    with db.writing(engine) as session:
        of = published(session, cast)
        ask = queries.list_links
        monkeypatch.setattr(queries, "list_links", lambda *a, **more: asked.append(more) or ask(*a, **more))
        workflow.may_check(session, by=None, item_id=of, url=URL, at=NOW)
    assert asked == [{"item_id": of}]


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1/o10", "http://192.168.1.5/o10", "http://[::1]/o10", "http://10.1.2.3:8080/", "http://localhost/",
     "http://ita.localhost/", "https://web.local/o10", "https://ita.internal./o10", "http://intranet/",
     "http://169.254.169.254/latest"],
)  # fmt: skip
def test_an_address_inside_is_not_published_nor_filed(engine: sa.Engine, cast: Cast, url: str):
    with db.writing(engine) as session:
        of = published(session, cast)
        with pytest.raises(BadAddress):
            workflow.publish(session, by=cast.itap, item_id=of, url=f"{URL}\n{url}", at=NOW)
        with pytest.raises(BadAddress):
            workflow.record_filing(session, by=cast.itap, item_id=of, answer=True, url=url, at=NOW)
        assert [one.url for one in listed(session)] == [URL]


@pytest.mark.parametrize("url", ["http://10.1.2.3:8080/o10", "https://web.local/o10"])
def test_an_address_inside_that_the_setting_allows_is_published(
    engine: sa.Engine, cast: Cast, url: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("ITA_LINKS_INSIDE", "10.1.2.0/24")
    settings.cache_clear()
    with db.writing(engine) as session:
        of = published(session, cast, url)
        assert [one.url for one in listed(session)] == [url]
        with pytest.raises(BadAddress):
            workflow.publish(session, by=cast.itap, item_id=of, url="http://10.1.3.3/", at=NOW)
    settings.cache_clear()


def test_an_item_has_not_too_many_addresses(engine: sa.Engine, cast: Cast):
    with db.writing(engine) as session:
        of = published(session, cast)
        for text in ("", " \n ", "\n".join(f"{URL}/{number}" for number in range(MOST_ADDRESSES + 1))):
            with pytest.raises(BadAddress):
                workflow.publish(session, by=cast.itap, item_id=of, url=text, at=NOW)


def test_links_of_an_item_that_the_plan_has_no_more_are_not_looked_after(engine: sa.Engine, cast: Cast):
    with db.writing(engine) as session:
        of, here = item_id(session, "P1"), queries.get_assessment(session).id
        session.add(Publication(item_id=of, account_id=cast.itap, url=URL, at=NOW))
        session.flush()
        note(session, of, Found(LinkOutcome.refused, "Not Found", 404))
        assert [one.code for one in listed(session)] == ["P1"]
        later = NOW + timedelta(minutes=9)
        revise(session, here, lambda values: values["plan"]["measures"].pop("P1"), at=later)
        assert listed(session) == []
        assert [one.code for one in listed(session, before=later)] == ["P1"]
        with pytest.raises(workflow.NotPublished):
            workflow.may_check(session, by=None, item_id=of, url=URL, at=later)


# --- through the network ----------------------------------------------------------------------------------------------


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Website]:
    monkeypatch.setattr(finding, "PAUSE_SECONDS", 0)
    monkeypatch.setenv("ITA_LINKS_INSIDE", str(ip_network("127.0.0.0/8")))
    with serving() as made:
        yield made


def check(url: str, cast: Cast, *, by: int | None = None) -> Check:
    with db.reading() as session:
        here = queries.get_assessment(session)
        link = next(one for one in queries.list_links(session, None, here.id) if one.url == url)
    return checking.check(here, link, by=by, at=NOW)


def test_a_press_asks_the_website_and_keeps_what_was_found(site: Website, at_work: Cast):
    settings.cache_clear()
    site.paths["/o10"] = plainly(papers.pdf("ITA 2568"), "application/pdf")
    with db.writing() as session:
        published(session, at_work, site.url("/o10"))
    found = check(site.url("/o10"), at_work, by=at_work.itap)
    assert (found.outcome, found.names_year, found.by) == (LinkOutcome.reached, True, "อังศุศรณ์ เชาวเลิศ")
    assert "link check of prachuap" in site.asked[0]


def test_nothing_is_asked_for_whoever_may_not(site: Website, at_work: Cast):
    settings.cache_clear()
    with db.writing() as session:
        published(session, at_work, site.url("/o10"))
    with pytest.raises(NotYours):
        check(site.url("/o10"), at_work, by=at_work.usa)
    assert site.asked == []


def test_only_so_many_presses_are_worked_on_at_once(site: Website, at_work: Cast):
    settings.cache_clear()
    with db.writing() as session:
        published(session, at_work, site.url("/o10"))
    assert checking._pressing.acquire()
    assert checking._pressing.acquire()
    try:
        with pytest.raises(checking.OthersCheck):
            check(site.url("/o10"), at_work, by=at_work.itap)
        assert check(site.url("/o10"), at_work).status == 404  # the timer's
    finally:
        checking._pressing.release(2)


def test_the_kept_answer_lies_in_the_store_and_is_proven_like_evidence(
    site: Website, at_work: Cast, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("ITA_LINKS_KEEP", "true")
    settings.cache_clear()
    site.paths["/o10"] = plainly("ปี ๒๕๖๘".encode())
    with db.writing() as session:
        published(session, at_work, site.url("/o10"))
    found = check(site.url("/o10"), at_work)
    kept: Path = open_store().verified(found.kept_sha256)
    assert kept.read_bytes()[:2] == b"\x1f\x8b"
    with db.reading() as session:
        row = session.get_one(StoredFile, found.kept_sha256)
        assert (row.media_type, row.size) == ("application/warc", kept.stat().st_size)
    report = verify.verify(engine=db.engine(), store=open_store(), looks=())
    assert [str(one) for one in report.findings if found.kept_sha256 in str(one)] == []


def test_an_answer_that_cannot_be_noted_leaves_nothing_in_the_store(
    site: Website, at_work: Cast, monkeypatch: pytest.MonkeyPatch
):
    """The year is closed while the website is asked."""
    monkeypatch.setenv("ITA_LINKS_KEEP", "true")
    settings.cache_clear()

    def closing(line, asked):
        with db.writing() as session:
            of = queries.get_assessment(session).id
            workflow.close_year(session, by=at_work.commander, assessment_id=of, at=NOW)
        plainly(b"x")(line, asked)

    site.paths["/o10"] = closing
    with db.writing() as session:
        published(session, at_work, site.url("/o10"))
    before = set(open_store().names())
    with pytest.raises(workflow.YearClosed):
        check(site.url("/o10"), at_work)
    assert set(open_store().names()) == before
