"""Every page as everybody: nothing in anything it sends that is not theirs, and the very buttons that are.

All that Streamlit sends to the browser is looked through, as it is sent: texts, labels, options, our HTML, and the data
that our components are given.
"""

import base64
import random
import re
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import col, select
from streamlit.testing.v1 import AppTest, app_test
from streamlit.testing.v1.local_script_runner import LocalScriptRunner

from ita_core import accounts, db, queries
from ita_core.models import Account, AuditEntry, Evidence, PartyKind, Role
from ita_core.web.gate import USER_KEY
from pages import ADDRESSES
from tests.trials import rights_rules as rules
from tests.trials.rights_office import ELSEWHERE, MANY, MARK, NOBODY, STAGES, Office, Who, slots
from tests.trials.rights_rules import DOES
from tests.trials.rights_workflow import COUNTS, TABLES, Result

SCRIPT = str(Path("pages/navigation.py").resolve())
PAST = "2025-02-28"
ALWAYS = {"sign-out"}  # in everybody's own menu
BASE64 = re.compile(rb"base64,([A-Za-z0-9+/=]+)")
ITEM_LINK = re.compile(rb"/item\?item=([A-Z]?[0-9.]+)")
EVIDENCE_LINK = re.compile(rb"/evidence/(\d+)")
SETTLE = re.compile(rb'data-settle="(\w+)" data-directive="(\d+)"')
DROP = re.compile(rb"/uploads/(\d+)")
NOT_ROWS = {"signin", "ticket", "signinfailure", "auditentry"}


@dataclass(frozen=True)
class View:
    """A page at an address. `own`: the evidence there was handed in by who looks; of MANY, the one that waits."""

    page: str
    query: Mapping[str, str] = field(default_factory=dict)
    own: bool = False

    def name(self) -> str:
        asked = "&".join(f"{name}={value}" for name, value in self.query.items())
        return f"/{self.page}{'?' + asked if asked else ''}{' (own evidence)' if self.own else ''}"


def views(office: Office) -> list[View]:
    """Every page, and those that change with their address in each of their ways."""
    found = [View(page) for page in ADDRESSES]
    found += [View("item", {"item": code}) for code in (*STAGES.values(), ELSEWHERE, "O2")]
    found += [View("item", {"item": code}, own=True) for code in (MANY, STAGES["complete"], STAGES["lapsed"])]
    found += [View("review", own=True)]
    found += [View("item", {"item": MANY, "day": PAST, "all": "1"}), View("overview", {"day": PAST})]
    found += [View("officers", {"officer": "trial-author", "kind": "all"}), View("officers", {"kind": "measures"})]
    found += [View("directives", {"state": "done"}), View("directives", {"day": PAST})]
    found += [View("meeting", {"meeting": str(office.meetings["over"])}), View("my_work", {"day": PAST})]
    return found


# --- looking ---------------------------------------------------------------------------------------------------------


class Listening(LocalScriptRunner):
    """Streamlit's own, which keeps every message that was sent, those of a run that was begun anew too."""

    sent: bytes = b""

    def forward_msgs(self) -> list[Any]:
        messages = [data["forward_msg"] for data in self.event_data if "forward_msg" in data]
        Listening.sent = b"\n".join(message.SerializeToString() for message in messages)
        return super().forward_msgs()


@contextmanager
def listening() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(app_test, "LocalScriptRunner", Listening)
        yield


@dataclass
class Seen:
    tester: AppTest
    sent: bytes

    @property
    def drawn(self) -> set[str]:
        """What can be pressed, by name: keys of buttons, forms, and what our own HTML and components offer."""
        found = {f"form {one.form_id}" if one.form_id else str(one.key) for one in self.tester.button}
        found |= {f"{what.decode()}-{directive.decode()}" for what, directive in SETTLE.findall(self.sent)}
        found |= {f"drop-{item.decode()}" for item in DROP.findall(self.sent)}
        return found - ALWAYS


def look(who: Who, view: View) -> Seen:
    tester = AppTest.from_file(SCRIPT, default_timeout=120)
    tester.user = {USER_KEY: _sign_in(who)} if who is not NOBODY else {}
    for name, value in view.query.items():
        tester.query_params[name] = value
    tester.switch_page(f"{view.page}.py")
    tester.run()
    return Seen(tester, _plain(Listening.sent))


def _plain(sent: bytes) -> bytes:
    """With what stands in pictures."""
    return sent + b"".join(base64.b64decode(one) for one in BASE64.findall(sent) if len(one) % 4 == 0)


def _sign_in(who: Who) -> str:
    now = datetime.now(UTC)
    with db.writing() as session:
        account = session.get_one(Account, who.account_id)
        account.disabled = False
        session.flush()
        ticket = accounts.issue_ticket(session, account_id=who.account_id, now=now)
        token = accounts.enter(session, ticket=ticket, address="x", now=now, hours=1)
        visitor = accounts.find_visitor(session, token=token, now=now)
        account.disabled = not who.enabled
        session.add(account)
    assert visitor is not None
    return visitor.sign_in_id


def tried(office: Office, *, share: float = 1.0, seed: int = 1) -> Result:
    """Every view by everybody, or a seeded share of them; then buttons of rights that were just taken away."""
    chance, result = random.Random(seed), Result()
    with listening():
        for who in [*office.actors, NOBODY]:
            for view in views(office):
                if share < 1 and chance.random() >= share:
                    continue
                with _handed_in(office, who, view):
                    _try(office, who, view, result)
        result.add(taken_away(office, share=min(share * 10, 1), chance=chance))
    return result


@contextmanager
def _handed_in(office: Office, who: Who, view: View) -> Iterator[None]:
    """With the evidence there as that of who looks, where the view wants it so."""
    code = view.query.get("item", MANY)
    of_item = [one for one, item in office.item_of.items() if item == code]
    theirs = [office.evidence["waiting"]] if code == MANY else of_item
    if not view.own or who is NOBODY:
        yield
        return
    _give(theirs, who.account_id)
    try:
        yield
    finally:
        _give(theirs, office.people["author"])


def _give(evidence: list[int], account_id: int) -> None:
    with db.writing() as session:
        session.exec(sa.update(Evidence).where(col(Evidence.id).in_(evidence)).values(account_id=account_id))


def _try(office: Office, who: Who, view: View, result: Result) -> None:
    seen = look(who, view)
    result.tried["pages"] += 1
    where = f"{view.name()} as {who.name}"
    if seen.tester.exception:
        result.wrongly_refused.append(f"{where}: {seen.tester.exception[0].message}")
    result.leaks += [f"{where} shows {mark}, of {office.marks[mark.encode()]}" for mark in office.leaks(who, seen.sent)]
    codes = {code.decode() for code in ITEM_LINK.findall(seen.sent)}
    result.leaks += [f"{where} links {code}" for code in codes if not who.may("read an item", code)]
    linked = {int(one) for one in EVIDENCE_LINK.findall(seen.sent)} & set(office.item_of)
    result.leaks += [
        f"{where} links evidence {one}" for one in linked if not who.may("read an item", office.item_of[one])
    ]
    code = view.query.get("item", "")
    shows = any(office.marks[mark] == ("item", code) for mark in MARK.findall(seen.sent))
    if code and who.may("read an item", code) and not shows:
        result.wrongly_refused.append(f"{where} shows nothing of it")
    if view.page == "export" and (b"/tables/audit." in seen.sent) is not who.may("export the audit"):
        result.leaks.append(f"{where}: the link to the audit is there or not, against the rules")
    wanted, drawn = expected(office, who, view), seen.drawn
    if view.page == "review" and who.enabled:  # the queue's first, in both of its ways
        offered = {f"{act}-{one}" for one in _queue(office, who, view) for act in ("accept", "return")}
        wanted = drawn if len(drawn) == 2 and drawn <= offered else set(list(offered)[:2])
    result.leaks += [f"{where} offers {one}" for one in drawn - wanted]
    result.wrongly_refused += [f"{where} does not offer {one}" for one in wanted - drawn]
    result.allowed += len(drawn & wanted)


def _queue(office: Office, who: Who, view: View) -> set[int]:
    """What waits for this visitor's decision."""
    decided = {office.evidence[state] for state, outcome in rules.EVIDENCE_STATES.items() if outcome != DOES}
    with db.reading() as session:
        facts = queries.list_evidence(session, None, office.assessment_id)
    waiting = [one for one in facts if one.decision is None and one.withdrawn_at is None]
    assert not decided & {one.id for one in waiting}
    own = {office.evidence["waiting"]} if view.own else set()
    return {one.id for one in waiting if who.may("review", one.item_code, own=one.id in own)}


# --- what is offered -------------------------------------------------------------------------------------------------


def expected(office: Office, who: Who, view: View) -> set[str]:
    """The buttons that are this visitor's on this page, by the rules."""
    if not who.enabled:
        return {"form Login"}
    if view.page == "account":
        return {"form password", "sign-out-everywhere"}
    if "day" in view.query or "meeting" in view.query:
        return set()  # a look back changes nothing
    if view.page == "people":
        return _on_people(office, who) if who.may("administer") else set()
    if view.page == "directives":
        return _on_directives(office, who, view.query.get("state", ""), reports=True)
    if view.page == "meeting" and who.may("direct"):
        meeting = {"meeting-attend", "meeting-end"}
        return meeting | _on_directives(office, who, "", reports=False)
    if view.page == "item" and "item" in view.query:
        return _on_item(office, who, view.query["item"], own=view.own)
    return set()


def _on_people(office: Office, who: Who) -> set[str]:
    with db.reading() as session:
        people = queries.people_by_id(session, office.assessment_id).values()
        listed = queries.list_accounts(session)
    groups = {f"form group-{one.id}" for one in people if one.kind is not PartyKind.officer}
    names = {f"form name-{one.id}" for one in people if one.kind is PartyKind.officer and one.confirm}
    return {"form invite"} | groups | names | {f"form account-{one.id}" for one in listed if one.id != who.account_id}


def _on_directives(office: Office, who: Who, shown: str, *, reports: bool) -> set[str]:
    found = {"directive-give"} if who.may("direct") else set()
    for (state, to_all), directive in office.directives.items():
        if shown not in {"", state}:
            continue
        if who.may("direct"):
            for what, outcomes in rules.SETTLE.items():
                offered = outcomes[state] == DOES and (what != "reopened" or state in {"done", "cancelled"})
                found |= {f"{what}-{directive}"} if offered else set()
        given = to_all and who.party_id is not None
        if reports and state == "open" and who.may("report", given=given):
            found.add(f"reported-{directive}")
    return found


def _on_item(office: Office, who: Who, code: str, *, own: bool) -> set[str]:
    found = set()
    stage = next((stage for stage, of in STAGES.items() if of == code), "preparing")
    if rules.APPROVE[stage] == DOES and who.may("approve", code, own=own):
        found.add("approve")
    if stage in {"approved", "published"} and who.may("publish and file", code):
        found.add(f"form record-{stage}-{code}")
    if who.may("hand in", code):
        found.add(f"drop-{office.items[code]}")
        if code == MANY:
            found |= {"send-files", f"discard-{office.uploads[who.account_id]}"}
    if own and code == MANY and who.may("withdraw", code, own=True):
        found.add(f"withdraw-{office.evidence['waiting']}")
    return found


# --- a button of a right that was taken away -------------------------------------------------------------------------


@dataclass(frozen=True)
class Press:
    who: str
    view: View
    button: str
    fill: Callable[[Office, AppTest], object] = lambda _office, _tester: None


def presses(office: Office) -> list[Press]:
    """Each kind of button once, by somebody who has the right."""
    lead, admin = "commander, both, keeps ITAP", "admin, no duty"
    item = {stage: View("item", {"item": code}) for stage, code in STAGES.items()}
    waiting, upload = office.evidence["waiting"], office.uploads[_named(office, lead).account_id]
    directive = {state: office.directives[state, True] for state in ("open", "done")}

    def give(office: Office, tester: AppTest) -> None:
        tester.text_area(key="directive-text").set_value("สั่ง")
        tester.multiselect(key="directive-to").select(office.parties["spare"])

    def address(_office: Office, tester: AppTest) -> None:
        next(one for one in tester.text_input if "https" in one.placeholder).set_value("https://example.org/x")

    def covers(_office: Office, tester: AppTest) -> None:
        with db.reading() as session:
            slot = slots(session, MANY, format="pdf")[0]
        for pills in tester.get("button_group"):
            chosen = {f"upload-{upload}-what": slot.requirement_id, f"upload-{upload}-month": slot.period}
            if pills.key in chosen:
                pills.set_value([chosen[pills.key]])

    def reason(_office: Office, tester: AppTest) -> None:
        tester.text_area(key=f"reason-{_first(tester)}").set_value("เหตุ")

    def member(_office: Office, tester: AppTest) -> None:
        chosen = next(one for one in tester.multiselect if one.form_id == f"group-{office.parties['everybody']}")
        chosen.set_value([])

    def officer(office: Office, tester: AppTest) -> None:
        invited = next(one for one in tester.multiselect if one.form_id == "invite")
        invited.set_value([office.parties["without"]])

    def shut(office: Office, tester: AppTest) -> None:
        tester.radio(key=f"disabled-{office.people['spare']}-False").set_value(True)

    meeting = View("meeting")
    return [
        Press(lead, item["complete"], "approve"),
        *(Press(lead, item[at], f"form record-{at}-{STAGES[at]}", address) for at in ("approved", "published")),
        Press(lead, View("item", {"item": MANY}, own=True), f"withdraw-{waiting}"),
        Press(lead, item["preparing"], "send-files", covers),
        Press(lead, item["preparing"], f"discard-{upload}"),
        Press(lead, View("review"), "accept-"),
        Press(lead, View("review"), "return-", reason),
        Press(lead, View("directives"), "directive-give", give),
        Press(lead, View("directives"), f"done-{directive['open']}"),
        Press(lead, View("directives"), f"cancelled-{directive['open']}"),
        Press(lead, View("directives"), f"reopened-{directive['done']}"),
        Press(lead, View("directives"), f"reported-{directive['open']}"),
        Press(lead, meeting, "directive-give", give),
        Press(lead, meeting, "meeting-attend", lambda _o, tester: tester.text_input[0].set_value("แขก")),
        Press(lead, meeting, "meeting-end"),
        Press(admin, View("people"), f"form account-{office.people['spare']}", shut),
        Press(admin, View("people"), f"form name-{office.parties['spare']}"),
        Press(admin, View("people"), f"form group-{office.parties['everybody']}", member),
        Press(admin, View("people"), "form invite", officer),
        Press(admin, View("account"), "sign-out-everywhere"),
    ]


def _named(office: Office, name: str) -> Who:
    return next(who for who in office.actors if who.name == name)


def _first(tester: AppTest) -> str:
    return next(str(one.key) for one in tester.button if str(one.key).startswith("accept-")).removeprefix("accept-")


TAKEN = {
    "nothing taken away": {},
    "disabled": {"disabled": True},
    "made a viewer": {"role": Role.viewer, "keeps_itap": False},
    "made an officer of no duty": {"role": Role.officer, "keeps_itap": False, "party_id": None},
}


def taken_away(office: Office, *, share: float, chance: random.Random) -> Result:
    """Open a page, lose the right, press: nothing happens; with the right kept, the same press does it."""
    result = Result()
    path = str(db.engine().url.database)
    with closing(sqlite3.connect(":memory:")) as kept:
        with closing(sqlite3.connect(path)) as database:
            database.backup(kept)
        for press in presses(office):
            for how, change in TAKEN.items():
                if share < 1 and chance.random() >= share:
                    continue
                _press(office, press, how, change, result)
                db.engine().dispose()
                with closing(sqlite3.connect(path)) as database:
                    kept.backup(database)
    return result


def _press(office: Office, press: Press, how: str, change: Mapping[str, object], result: Result) -> None:
    who = _named(office, press.who)
    with _handed_in(office, who, press.view):
        seen = look(who, press.view)
        press.fill(office, seen.tester)
        if change:
            with db.writing() as session:
                account = session.get_one(Account, who.account_id)
                for name, value in change.items():
                    setattr(account, name, value)
        before = _state()
        _button(seen.tester, press.button).click().run()
        after = _state()
    result.tried["pages"] += 1
    where = f"{press.button} on {press.view.name()} by {press.who}, {how}"
    if seen.tester.exception:
        result.wrongly_refused.append(f"{where}: {seen.tester.exception[0].message}")
    browser_does = press.button == "sign-out-everywhere"  # the page asks the browser to, the route does it
    if change:
        result.refused += 1
        if after != before:
            result.leaks.append(f"{where} changed {[name for name in after if after[name] != before[name]]}")
    elif after == before and not browser_does:
        result.wrongly_refused.append(f"{where} did nothing")
    else:
        result.allowed += 1


def _button(tester: AppTest, name: str) -> Any:
    if name.startswith("form "):
        return next(one for one in tester.button if one.form_id == name.removeprefix("form "))
    return next(one for one in tester.button if str(one.key).startswith(name) and not one.form_id)


def _state() -> dict[str, object]:
    """Rows and the audit, but for sign-ins and for the note that somebody asked for what is not theirs."""
    with db.reading() as session:
        numbers = session.connection().exec_driver_sql(COUNTS).one()
        refusals = AuditEntry.action != "access.refuse"
        acts = session.exec(select(AuditEntry.number).where(refusals)).all()
    rows = {name: number for name, number in zip(TABLES, numbers, strict=True) if name not in NOT_ROWS}
    return {**rows, "acts": tuple(acts)}
