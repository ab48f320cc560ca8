"""Every route that gives something out or takes something in, asked by everybody.

Whoever may not have a thing gets, byte for byte, what they would get for one that does not exist.
"""

import io
import json
import random
import zipfile
from collections.abc import Iterator
from urllib.parse import quote, unquote_to_bytes

from httpx import Response
from starlette.testclient import TestClient

from ita_core import db
from ita_core.exports.making import ENCODINGS, TABLES
from ita_core.models import Account, EvidenceKind, StoredFile
from ita_core.models import Evidence as EvidenceRow
from ita_core.web import downloads, routes, uploads
from ita_core.web.gate import COOKIE
from tests import asking
from tests.papers import pdf_with
from tests.trials.rights_office import ELSEWHERE, MANY, NOBODY, NOWHERE, STAGES, Office, Who
from tests.trials.rights_workflow import COUNTS, Result
from tests.trials.rights_workflow import TABLES as ROWS

# Every route there is; a new one must be added here, and tried below.
TRIED = {
    "/evidence/{id:int}",
    "/evidence/{id:int}/inline",
    "/evidence/{id:int}/page/{page:int}",
    "/tables/{table}.{format}",
    "/uploads/{item_id:int}/{key}",
}
NOT_TRIED = {
    "/auth/enter": "the ticket is the right",
    "/auth/leave": "ends the sign-in of the cookie it comes with",
    "/icon.svg": "for anybody",
}
DAYS = ("", "?day=2025-02-28")


def addresses() -> set[str]:
    return {route.path for route in (*downloads.routes(), *uploads.routes(connections=1500), *routes.routes())}


class Asker:
    """Somebody's browser; what it got is looked through for what is not theirs."""

    def __init__(self, browser: TestClient, office: Office, who: Who, result: Result) -> None:
        self.browser, self.office, self.who, self.result = browser, office, who, result
        self.headers = {"Cookie": f"{COOKIE}={_cookie(who)}"} if who is not NOBODY else {}

    def ask(self, path: str, *, send: bytes | None = None, counted: bool = True) -> Response:
        if send is None:
            answer = self.browser.get(path, headers=self.headers)
        else:
            named = {"X-File-Name": quote("ทดลอง.pdf"), **asking.ORIGIN, **self.headers}
            answer = self.browser.post(path, content=send, headers=named)
        if counted:
            self.result.tried["routes"] += 1
        given = str(dict(answer.headers)).encode() + unquote_to_bytes(str(dict(answer.headers)))
        self.result.leaks += [
            f"{path} gives {mark} to {self.who.name}"
            for mark in self.office.leaks(self.who, given + _text_of(answer.content))
        ]
        return answer

    def expect(self, path: str, wanted: int, beside: str, *, send: bytes | None = None) -> Response:
        """`wanted` is the status for whoever has the right; 0: they have none, it must look like `beside`."""
        answer = self.ask(path, send=send)
        if wanted:
            if answer.status_code == wanted:
                self.result.allowed += wanted < 300
                self.result.refused += wanted >= 300
            else:
                self.result.wrongly_refused.append(f"{path}: {answer.status_code}, not {wanted}, for {self.who.name}")
            return answer
        none = self.ask(beside, send=send, counted=False)
        self.result.refused += 1
        if _all_of(answer) != _all_of(none) or answer.status_code < 400:
            self.result.leaks.append(
                f"{path} is not like {beside} for {self.who.name}: {_all_of(answer)!r} and {_all_of(none)!r}"
            )
        return answer


def _all_of(answer: Response) -> tuple[int, bytes, list[tuple[str, str]]]:
    return answer.status_code, answer.content, sorted(answer.headers.items())


def _text_of(content: bytes) -> bytes:
    """A workbook is a zip."""
    if not content.startswith(b"PK"):
        return content
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        return b"".join(parts.read(name) for name in parts.namelist())


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
    kinds = _kinds(office)
    chosen = [who for who in office.actors if share >= 1 or chance.random() < share]
    with TestClient(asking.server(), raise_server_exceptions=False) as browser:
        for number, who in enumerate([*chosen, NOBODY]):
            asker = Asker(browser, office, who, result)
            _evidence(asker, kinds)
            _tables(asker)
            _uploads(asker, number)
    return result


def _kinds(office: Office) -> dict[int, str]:
    """Evidence → pdf, image, or "" for what is no file."""
    with db.reading() as session:
        rows = [session.get_one(EvidenceRow, one) for one in office.item_of]
        return {
            row.id or 0: session.get_one(StoredFile, row.sha256).format if row.kind is EvidenceKind.file else ""
            for row in rows
        }


def _evidence(asker: Asker, kinds: dict[int, str]) -> None:
    shown = {"": {"pdf", "image"}, "/inline": {"image"}, "/page/1": {"pdf"}}
    for evidence, code in asker.office.item_of.items():
        reads = asker.who.may("read an item", code)
        for part, fits in shown.items():
            wanted = (200 if kinds[evidence] in fits else 404) if reads else 0
            asker.expect(f"/evidence/{evidence}{part}", wanted, f"/evidence/{NOWHERE}{part}")


def _tables(asker: Asker) -> None:
    who = asker.who
    readable = {code for code in asker.office.items if who.may("read an item", code)}
    for table, fmt in _each_table():
        right = who.enabled and (table != "audit" or who.may("export the audit"))
        for day in DAYS if right and fmt == "json" else DAYS[:1]:
            wanted = 200 if right else 0
            answer = asker.expect(f"/tables/{table}.{fmt}{day}", wanted, f"/tables/nothing.{fmt}")
            if not right or fmt != "json":
                continue
            rows = json.loads(answer.content)
            if table == "items":
                got, owed = {row["code"] for row in rows}, readable
            elif table in {"slots", "evidence"}:
                got = {row["item"] for row in rows}
                owed = got | (readable & {MANY, ELSEWHERE}) if table == "slots" else got
            elif table == "officers":
                got, owed = {row["name"] for row in rows}, _officers(asker)
            else:
                continue
            more = got - readable if table != "officers" else got - owed
            asker.result.leaks += [f"/tables/{table}.json gives {one} to {who.name}" for one in more]
            asker.result.wrongly_refused += [f"/tables/{table}.json keeps {one} from {who.name}" for one in owed - got]


def _each_table() -> Iterator[tuple[str, str]]:
    return ((table, fmt) for table in TABLES for fmt in ENCODINGS)


def _officers(asker: Asker) -> set[str]:
    """Everybody's numbers for who sees every item, else one's own."""
    who, asked = asker.who, asker.ask("/tables/officers.json", counted=False)
    names = {row["name"] for row in json.loads(asked.content)}
    if who.may("see every item"):
        return names
    return {f"ผู้ทดลอง {who.name}"} if who.party_id else set()


def _uploads(asker: Asker, number: int) -> None:
    who, office = asker.who, asker.office
    for code in (MANY, ELSEWHERE, STAGES["filed"]):
        item, nowhere = office.items[code], f"/uploads/{NOWHERE}"
        right, reads = who.may("hand in", code), who.may("read an item", code)
        refused = 400 if reads else 0
        answer = asker.expect(f"/uploads/{item}/first", 200 if right else refused, f"{nowhere}/first")
        if right and answer.json() != {"id": office.uploads[who.account_id]}:
            asker.result.leaks.append(f"/uploads/{item}/first gives {answer.json()} to {who.name}")
        before = _rows()
        sent = pdf_with(f"0 0 {300 + number} {400 + item}")
        asker.expect(f"/uploads/{item}/new-{item}", 201 if right else refused, f"{nowhere}/new-{item}", send=sent)
        made = _rows() - before
        if made != (1 if right else 0):
            asker.result.leaks.append(f"POST /uploads/{item} by {who.name} made {made} uploads")


def _rows() -> int:
    with db.reading() as session:
        numbers = session.connection().exec_driver_sql(COUNTS).one()
        return int(numbers[ROWS.index("upload")])
