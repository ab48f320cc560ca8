"""Every route that gives something out or takes something in, asked by everybody of both offices.

Whoever may not have a thing gets, byte for byte, what they would get for one that does not exist; so does everybody of
what is the other office's.
"""

import io
import json
import random
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import product
from urllib.parse import quote, unquote_to_bytes

import sqlalchemy as sa
from httpx import Response
from sqlmodel import select
from starlette.testclient import TestClient

from ita_core import accounts, db, queries, workflow
from ita_core.exports import pack
from ita_core.exports.documents.making import DOCUMENTS
from ita_core.exports.making import ENCODINGS, TABLES
from ita_core.models import Account, EvidenceKind, PartyKind, Role, ScoreFile, SignInFailure, StoredFile
from ita_core.models import Evidence as EvidenceRow
from ita_core.plan import exchange
from ita_core.plan.stakeholders import load_form
from ita_core.web import (
    documents,
    downloads,
    line,
    manual,
    packs,
    plan_files,
    programs,
    provider,
    routes,
    score_files,
    stakeholders,
    uploads,
)
from ita_core.web.gate import COOKIE
from tests import asking
from tests.cast import compared
from tests.papers import pdf_with
from tests.trials.rights_office import (
    BEFORE,
    ELSEWHERE,
    GONE,
    MANY,
    NOBODY,
    NOWHERE,
    SCORE_FILE,
    STAGES,
    Office,
    Who,
    drawing,
)
from tests.trials.rights_workflow import COUNTS, Result
from tests.trials.rights_workflow import TABLES as ROWS

# Every route there is; a new one must be added here, and tried below.
TRIED = {
    "/evidence/{id:int}",
    "/evidence/{id:int}/inline",
    "/evidence/{id:int}/page/{page:int}",
    "/evidence.zip",
    "/pack.zip",
    "/tables/{table}.{format}",
    "/documents/{document}.{format}",
    "/posters/{survey}.{format}",
    "/workbook.xlsx",
    "/uploads/{item_id:int}/{key}",
    "/plans/{name}.{kind}",
    "/plans/{name}/{key}",
    "/scores/{name}.xlsx",
    "/scores/{name}/{key}",
    "/stakeholders/form.xlsx",
    "/stakeholders/{name}.xlsx",
    "/stakeholders/{name}/{step}",
    "/api/v1/",
    "/api/v1/calendar.ics",
    "/api/v1/{table}",
    "/api/{rest:path}",
    "/calendar.ics",
    "/calendar/{token}.ics",
    "/calendar/{rest:path}",
}
NOT_TRIED = {
    "/auth/enter": "the ticket is the right",
    "/auth/oidc/start": "leads to the provider of the settings",
    "/auth/oidc/back": "the provider's word is the right, with the cookie of who left for it",
    "/auth/oidc/leave": "leads to where the provider of the settings signs people out",
    "/auth/leave": "ends the sign-in of the cookie it comes with",
    "/auth/back": "takes the half cookie it comes with out of the browser: tests/web/test_half_a_sign_in.py",
    "/icon.svg": "for anybody",
    "/line/webhook": "LINE's signature is the right: tests/channels/test_webhook.py",
    "/api/v1/openapi.json": "for anybody: it describes what there is, of nobody",
    "/manual/{name}": "pictures of the demonstration, for whoever is signed in: tests/web/test_manual.py",
}
DAYS = ("", "day=2025-02-28", f"day={BEFORE}")


def addresses() -> set[str]:
    every = (
        *downloads.routes(),
        *documents.routes(),
        *packs.routes(),
        *plan_files.routes(),
        *programs.routes(),
        *score_files.routes(),
        *provider.routes(),
        *stakeholders.routes(),
        *manual.routes(),
        *uploads.routes(connections=1500),
        *line.routes(),
        *routes.routes(),
    )
    return {route.path for route in every}


class Asker:
    """Somebody's browser; what it got is looked through for what is not theirs. `office` is their own."""

    def __init__(self, browser: TestClient, office: Office, who: Who, result: Result) -> None:
        self.browser, self.office, self.who, self.result = browser, office, who, result
        self.headers = {"Cookie": f"{COOKIE}={_cookie(who)}"} if who is not NOBODY else {}

    def ask(self, path: str, *, send: bytes | None = None, name: str = "ทดลอง.pdf", counted: bool = True) -> Response:
        if send is None:
            answer = self.browser.get(path, headers=self.headers)
        else:
            named = {"X-File-Name": quote(name), **asking.ORIGIN, **self.headers}
            answer = self.browser.post(path, content=send, headers=named)
        if counted:
            self.result.tried["routes"] += 1
        given = str(dict(answer.headers)).encode() + unquote_to_bytes(str(dict(answer.headers)))
        self.result.leaks += [
            f"{path} gives {mark} to {self.who.name}"
            for mark in self.office.leaks(self.who, given + _text_of(answer.content))
        ]
        return answer

    def expect(
        self, path: str, wanted: int, beside: str, *, send: bytes | None = None, name: str = "ทดลอง.pdf"
    ) -> Response:
        """`wanted` is the status for whoever has the right; 0: they have none, it must look like `beside`."""
        answer = self.ask(path, send=send, name=name)
        if wanted:
            if answer.status_code == wanted:
                self.result.allowed += wanted < 300
                self.result.refused += wanted >= 300
            else:
                self.result.wrongly_refused.append(f"{path}: {answer.status_code}, not {wanted}, for {self.who.name}")
            return answer
        none = self.ask(beside, send=send, name=name, counted=False)
        self.result.refused += 1
        if _all_of(answer) != _all_of(none) or answer.status_code < 400:
            self.result.leaks.append(
                f"{path} is not like {beside} for {self.who.name}: {_all_of(answer)!r} and {_all_of(none)!r}"
            )
        return answer


def _all_of(answer: Response) -> tuple[int, bytes, list[tuple[str, str]]]:
    return answer.status_code, answer.content, sorted(answer.headers.items())


def _text_of(content: bytes) -> bytes:
    """Of a zip the names and what is in it; a workbook is one, too, also where it lies in another."""
    if not content.startswith(b"PK"):
        return content
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        return b"".join(name.encode() + _text_of(parts.read(name)) for name in parts.namelist())


def _cookie(who: Who) -> str:
    """Signed in before the account was disabled."""
    if not who.enabled:
        _set_disabled(who, False)
    made = asking.cookie(who.account_id)
    if not who.enabled:
        _set_disabled(who, True)
    return made


def _set_disabled(who: Who, disabled: bool) -> None:
    with db.writing() as session:
        session.get_one(Account, who.account_id).disabled = disabled


def tried(office: Office, *, share: float = 1.0, seed: int = 1) -> Result:
    """Everything by everybody, or by a seeded share of them."""
    chance, result = random.Random(seed), Result()
    documented: set[tuple[str, str, Role, bool]] = set()
    chosen = [who for who in office.actors if share >= 1 or chance.random() < share]
    visitors = [(office, who) for who in [*chosen, NOBODY]]
    visitors += [(office.neighbour, who) for who in office.neighbour.actors]
    with TestClient(asking.server(), raise_server_exceptions=False) as browser:
        for number, (of, who) in enumerate(visitors):
            asker = Asker(browser, of, who, result)
            _evidence(asker, _kinds(of))
            _zips(asker)
            _packs(asker)
            _tables(asker)
            _documents(asker, documented)
            _posters(asker)
            _workbook(asker)
            _uploads(asker, number)
            _plans(asker)
            _scores(asker)
            _stakeholders(asker)
            _programs(asker)
            _of_the_neighbour(asker, number)
        _overseen(browser, office, result)
    return result


def _kinds(office: Office) -> dict[int, str]:
    """Evidence → pdf, image, or "" for what is no file."""
    with db.reading() as session:
        rows = [session.get_one(EvidenceRow, one) for one in office.item_of]
        return {
            row.id or 0: session.get_one(StoredFile, row.sha256).format if row.kind is EvidenceKind.file else ""
            for row in rows
        }


SHOWN = {"": {"pdf", "image"}, "/inline": {"image"}, "/page/1": {"pdf"}}  # part of an address: what has it


def _evidence(asker: Asker, kinds: dict[int, str]) -> None:
    for evidence, code in asker.office.item_of.items():
        reads = asker.office.may(asker.who, "read an item", code)
        for part, fits in SHOWN.items():
            wanted = (200 if kinds[evidence] in fits else 404) if reads else 0
            asker.expect(f"/evidence/{evidence}{part}", wanted, f"/evidence/{NOWHERE}{part}")


def _zips(asker: Asker) -> None:
    """Each piece by itself, and with one that everybody may read or nobody: all of them, or nothing."""
    nowhere = f"/evidence.zip?only={NOWHERE}"
    readable = [one for one, code in asker.office.item_of.items() if asker.office.may(asker.who, "read an item", code)]
    for evidence in asker.office.item_of:
        wanted = 200 if evidence in readable else 0
        asker.expect(f"/evidence.zip?only={evidence}", wanted, nowhere)
        asker.expect(f"/evidence.zip?only={evidence},{NOWHERE}", 0, nowhere)
        if readable and evidence not in readable:
            asker.expect(f"/evidence.zip?only={readable[0]},{evidence}", 0, nowhere)
    if readable:
        asker.expect(f"/evidence.zip?only={','.join(map(str, readable))}", 200, nowhere)


def _packs(asker: Asker) -> None:
    """Of one's own office and year: what was accepted of the items that one may read, all of them for who sees all."""
    who, office, right = asker.who, asker.office, asker.who.enabled
    for asked in ("", f"office={office.code}&year=2568", "everything=1"):
        answer = asker.expect(f"/pack.zip?{asked}", 200 if right else 0, "/pack.zip?office=nowhere")
        if not right or answer.status_code != 200:
            continue
        names = _names_in(answer)
        if (pack.AUDIT in names) is not office.may(who, "export the audit"):
            asker.result.leaks.append(
                f"/pack.zip?{asked}: the record is there or not, against the rules, for {who.name}"
            )
        got = {name.split("/")[1].split(" ")[0] for name in names if name.startswith(pack.EVIDENCE)}
        more = [code for code in got if not office.may(who, "read an item", code)]
        asker.result.leaks += [f"/pack.zip?{asked} gives {code} to {who.name}" for code in more]
        if office.may(who, "see every item") and STAGES["filed"] not in got:
            asker.result.wrongly_refused.append(f"/pack.zip?{asked} keeps {STAGES['filed']} from {who.name}")


def _names_in(answer: Response) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(answer.content)) as parts:
        return parts.namelist()


def _tables(asker: Asker) -> None:
    who, own = asker.who, f"office={asker.office.code}&year=2568"
    for table, fmt in _each_table():
        rule = {"audit": "export the audit", "meetings": "see meetings"}.get(table)
        right = who.enabled and (rule is None or asker.office.may(who, rule))
        for asked in ("", own, *DAYS[1:]) if right and fmt == "json" else ("", own):
            wanted = 200 if right else 0
            answer = asker.expect(f"/tables/{table}.{fmt}?{asked}", wanted, f"/tables/nothing.{fmt}")
            if right and fmt == "json":
                _rows_of(asker, table, json.loads(answer.content), then=str(BEFORE) in asked)


def _documents(asker: Asker, made: set[tuple[str, str, Role, bool]]) -> None:
    """Of everything for who sees everything, one's own list of assignments for all others of the office.

    Making one takes a while: it is made for the first of each kind of people (`made`), and refused to everybody.
    """
    who, office = asker.who, asker.office
    rights = {"assignments": who.enabled, "clarifications": who.enabled, "meeting": office.may(who, "read a directive")}
    for name in DOCUMENTS:
        right = who.enabled and rights.get(name, office.may(who, "see every item"))
        kind = (name, office.code, who.role, who.kind.keeps_itap, who.kind.duties if name == "clarifications" else "")
        if right and kind in made:
            continue
        made.add(kind)
        unread = name == "clarifications" and not office.may(who, "read an item", MANY)
        nothing = 400 if unread or (name == "meeting" and not _ended(office)) else 200
        asker.expect(f"/documents/{name}.docx", nothing if right else 0, "/documents/nothing.docx")
    asker.expect("/documents/measure.xlsx", 0, "/documents/nothing.docx")


def _posters(asker: Asker) -> None:
    """Everybody's of the office, of the survey whose address is known."""
    asked = f"office={asker.office.code}&year=2568"
    asker.expect(f"/posters/iit.pdf?{asked}", 200 if asker.who.enabled else 0, "/posters/nothing.pdf")
    for name in ("eit-1.pdf", "iit.docx"):
        asker.expect(f"/posters/{name}", 0, "/posters/nothing.pdf")


def _ended(office: Office) -> bool:
    with db.reading() as session:
        return any(one.ended_at for one in queries.list_meetings(session, office.assessment_id))


def _workbook(asker: Asker) -> None:
    """Of everybody's own items; what it says is looked through for what is others'."""
    who, own = asker.who, f"office={asker.office.code}&year=2568"
    for asked in ("", own, *DAYS[1:]):
        asker.expect(f"/workbook.xlsx?{asked}", 200 if who.enabled else 0, "/tables/nothing.csv")


def _rows_of(asker: Asker, table: str, rows: list[dict[str, str]], *, then: bool) -> None:
    """Whether the rows are those of what somebody may read: `then` of the plan of before."""
    office, who = asker.office, asker.who
    readable = {code for code in (*office.items, *[GONE] * then) if office.may(who, "read an item", code)}
    if table == "items":
        got, owed = {row["code"] for row in rows}, readable
    elif table in {"slots", "evidence", "reviews"}:
        got = {row["item"] for row in rows}
        owed = got | (readable & {MANY, ELSEWHERE}) if table == "slots" else got
    elif table == "officers":
        got, owed = {row["name"] for row in rows}, _officers(asker, then=then)
    else:
        return
    more = got - readable if table != "officers" else got - owed
    asker.result.leaks += [f"/tables/{table}.json gives {one} to {who.name}" for one in more]
    asker.result.wrongly_refused += [f"/tables/{table}.json keeps {one} from {who.name}" for one in owed - got]


def _each_table() -> Iterator[tuple[str, str]]:
    return ((table, fmt) for table in TABLES for fmt in ENCODINGS)


def _officers(asker: Asker, *, then: bool) -> set[str]:
    """Everybody's numbers, by their names in the plan, for who sees every item, else one's own."""
    who, office = asker.who, asker.office
    with db.reading() as session:
        plans = queries.get_history(session, office.assessment_id).plans
    names = {one.id: one.name for one in plans[0 if then else -1].parties.values() if one.kind is PartyKind.officer}
    if office.may(who, "see every item"):
        return set(names.values())
    return {name for party, name in names.items() if party == who.officer_id}


def _uploads(asker: Asker, number: int) -> None:
    who, office = asker.who, asker.office
    for code in (MANY, ELSEWHERE, STAGES["filed"]):
        item, nowhere = office.items[code], f"/uploads/{NOWHERE}"
        right, reads = office.may(who, "hand in", code), office.may(who, "read an item", code)
        refused = 400 if reads else 0
        answer = asker.expect(f"/uploads/{item}/first", 200 if right else refused, f"{nowhere}/first")
        if right and answer.json() != {"id": office.uploads[who.account_id]}:
            asker.result.leaks.append(f"/uploads/{item}/first gives {answer.json()} to {who.name}")
        before = _rows()
        # Of a kind that the item takes; each is another file.
        pictures = code == STAGES["filed"]
        sent = drawing(70_000 + 1_000 * item + number) if pictures else pdf_with(f"0 0 {300 + number} {400 + item}")
        name = "ภาพ.png" if pictures else "ทดลอง.pdf"
        path = f"/uploads/{item}/new-{item}"
        asker.expect(path, 201 if right else refused, f"{nowhere}/new-{item}", send=sent, name=name)
        made = _rows() - before
        if made != (1 if right else 0):
            asker.result.leaks.append(f"POST /uploads/{item} by {who.name} made {made} uploads")


def _plans(asker: Asker) -> None:
    """The plan as a file; what comes in is the draft of whoever has one already, and takes nobody's."""
    who, office = asker.who, asker.office
    right = office.may(who, "plan")
    with db.reading() as session:
        now = queries.get_history(session, office.assessment_id).now
        before = queries.find_draft(session, office.assessment_id)
    changed = now.plan.model_copy(update={"target": 96.0})
    for kind in (exchange.WORKBOOK, exchange.YAML):
        asker.expect(f"/plans/{now.plan.name}{kind}", 200 if right else 0, f"/plans/nowhere-2568{kind}")
    sent = {"ทดลอง.pdf": b"%PDF", "ทดลอง.yaml": exchange.write(now.framework, changed, exchange.YAML)}
    takes = right and (before is None or before.account_id == who.account_id)
    for name, content in sent.items():
        wanted = 201 if takes and name.endswith(".yaml") else 400
        path = f"/plans/{now.plan.name}/k"
        asker.expect(path, wanted if right else 0, "/plans/nowhere-2568/k", send=content, name=name)
    with db.reading() as session:
        after = queries.find_draft(session, office.assessment_id)
    if takes and (after is None or after.account_id != who.account_id or after.plan != changed):
        asker.result.wrongly_refused.append(f"POST /plans by {who.name} made no draft")
    if not takes and after != before:
        asker.result.leaks.append(f"POST /plans by {who.name} changed the draft")


def _scores(asker: Asker) -> None:
    """The form of scores, and a file of them that waits then as its sender's, and as nobody else's."""
    who, office = asker.who, asker.office
    right = office.may(who, "plan")
    path, nowhere = f"/scores/{office.code}-2568", "/scores/nowhere-2568"
    asker.expect(f"{path}.xlsx", 200 if right else 0, f"{nowhere}.xlsx")
    wanted = "ปีงบประมาณ,เครื่องมือ,คะแนน\n2566,IIT,90\n".encode()
    before = _waiting(office)
    for name, content in (("ทดลอง.pdf", b"%PDF"), ("ทดลอง.csv", wanted)):
        status = 201 if name.endswith(".csv") else 400
        asker.expect(f"{path}/k", status if right else 0, f"{nowhere}/k", send=content, name=name)
    changed = {account for account, name in _waiting(office).items() if before.get(account) != name}
    if changed != ({who.account_id} if right else set()):
        asker.result.leaks.append(f"POST /scores by {who.name} changed the files of {changed}")
    if right:  # as it was: the next who asks finds what the office was made with
        of = {"by": who.account_id, "assessment_id": office.assessment_id, "at": office.at()}
        with db.writing() as session:
            if kept := before.get(who.account_id):
                workflow.keep_score_file(session, file_name=kept, sha256="0" * 64, entries=SCORE_FILE, **of)
            else:
                workflow.discard_score_file(session, **of)


def _waiting(office: Office) -> dict[int, str]:
    """Whose file of scores waits, and its name."""
    with db.reading() as session:
        here = select(ScoreFile).where(ScoreFile.assessment_id == office.assessment_id)
        return {one.account_id: one.file_name for one in session.exec(here)}


def _stakeholders(asker: Asker) -> None:
    """The list as a file, looked over and imported, for whoever keeps it; our empty form for everybody signed in."""
    right = asker.office.may(asker.who, "keep stakeholders")
    name, nowhere = f"/stakeholders/{asker.office.code}-2568", "/stakeholders/nowhere-2568"
    asker.expect(f"{name}.xlsx", 200 if right else 0, f"{nowhere}.xlsx")
    rows = "\n".join((",".join(load_form().headings), "ก,,อื่น,020000003,")).encode()
    for step, wanted in (("check", 200), ("import", 400)):  # it was not looked over
        asker.expect(f"{name}/{step}", wanted if right else 0, f"{nowhere}/{step}", send=rows, name="รายชื่อ.csv")
    asker.expect("/stakeholders/form.xlsx", 200 if asker.who.enabled else 0, f"{nowhere}.xlsx")


def _programs(asker: Asker) -> None:
    """By a token what its owner gets by their cookie, and by neither what the other opens."""
    who, office = asker.who, asker.office
    _expect_by_token(asker, "/calendar.ics", 200 if who.enabled else 0, "/tables/nothing.csv")
    _expect_by_token(asker, "/api/v1/items", 401, "/api/v1/nothing")
    _expect_by_token(asker, "/calendar/x.ics", 404, "/calendar/y.ics")
    if who is NOBODY:
        return
    read, calendar = _tokens(who)
    by_cookie, asker.headers = asker.headers, {"Authorization": f"Bearer {read}"}
    nothing = "/api/v1/nothing"
    own, theirs = f"office={office.code}&year=2568", f"office={office.neighbour.code}"
    for table in TABLES:
        rule = {"audit": "export the audit", "meetings": "see meetings"}.get(table)
        right = who.enabled and (rule is None or office.may(who, rule))
        answer = _expect_by_token(asker, f"/api/v1/{table}?{own}", 200 if right else 0, nothing)
        if right:
            _rows_of(asker, table, json.loads(answer.content), then=False)
        _expect_by_token(asker, f"/api/v1/{table}?{theirs}", 0, nothing)
    _expect_by_token(asker, "/api/v1/", 200 if who.enabled else 0, nothing)
    _expect_by_token(asker, "/api/v2/items", 0, nothing)
    for asked in ("", "?whose=office"):
        _expect_by_token(asker, f"/api/v1/calendar.ics{asked}", 200 if who.enabled else 0, nothing)
        asker.headers = {}
        _expect_by_token(asker, f"/calendar/{calendar}.ics{asked}", 200 if who.enabled else 0, "/calendar/x.ics")
        asker.headers = {"Authorization": f"Bearer {read}"}
    asker.headers = by_cookie


def _expect_by_token(asker: Asker, path: str, wanted: int, beside: str) -> Response:
    """The same, of a network that has sent no wrong token yet: how those are slowed is told elsewhere."""
    with db.writing() as session:
        session.exec(sa.delete(SignInFailure))
    return asker.expect(path, wanted, beside)


def _tokens(who: Who) -> tuple[str, str]:
    """A token and a calendar's address, made before the account was disabled (by a hand in the database)."""
    now = datetime.now(UTC)
    if not who.enabled:
        _set_disabled(who, False)
    with db.writing() as session:
        account = session.get_one(Account, who.account_id)
        asked = {"account": account, "compared": compared(session, account), "now": now}
        read = accounts.make_token(session, name="n", days=1, **asked)
        calendar = accounts.make_calendar_address(session, **asked)
    if not who.enabled:
        _set_disabled(who, True)
    return read, calendar


def _of_the_neighbour(asker: Asker, number: int) -> None:
    """What is the other office's: as if it were nowhere, in every form of its address."""
    other, before = asker.office.neighbour, _rows()
    for kind in (exchange.WORKBOOK, exchange.YAML):
        asker.expect(f"/plans/{other.code}-2568{kind}", 0, f"/plans/nowhere-2568{kind}")
    asker.expect(f"/stakeholders/{other.code}-2568.xlsx", 0, "/stakeholders/nowhere-2568.xlsx")
    asker.expect(f"/plans/{other.code}-2568/k", 0, "/plans/nowhere-2568/k", send=b"plan: x", name="ทดลอง.yaml")
    asker.expect(f"/scores/{other.code}-2568.xlsx", 0, "/scores/nowhere-2568.xlsx")
    asker.expect(f"/scores/{other.code}-2568/k", 0, "/scores/nowhere-2568/k", send=b"x", name="ทดลอง.csv")
    for evidence, part in product(other.item_of, SHOWN):
        asker.expect(f"/evidence/{evidence}{part}", 0, f"/evidence/{NOWHERE}{part}")
    for evidence in other.item_of:
        asker.expect(f"/evidence.zip?only={evidence}", 0, f"/evidence.zip?only={NOWHERE}")
    for more in ("", "&year=2568", "&everything=1"):
        asker.expect(f"/pack.zip?office={other.code}{more}", 0, f"/pack.zip?office=nowhere{more}")
    for table, fmt in _each_table():
        for more in ("", "&year=2568"):
            address = f"/tables/{table}.{fmt}?office="
            asker.expect(f"{address}{other.code}{more}", 0, f"{address}nowhere{more}")
    for name in DOCUMENTS:
        asker.expect(f"/documents/{name}.docx?office={other.code}", 0, f"/documents/{name}.docx?office=nowhere")
    asker.expect(f"/posters/iit.pdf?office={other.code}", 0, "/posters/iit.pdf?office=nowhere")
    asker.expect(f"/workbook.xlsx?office={other.code}", 0, "/workbook.xlsx?office=nowhere")
    for item in (other.items[MANY], other.items[ELSEWHERE], other.gone):
        nowhere, sent = f"/uploads/{NOWHERE}", pdf_with(f"0 0 {600 + number} {400 + item}")
        asker.expect(f"/uploads/{item}/first", 0, f"{nowhere}/first")
        asker.expect(f"/uploads/{item}/new-{item}", 0, f"{nowhere}/new-{item}", send=sent)
    if _rows() != before:
        asker.result.leaks.append(f"POST /uploads of {other.code} by {asker.who.name} made {_rows() - before} uploads")


def _overseen(browser: TestClient, office: Office, result: Result) -> None:
    """Whose role holds in both offices gets what is of both, and nobody else the record of all."""
    for name in ("overseer", "leader"):
        headers = {"Cookie": f"{COOKIE}={asking.cookie(office.people[name])}"}
        for of, (table, fmt) in product((office, office.neighbour), _each_table()):
            answer = browser.get(f"/tables/{table}.{fmt}?office={of.code}", headers=headers)
            wanted = 404 if (name, table) == ("overseer", "audit") else 200
            result.tried["routes"] += 1
            result.allowed += answer.status_code == 200
            if answer.status_code != wanted:
                fault = f"/tables/{table}.{fmt} of {of.code}: {answer.status_code}, not {wanted}, for the {name}"
                (result.leaks if wanted == 404 else result.wrongly_refused).append(fault)
        for of in (office, office.neighbour):
            names = _names_in(browser.get(f"/pack.zip?office={of.code}", headers=headers))
            if (pack.AUDIT in names) is not (name == "leader") or not any(pack.EVIDENCE in one for one in names):
                result.leaks.append(f"/pack.zip of {of.code}: its record, or its evidence, for the {name}")
            one = next(one for one, code in of.item_of.items() if code == GONE)  # a link: it has no file
            found = [browser.get(f"/evidence/{each}", headers=headers).status_code for each in of.item_of]
            if 200 not in found or browser.get(f"/evidence/{one}", headers=headers).status_code != 404:
                result.wrongly_refused.append(f"evidence of {of.code} is kept from the {name}: {found}")


def _rows() -> int:
    with db.reading() as session:
        numbers = session.connection().exec_driver_sql(COUNTS).one()
        return int(numbers[ROWS.index("upload")])
