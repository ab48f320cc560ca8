"""Every page as everybody: nothing in anything it sends that is not theirs, and the very buttons that are.

A page with the other office in its address has none of either, for whoever has no role there.

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
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col, select
from streamlit.testing.v1 import AppTest, app_test
from streamlit.testing.v1.local_script_runner import LocalScriptRunner

from ita_core import accounts, db, queries
from ita_core.accounts.signing_in import end_sign_ins
from ita_core.models import Account, AuditEntry, Draft, Evidence, Grant, PartyKind, Role, ScoreFile, SignIn, Survey
from ita_core.web.gate import USER_KEY
from pages import ADDRESSES
from tests.trials import rights_rules as rules
from tests.trials.rights_office import (
    BEFORE,
    ELSEWHERE,
    GONE,
    MANY,
    MARK,
    NOBODY,
    STAGES,
    THEIR_STEP,
    Kind,
    Office,
    Who,
    slots,
)
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
NOT_ROWS = {"signin", "lastseen", "ticket", "signinfailure", "auditentry"}


@dataclass(frozen=True)
class View:
    """A page at an address. `own`: the evidence there was handed in by who looks; of MANY, the one that waits.

    Of the plan's page it is the draft.
    """

    page: str
    query: Mapping[str, str] = field(default_factory=dict)
    own: bool = False

    def name(self) -> str:
        asked = "&".join(f"{name}={value}" for name, value in self.query.items())
        return f"/{self.page}{'?' + asked if asked else ''}{' (own)' if self.own else ''}"


def views(office: Office) -> list[View]:
    """Every page, and those that change with their address in each of their ways."""
    found = [View(page) for page in ADDRESSES]
    found += [View("item", {"item": code}) for code in (*STAGES.values(), ELSEWHERE, "O2", GONE)]
    found += [View("item", {"item": code}, own=True) for code in (MANY, STAGES["complete"], STAGES["lapsed"])]
    found += [View("review", own=True), View("plan", own=True)]
    found += [View("item", {"item": MANY, "day": PAST, "all": "1"}), View("overview", {"day": PAST})]
    found += [View("item", {"item": code, "day": str(BEFORE)}) for code in (MANY, GONE)]
    found += [View(page, {"day": str(BEFORE)}) for page in ("overview", "officers", "indicators", "timeline")]
    found += [
        View("officers", {"officer": "trial-author", "kind": "all"}),
        View("officers", {"kind": "measures"}),
        View("officers", {"view": "years"}),
    ]
    found += [View("item", {"state": "overdue"}), View("item", {"officer": "trial-author", "duty": "prepare"})]
    found += [
        View("my_turn", {"day": PAST}),
        View("directives", {"state": "done"}),
        View("directives", {"day": PAST}),
        View("plan", {"revision": "1"}),
        View("campaigns", {"day": PAST}),
        View("timeline", {"step": str(THEIR_STEP)}),
        View("timeline", {"step": str(THEIR_STEP - 1)}),
        View("timeline", {"step": str(THEIR_STEP), "day": PAST}),
    ]
    found += [View("meeting", {"meeting": str(office.meetings["over"])}), View("my_work", {"day": PAST})]
    found += [View("evidence", {"item": code, "sort": "name"}) for code in (MANY, ELSEWHERE, GONE)]
    found += [View("evidence", {"state": "waiting"}), View("evidence", {"day": PAST}), View("itap", {"day": PAST})]
    found += [View("itap", {"item": code}) for code in (*STAGES.values(), ELSEWHERE, GONE)]
    found += [View("clarifications", {"item": code}) for code in (MANY, ELSEWHERE, GONE)]
    found += [View("clarifications", {"item": MANY, "day": PAST})]
    # No part of a mark is asked for: it would be parted where the words are marked.
    asked = (MANY, ELSEWHERE, GONE, "รายงาน", "ผู้ทดลอง", "ส่ง")
    found += [View("search", {"q": word, "all": group}) for word in asked for group in ("evidence", "items")]
    found += [View("search", {"q": MANY, "day": str(BEFORE)}), View("search", {"q": GONE, "day": str(BEFORE)})]
    return found + of_both(office)


def of_both(office: Office) -> list[View]:
    """With an office in the address: one's own, and the other one, at every page."""
    other = office.neighbour
    found = [View("overview", {"office": office.code, "year": "2568"})]
    found += [View("meeting", {"meeting": str(other.meetings["over"])})]
    found += [View(page, {"office": other.code}) for page in ADDRESSES]
    found += [View("item", {"office": other.code, "year": "2568", "item": code}) for code in (MANY, GONE)]
    found += [View("search", {"office": other.code, "q": word}) for word in (MANY, "รายงาน")]
    found += [View("meeting", {"office": other.code, "meeting": str(other.meetings["over"])})]
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
        found = {f"form {_bare(one.form_id)}" if one.form_id else _bare(one.key) for one in self.tester.button}
        found |= {f"{what.decode()}-{directive.decode()}" for what, directive in SETTLE.findall(self.sent)}
        found |= {f"drop-{item.decode()}" for item in DROP.findall(self.sent)}
        return found - ALWAYS


def _bare(key: object) -> str:
    """Without the number of what a field shows (`plan_desk.fresh`)."""
    return re.sub(r"-{1,2}\d{6,}$", "", str(key))


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
        end_sign_ins(session, now, col(SignIn.account_id) == who.account_id)  # else My account lists each look before
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
    visitors = [(office, who) for who in [*office.actors, NOBODY]]
    visitors += [(office.neighbour, who) for who in office.neighbour.actors]
    with listening():
        for of, who in visitors:
            for view in views(of):
                if share < 1 and chance.random() >= share:
                    continue
                with _handed_in(of, who, view):
                    _try(of, who, view, result)
        _oversee(office, result)
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
    give, author = partial(_give, theirs), "author"
    if view.page in KEPT_BY_ONE:
        give, author = partial(_give_kept, office, KEPT_BY_ONE[view.page]), "head"
    give(who.account_id)
    try:
        yield
    finally:
        give(office.people[author])


def _give(evidence: list[int], account_id: int) -> None:
    with db.writing() as session:
        session.exec(sa.update(Evidence).where(col(Evidence.id).in_(evidence)).values(account_id=account_id))


KEPT_BY_ONE: dict[str, type[Draft] | type[ScoreFile]] = {"plan": Draft, "indicators": ScoreFile}  # by page: the head's


def _give_kept(office: Office, what: type[Draft] | type[ScoreFile], account_id: int) -> None:
    with db.writing() as session:
        of_here = sa.update(what).where(col(what.assessment_id) == office.assessment_id)
        session.exec(of_here.values(account_id=account_id))


def _try(office: Office, who: Who, view: View, result: Result) -> None:
    seen = look(who, view)
    result.tried["pages"] += 1
    where = f"{view.name()} as {who.name} of {office.code}"
    if seen.tester.exception:
        result.wrongly_refused.append(f"{where}: {seen.tester.exception[0].message}")
    result.leaks += [f"{where} shows {mark}, of {office.marks[mark.encode()]}" for mark in office.leaks(who, seen.sent)]
    foreign = view.query.get("office", office.code) != office.code
    codes = {code.decode() for code in ITEM_LINK.findall(seen.sent)}
    result.leaks += [f"{where} links {code}" for code in codes if foreign or not office.may(who, "read an item", code)]
    linked = {int(one) for one in EVIDENCE_LINK.findall(seen.sent)}
    result.leaks += [f"{where} links evidence {one}" for one in linked & office.neighbour.item_of.keys()]
    result.leaks += [
        f"{where} links evidence {one}"
        for one in linked & office.item_of.keys()
        if foreign or not office.may(who, "read an item", office.item_of[one])
    ]
    result.wrongly_refused += [f"{where} shows nothing of it" for _one in _lacking(office, who, view, seen)]
    if view.page == "export" and (b"/tables/audit." in seen.sent) is not office.may(who, "export the audit"):
        result.leaks.append(f"{where}: the link to the audit is there or not, against the rules")
    wanted, drawn = expected(office, who, view), seen.drawn
    if view.page == "review" and who.enabled and not foreign:  # the queue's first, in both of its ways
        offered = {f"{act}-{one}" for one in _queue(office, who, view) for act in ("accept", "return")}
        wanted = drawn if len(drawn) == 2 and drawn <= offered else set(list(offered)[:2])
    result.leaks += [f"{where} offers {one}" for one in drawn - wanted]
    result.wrongly_refused += [f"{where} does not offer {one}" for one in wanted - drawn]
    result.allowed += len(drawn & wanted)
    result.refused += foreign


def _lacking(office: Office, who: Who, view: View, seen: Seen) -> list[str]:
    """The item that the address names, where it is to be shown and is not."""
    code, of, day = (view.query.get(name, "") for name in ("item", "office", "day"))
    planned = code != GONE or day == str(BEFORE)
    if not code or not planned or of not in {"", office.code} or not office.may(who, "read an item", code):
        return []
    if view.page == "itap" and not office.may(who, "publish and file", code):
        return []
    shows = any(office.marks[mark] == (office.code, "item", code) for mark in MARK.findall(seen.sent))
    return [] if shows else [code]


def _oversee(office: Office, result: Result) -> None:
    """Whose role holds in both offices sees what is of both, each at its address."""
    overseer = Who("overseer", office.people["overseer"], office.code, Kind(Role.viewer, "no officer", False))
    for of in (office, office.neighbour):
        sent = look(overseer, View("item", {"office": of.code, "item": MANY})).sent
        result.tried["pages"] += 1
        if not any(of.marks[mark] == (of.code, "item", MANY) for mark in MARK.findall(sent)):
            result.wrongly_refused.append(f"the overseer sees nothing of {MANY} in {of.code}")
        result.leaks += [
            f"/item of {of.code} shows {mark.decode()}, of {of.marks[mark]}, to the overseer"
            for mark in MARK.findall(sent)
            if of.marks[mark][0] != of.code and of.marks[mark][1] != "plan"  # the name of the other is in the choice
        ]


def _queue(office: Office, who: Who, view: View) -> set[int]:
    """What waits for this visitor's decision."""
    decided = {office.evidence[state] for state, outcome in rules.EVIDENCE_STATES.items() if outcome != DOES}
    with db.reading() as session:
        facts = queries.list_evidence(session, None, office.assessment_id)
    waiting = [one for one in facts if one.decision is None and one.withdrawn_at is None]
    assert not decided & {one.id for one in waiting}
    own = {office.evidence["waiting"]} if view.own else set()
    return {one.id for one in waiting if office.may(who, "review", one.item_code, own=one.id in own)}


# --- what is offered -------------------------------------------------------------------------------------------------


FORMS_OF_A_RULE = {
    "indicators": [
        ("plan", ("form scores", "form retract-score")),
        ("direct", ("form estimate", "form take-back-EIT")),
    ],
    "campaigns": [
        ("keep campaigns", ("form count-iit", "form count-eit-2", *(f"form campaign-{one.value}" for one in Survey))),
        ("keep stakeholders", ("stakeholders-open",)),
    ],
}


def expected(office: Office, who: Who, view: View) -> set[str]:
    """The buttons that are this visitor's on this page, by the rules."""
    if not who.enabled:
        return {"form Login"}
    if view.query.get("office", office.code) != office.code:
        return set()
    if view.page == "account":
        return {"form password", "form second-step-begin", "sign-out-everywhere", "form calendar-address", "form token"}
    if "day" in view.query or "meeting" in view.query:
        return set()  # a look back changes nothing
    if view.page == "people":
        return _on_people(office, who) if office.may(who, "administer") else set()
    if view.page == "plan" and office.may(who, "plan"):
        return _on_plan(office, who, view)
    if view.page in FORMS_OF_A_RULE:
        return _of_rules(office, who, view.page)
    if code := view.query.get("item"):
        return _of_an_item(office, who, view, code)
    if view.page == "timeline" and "step" in view.query:
        given = who.is_planned and view.query["step"] == str(THEIR_STEP)
        return {"form tick-step"} if office.may(who, "tick a step", given=given) else set()
    if view.page == "directives":
        return _on_directives(office, who, view.query.get("state", ""), reports=True)
    if view.page == "meeting" and office.may(who, "direct"):
        meeting = {"meeting-attend", "meeting-end"}
        return meeting | _on_directives(office, who, "", reports=False)
    return set()


def _of_an_item(office: Office, who: Who, view: View, code: str) -> set[str]:
    if view.page == "item":
        return _on_item(office, who, code, own=view.own)
    on_page = {"itap": _on_sheet, "clarifications": _on_clarification}.get(view.page)
    return on_page(office, who, code) if on_page else set()


def _of_rules(office: Office, who: Who, page: str) -> set[str]:
    found = {form for rule, forms in FORMS_OF_A_RULE[page] if office.may(who, rule) for form in forms}
    waits = page == "indicators" and who.account_id == office.people["head"]  # whose file of scores was read
    if page == "campaigns" and office.may(who, "keep stakeholders"):
        found.add(f"form stakeholders-delete-{office.stakeholders}")
    return found | ({"record-score-file", "discard-score-file"} if waits else set())


def _on_clarification(office: Office, who: Who, code: str) -> set[str]:
    """Of the one item with points from the assessor, whose clarification waits for the commander."""
    if code != MANY:
        return set()
    key = f"clarify-{office.assessment_id}-{office.items[MANY]}-2025-03-15-1"
    found = {f"{key}-{what}" for what in ("draft", "propose", "stop") if office.may(who, "clarify")}
    if office.may(who, "decide on a clarification"):
        found |= {f"decide-{office.clarification}-approve", f"decide-{office.clarification}-back"}
    return found


def _on_plan(office: Office, who: Who, view: View) -> set[str]:
    """The year's end is not near yet, and with it the next year."""
    found = {f"form go-back-{number}" for name, number in view.query.items() if name == "revision"}
    if "revision" not in view.query and office.may(who, "close a year"):
        found.add("name-baseline")  # the newest is not the baseline, the first one is
    if office.may(who, "administer"):
        found.add("form start-office")
    if not view.own:
        return found | {"take-over"}
    found |= {"form put-in-force", "discard-draft", *EDITORS}
    return found | ({"form leave"} if office.may(who, "administer") else set())


EDITORS = {  # of a draft of one's own, as they are drawn at first: of the first item, requirement, post, step
    "form deadlines", "form deadline-groups", "month-move-of 2024-10", "form move-all", "form duties-O1",
    "form person-", "form words-O1", "form requirement-O1-structure", "take-out-O1-structure",
    "form steps", "form phases", "form new-step", "step-move", "take-out-step-1",
    "form office", "form group-commander", "take-out-commander", "form figures",
}  # fmt: skip


def _on_people(office: Office, who: Who) -> set[str]:
    with db.reading() as session:
        people = queries.get_history(session, office.assessment_id).now.parties.values()
        granted = session.exec(select(Grant.account_id).where(Grant.office_id == office.id)).all()
    groups = {f"form group-{one.id}" for one in people if one.kind is not PartyKind.officer}
    names = {f"form name-{one.id}" for one in people if one.kind is PartyKind.officer and one.confirm}
    others = [one for one in granted if one != who.account_id]
    of_others = {f"form {what}-{one}" for one in others for what in ("account", "role")}
    slips = {f"{what}-{one}" for one in others for what in ("slip", "end-all")}  # of a disabled one greyed
    return {"form invite", "form outsider", "form demand-second-step"} | groups | names | of_others | slips


def _on_directives(office: Office, who: Who, shown: str, *, reports: bool) -> set[str]:
    found = {"directive-give"} if office.may(who, "direct") else set()
    for (state, to_all), directive in office.directives.items():
        if shown not in {"", state}:
            continue
        if office.may(who, "direct"):
            for what, outcomes in rules.SETTLE.items():
                offered = outcomes[state] == DOES and (what != "reopened" or state in {"done", "cancelled"})
                found |= {f"{what}-{directive}"} if offered else set()
        given = to_all and who.is_planned
        if reports and state == "open" and office.may(who, "report", given=given):
            found.add(f"reported-{directive}")
    return found


def _on_sheet(office: Office, who: Who, code: str) -> set[str]:
    """Of an item that is approved, for whoever publishes; the others' pages say whose work it is."""
    stage = next((stage for stage, of in STAGES.items() if of == code), "preparing")
    if stage not in {"approved", "published", "filed"} or not office.may(who, "publish and file", code):
        return set()
    if stage == "approved":
        return {f"form record-approved-{code}"}
    record = f"form record-published-{code}" if stage == "published" else f"form correct-filed-{code}"
    return {record} | ({f"check-filed-{code}"} if stage == "filed" else _checks(code, stage))  # what ITAP has


def _checks(code: str, stage: str) -> set[str]:
    """A button for each address; what is filed here has another one than what is published."""
    return {f"check-published-{code}"} | ({f"check-filed-{code}"} if stage == "filed" else set())


def _on_item(office: Office, who: Who, code: str, *, own: bool) -> set[str]:
    found = set()
    stage = next((stage for stage, of in STAGES.items() if of == code), "preparing")
    if rules.APPROVE[stage] == DOES and office.may(who, "approve", code, own=own):
        found.add("approve")
    if rules.SEND_BACK[stage] == DOES and office.may(who, "send back", code):
        found.add(f"send-back-{office.items[code]}")
    if stage in {"approved", "published"} and office.may(who, "publish and file", code):
        found.add(f"form record-{stage}-{code}")
    if code != GONE and office.may(who, "direct"):
        found.add("directive-give")
    if stage in {"published", "filed"} and office.may(who, "publish and file", code):
        found |= {f"form correct-published-{code}", f"take-off-{code}-{office.links[code]}"}
        found |= {f"form correct-filed-{code}"} if stage == "filed" else set()
        found |= _checks(code, stage)
    if code != GONE and office.may(who, "hand in", code):
        found.add(f"drop-{office.items[code]}")
        if code == MANY:
            found |= {"send-files", f"discard-{office.uploads[who.account_id]}"}
    if own and code == MANY and office.may(who, "withdraw", code, own=True):
        found.add(f"withdraw-{office.evidence['waiting']}")
    return found


# --- a button of a right that was taken away -------------------------------------------------------------------------


@dataclass(frozen=True)
class Press:
    who: str
    view: View
    button: str
    fill: Callable[[Office, AppTest], object] = lambda _office, _tester: None


def _other_role(office: Office, tester: AppTest) -> None:
    chosen = f"role-is-{office.people['spare']}-"
    next(one for one in tester.selectbox if str(one.key).startswith(chosen)).set_value(Role.viewer)


def _why(office: Office, tester: AppTest) -> None:
    tester.text_area(key=f"why-{office.directives['open', True]}").set_value("เหตุ")


def _send_back(office: Office, tester: AppTest) -> None:
    tester.text_area(key=f"send-back-{office.items[STAGES['complete']]}-reason").set_value("เหตุ")


def _scores(_office: Office, tester: AppTest) -> None:
    tester.selectbox(key="scores-year").select(2568)
    tester.number_input(key="score-OIT").set_value(98.0)


def _estimated(_office: Office, tester: AppTest) -> None:
    next(one for one in tester.number_input if str(one.key).startswith("what-if-IIT-")).set_value(97.0)
    tester.text_input(key="estimate-note").set_value("เหตุ")


def _taken_back(_office: Office, tester: AppTest) -> None:
    tester.text_input(key="take-back-EIT-why").set_value("เหตุ")


def _retracted(_office: Office, tester: AppTest) -> None:
    tester.selectbox(key="retracted").select_index(0)
    tester.text_input(key="retracted-why").set_value("เหตุ")


def _responses(_office: Office, tester: AppTest) -> None:
    next(one for one in tester.number_input if str(one.key).startswith("count-1-iit")).set_value(5)


def _outsider(_office: Office, tester: AppTest) -> None:
    tester.text_input(key="outsider-name-0").set_value("คนนอก")


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
        next(one for one in tester.text_area if "https" in one.placeholder).set_value("https://example.org/x")

    def covers(office: Office, tester: AppTest) -> None:
        with db.reading() as session:
            slot = slots(session, office, MANY, format="pdf")[0]
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

    def leaving(office: Office, tester: AppTest) -> None:
        tester.selectbox(key="leaves").set_value(office.parties["spare"])
        tester.checkbox(key="leave-sure").check()

    def days(_office: Office, tester: AppTest) -> None:
        tester.number_input(key="move-by").set_value(1)

    meeting = View("meeting")
    return [
        Press(lead, item["complete"], "approve"),
        Press(lead, item["complete"], f"send-back-{office.items[STAGES['complete']]}", _send_back),
        *(Press(lead, item[at], f"form record-{at}-{STAGES[at]}", address) for at in ("approved", "published")),
        *(
            Press(lead, item["filed"], f"form correct-{what}-{STAGES['filed']}", _corrected)
            for what in ("filed", "published")
        ),
        *(Press(lead, item[at], f"take-off-{STAGES[at]}-{office.links[STAGES[at]]}") for at in ("published", "filed")),
        Press(lead, View("item", {"item": MANY}, own=True), f"withdraw-{waiting}"),
        Press(lead, item["preparing"], "send-files", covers),
        Press(lead, item["preparing"], f"discard-{upload}"),
        Press(lead, item["preparing"], f"message-{waiting}", _ask),
        Press(lead, View("review"), "accept-"),
        Press(lead, View("review"), "return-", reason),
        Press(lead, View("directives"), "directive-give", give),
        Press(lead, View("directives"), f"done-{directive['open']}"),
        Press(lead, View("directives"), f"cancelled-{directive['open']}", _why),
        Press(lead, View("directives"), f"reopened-{directive['done']}"),
        Press(lead, View("directives"), f"reported-{directive['open']}"),
        Press(lead, meeting, "directive-give", give),
        Press(lead, meeting, "meeting-attend", lambda _o, tester: tester.text_input[0].set_value("แขก")),
        Press(lead, meeting, "meeting-end"),
        Press(admin, View("people"), f"form account-{office.people['spare']}", shut),
        Press(admin, View("people"), f"form name-{office.parties['spare']}"),
        Press(admin, View("people"), f"form group-{office.parties['everybody']}", member),
        Press(admin, View("people"), "form invite", officer),
        Press(admin, View("people"), "form outsider", _outsider),
        Press(admin, View("people"), f"form role-{office.people['spare']}", _other_role),
        Press(admin, View("people"), f"slip-{office.people['spare']}"),
        Press(admin, View("account"), "sign-out-everywhere"),
        Press(admin, View("indicators"), "form scores", _scores),
        Press(admin, View("indicators"), "form retract-score", _retracted),
        Press(lead, View("timeline", {"step": str(THEIR_STEP)}), "form tick-step"),
        Press(lead, View("campaigns"), "form campaign-eit-1"),
        Press(lead, View("campaigns"), "form count-iit", _responses),
        Press(lead, View("indicators", own=True), "record-score-file"),
        Press(lead, View("indicators", own=True), "discard-score-file"),
        Press(lead, View("campaigns"), "stakeholders-open"),
        Press(lead, View("campaigns"), f"form stakeholders-delete-{office.stakeholders}"),
        Press(lead, View("indicators"), "form estimate", _estimated),
        Press(lead, View("indicators"), "form take-back-EIT", _taken_back),
        Press(admin, View("plan", {"revision": "1"}), "form go-back-1"),
        Press(lead, View("plan"), "take-over"),
        Press(lead, View("plan"), "name-baseline"),
        Press(lead, View("plan", own=True), "form put-in-force"),
        Press(lead, View("plan", own=True), "discard-draft"),
        Press(lead, View("plan", own=True), "form move-all", days),
        Press(admin, View("plan", own=True), "form leave", leaving),
    ]


def _corrected(_office: Office, tester: AppTest) -> None:
    for one in tester.text_area:
        if "https" in one.placeholder:
            one.set_value("https://example.org/corrected")


def _ask(office: Office, tester: AppTest) -> None:
    waiting = office.evidence["waiting"]
    tester.session_state[f"thread-{waiting}"] = True  # opened
    tester.run()
    tester.text_area(key=f"say-{waiting}").set_value("ถาม")


def _named(office: Office, name: str) -> Who:
    return next(who for who in office.actors if who.name == name)


def _first(tester: AppTest) -> str:
    return next(str(one.key) for one in tester.button if str(one.key).startswith("accept-")).removeprefix("accept-")


def _disable(session: Session, _office: Office, account_id: int) -> None:
    session.get_one(Account, account_id).disabled = True


def _grant_of(session: Session, account_id: int) -> Grant:
    return session.exec(select(Grant).where(Grant.account_id == account_id)).one()


def _make_viewer(session: Session, _office: Office, account_id: int) -> None:
    grant = _grant_of(session, account_id)
    grant.role, grant.keeps_itap = Role.viewer, False


def _make_officer_of_nothing(session: Session, _office: Office, account_id: int) -> None:
    grant = _grant_of(session, account_id)
    grant.role, grant.keeps_itap = Role.officer, False
    session.get_one(Account, account_id).person_id = None


def _take_role(session: Session, _office: Office, account_id: int) -> None:
    session.delete(_grant_of(session, account_id))


def _move_role(session: Session, office: Office, account_id: int) -> None:
    _grant_of(session, account_id).office_id = office.neighbour.id


TAKEN: dict[str, Callable[[Session, Office, int], None] | None] = {
    "nothing taken away": None,
    "disabled": _disable,
    "made a viewer": _make_viewer,
    "made an officer of no duty": _make_officer_of_nothing,
    "without a role": _take_role,
    "with the same role in the other office": _move_role,
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


def _press(
    office: Office, press: Press, how: str, change: Callable[[Session, Office, int], None] | None, result: Result
) -> None:
    who = _named(office, press.who)
    with _handed_in(office, who, press.view):
        seen = look(who, press.view)
        press.fill(office, seen.tester)
        if change:
            with db.writing() as session:
                change(session, office, who.account_id)
        before = _state()
        button = _button(seen.tester, press.button)
        if button is not None:
            button.click().run()
        after = _state()
    result.tried["pages"] += 1
    where = f"{press.button} on {press.view.name()} by {press.who}, {how}"
    if button is None:
        there = sorted(str(one.key or one.form_id) for one in seen.tester.button)
        result.wrongly_refused.append(f"{where}: there is no such button, of {there}")
        return
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
        of_form = name.removeprefix("form ")
        return next((one for one in tester.button if one.form_id and _bare(one.form_id) == of_form), None)
    found = [one for one in tester.button if str(one.key).startswith(name) and not one.form_id]
    return next((one for one in found if one.key == name), found[0] if found else None)  # slip-7 is not slip-73


def _state() -> dict[str, object]:
    """Rows and the audit, but for sign-ins and for the note that somebody asked for what is not theirs."""
    with db.reading() as session:
        numbers = session.connection().exec_driver_sql(COUNTS).one()
        refusals = AuditEntry.action != "access.refuse"
        acts = session.exec(select(AuditEntry.number).where(refusals)).all()
    rows = {name: number for name, number in zip(TABLES, numbers, strict=True) if name not in NOT_ROWS}
    return {**rows, "acts": tuple(acts)}
