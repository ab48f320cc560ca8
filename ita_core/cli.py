"""The command `ita`: the work of the administrator at the server, and what scripts and meetings take from the system.

Exit status 0 done, 1 refused with one sentence on standard error, 2 wrong use. What only one command needs is imported
by that command, so that `ita export` answers in about a second.
"""

import os
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from sqlmodel import Session, select

from ita_core import accounts, db, language, privacy, queries, start
from ita_core.board import progress
from ita_core.errors import BadDay, NotFound, Refused
from ita_core.exports.tables import file_name
from ita_core.language import N_
from ita_core.models import Account, Assessment, PartyKind, Role
from ita_core.settings import ROOT, settings
from ita_core.typed import clean_day

if TYPE_CHECKING:
    from ita_core.demo.build import Demonstration
    from ita_core.proof.backup import Contents
    from ita_core.proof.verify import Finding, Progress

HOME = "http://localhost:8501"  # where the app answers when nobody said otherwise


class UnknownAssessment(NotFound):
    says = N_("There is no assessment “{name}”. Known: {known}.")


class UnknownPerson(NotFound):
    says = N_("Nobody is called “{who}”: name an officer of the plan or an account, or say --new for somebody else.")


class SeveralPeople(Refused):
    says = N_("“{who}” can be several people: {found}. Say which one.")


class MoreStraysThanEvidence(Refused):
    says = N_(
        "{strays} stored files have no record, {files} have one. Is this the right database? Nothing was cleared."
    )


class CannotWrite(Refused):
    says = N_("{file} cannot be written: {why}.")


class NoApp(Refused):
    says = N_("The app is not installed here: {file} is missing. Run this from the downloaded source.")


class TableName(StrEnum):
    items = "items"
    slots = "slots"
    officers = "officers"
    timeline = "timeline"
    evidence = "evidence"
    audit = "audit"


class Format(StrEnum):
    csv = "csv"
    xlsx = "xlsx"
    json = "json"


app = typer.Typer(
    name="ita",
    help="The dashboard for Thailand's Integrity and Transparency Assessment.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,  # plain sentences: they are read by scripts and pasted into mails
    pretty_exceptions_enable=False,
)
audit_app = typer.Typer(help="The record of all that was done: its end, to be kept outside.", no_args_is_help=True)
user_app = typer.Typer(help="Accounts: list, invite, disable, enable, change the role.", no_args_is_help=True)
plan_app = typer.Typer(help="Plans: check a file, apply it to the database.", no_args_is_help=True)
app.add_typer(user_app, name="user")
app.add_typer(plan_app, name="plan")
app.add_typer(audit_app, name="audit")


def main(arguments: list[str] | None = None) -> None:
    """Run the command; ends the process with the exit status."""
    language.use("en")  # the terminal's language
    for stream in (sys.stdout, sys.stderr):  # Thai, whatever the terminal's code page is
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure:
            reconfigure(encoding="utf-8")
    try:
        privacy.begin()
        app(arguments)
    except Refused as refused:
        print(refused, file=sys.stderr)
        raise SystemExit(1) from None


# --- exports ---------------------------------------------------------------------------------------------------------


def _day(text: str) -> date:
    """A day as it is typed: YYYY-MM-DD of the Christian era."""
    try:
        return clean_day(text)
    except BadDay as error:
        raise typer.BadParameter(str(error)) from None


@app.command()
def export(
    table: Annotated[TableName, typer.Argument(help="Which table.")],
    as_of: Annotated[
        date | None,
        typer.Option(
            "--as-of",
            parser=_day,
            metavar="DATE",
            help="The day asked about, YYYY-MM-DD; for one outside the fiscal year its nearest.",
        ),
    ] = None,
    fmt: Annotated[
        Format | None, typer.Option("--format", help="Without it, by the ending of -o; otherwise csv.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="A file, or a folder; without it, standard output.")
    ] = None,
    assessment: Annotated[str, typer.Option(help="One of several assessments; the newest without it.")] = "",
) -> None:
    """Write a table: CSV and workbooks in Thai for people, JSON in English for programs."""
    from ita_core.exports.making import ENCODINGS, make

    chosen = fmt.value if fmt else _format_of(output)
    if chosen == "xlsx" and output is None and sys.stdout.isatty():
        raise typer.BadParameter("A workbook is nothing to show on a screen: say -o FILE.")
    start.fill()
    with db.reading() as session:
        facts = _assessment(session, assessment)
        day = progress.shown_day(as_of or settings().day(), facts.starts, facts.ends)
        made = make(session, table.value, queries.snapshot(session, facts), day)
    content = ENCODINGS[chosen][1](made)
    target = output
    if output is not None and output.is_dir():
        target = output / file_name(table.value, facts, day, chosen)
    try:
        if target is None:
            sys.stdout.buffer.write(content)
            sys.stdout.buffer.flush()
        else:
            target.write_bytes(content)
            print(target, file=sys.stderr)
    except OSError as error:
        raise CannotWrite(file=target or "standard output", why=error.strerror) from None


def _format_of(output: Path | None) -> str:
    ending = output.suffix.lower().lstrip(".") if output else ""
    return ending if ending in {one.value for one in Format} else "csv"


def _assessment(session: Session, name: str) -> queries.AssessmentFacts:
    try:
        return queries.assessment(session, name)
    except NotFound:
        known = [f"{row.office_code}-{row.fiscal_year}" for row in session.exec(select(Assessment))]
        raise UnknownAssessment(name=name, known=", ".join(known)) from None


# --- plans -----------------------------------------------------------------------------------------------------------


@plan_app.command()
def check(file: Annotated[Path, typer.Argument(help="A plan: YAML.")]) -> None:
    """Read a plan and its framework and name everything that is wrong; changes nothing."""
    from ita_core import plan

    rules, found = plan.load_with_framework(file)
    print(f"{file}: in order ({len(rules.items) + len(found.measures)} items, {len(found.officers)} officers).")


@plan_app.command()
def apply(file: Annotated[Path, typer.Argument(help="A plan: YAML.")]) -> None:
    """Put a plan into the database; what was handed in stays."""
    from ita_core import plan

    rules, found = plan.load_with_framework(file)
    db.upgrade()
    with db.writing() as session:
        assessment, changed = plan.apply(session, rules, found, at=settings().now())
        name = f"{assessment.office_short} {assessment.fiscal_year}"
    print(f"{name}: {'applied' if changed else 'nothing to change'}.")


# --- accounts --------------------------------------------------------------------------------------------------------


@user_app.command("list")
def list_accounts() -> None:
    """Every account: user name, role, state, name."""
    start.fill()
    with db.reading() as session:
        rows = queries.accounts(session)
    for row in rows:
        state = "disabled" if row.disabled else "joined" if row.joined else "invited"
        keeps = " +itap" if row.keeps_itap else ""
        print(f"{row.id:>4}  {row.username or '-':<20} {row.role + keeps:<16} {state:<9} {row.name}")
    if not rows:
        print("Nobody has an account yet: ita user invite NAME --role admin --new", file=sys.stderr)


@user_app.command()
def invite(
    who: Annotated[str, typer.Argument(help="An officer of the plan (key, name or alias), or an account.")],
    role: Annotated[Role | None, typer.Option(help="For a new account; officer without it.")] = None,
    itap: Annotated[bool, typer.Option("--itap", help="This person enters the items in ITAP.")] = False,
    new: Annotated[bool, typer.Option("--new", help="Somebody outside the plan, by this name.")] = False,
) -> None:
    """Print a link that sets the password: for a new account, or for one whose password was forgotten."""
    start.fill()
    now = datetime.now(UTC)
    with db.writing() as session:
        account = officer = None
        if not new:
            account = _account(session, who)
        if account is None and not new:
            officer = _officer(session, who)
            account = session.exec(select(Account).where(Account.party_id == officer.id)).one_or_none()
        if account is not None and (role is not None or itap):
            raise typer.BadParameter("This account is there already: change its role by `ita user role`.")
        if account is None:
            account = accounts.create_account(
                session, by=None, name=officer.full if officer else who, role=role or Role.officer, now=now,
                party_id=officer.id if officer else None, keeps_itap=itap,
            )  # fmt: skip
        assert account.id is not None
        name, token = account.name, accounts.invite(session, by=None, account_id=account.id, now=now)
    print(f"{settings().public_url or HOME}/?invite={token}")
    print(f"For {name or who}: works once, within {accounts.INVITATION_DAYS} days.", file=sys.stderr)


@user_app.command()
def disable(who: Annotated[str, typer.Argument(help="User name, number or name of an account.")]) -> None:
    """Shut an account: whoever is signed in with it is out at the next action."""
    start.fill()
    with db.writing() as session:
        account = _known_account(session, who)
        accounts.disable(session, by=None, account_id=account.id or 0, now=datetime.now(UTC))
        print(f"{account.name}: disabled.")


@user_app.command()
def enable(who: Annotated[str, typer.Argument(help="User name, number or name of an account.")]) -> None:
    """Open a disabled account again, with the password it had."""
    start.fill()
    with db.writing() as session:
        account = _known_account(session, who)
        accounts.enable(session, by=None, account_id=account.id or 0, now=datetime.now(UTC))
        print(f"{account.name}: enabled.")


@user_app.command("role")
def change_role(
    who: Annotated[str, typer.Argument(help="User name, number or name of an account.")],
    role: Annotated[Role, typer.Argument(help="The new role.")],
    itap: Annotated[
        bool | None, typer.Option("--itap/--no-itap", help="Enters the items in ITAP; else as before.")
    ] = None,
) -> None:
    """Give an account another role; it holds from the next action."""
    start.fill()
    with db.writing() as session:
        account = _known_account(session, who)
        accounts.change_role(
            session, by=None, account_id=account.id or 0, role=role, now=datetime.now(UTC), keeps_itap=itap
        )
        print(f"{account.name}: {role.value}.")


def _account(session: Session, who: str) -> Account | None:
    """The account with this user name, number or name; None where there is none.

    Raises SeveralPeople where the name fits several.
    """
    rows = session.exec(select(Account)).all()
    exact = [row for row in rows if who in {row.username, str(row.id)}]
    found = exact or [row for row in rows if who in row.name]
    if len(found) > 1:
        raise SeveralPeople(who=who, found=", ".join(row.name for row in found))
    return found[0] if found else None


def _known_account(session: Session, who: str) -> Account:
    found = _account(session, who)
    if found is None:
        raise UnknownPerson(N_("No account is called “{who}”. `ita user list` shows them all."), who=who)
    return found


def _officer(session: Session, who: str) -> queries.Person:
    """The officer of the plan with this key, or a name or alias that holds these words; accounts come first."""
    people = queries.people(session, queries.assessment(session).id).values()
    officers = [person for person in people if person.kind is PartyKind.officer]
    exact = [person for person in officers if who == person.key]
    found = exact or [person for person in officers if who in " · ".join((person.full, *person.aliases))]
    if len(found) > 1:
        raise SeveralPeople(who=who, found=", ".join(person.full for person in found))
    if not found:
        raise UnknownPerson(who=who)
    return found[0]


# --- proof: nothing was changed, nothing is lost ----------------------------------------------------------------------


def _head(text: str) -> tuple[int, str]:
    """A head of the audit as `ita audit head` prints it; its moment is for people."""
    found = re.fullmatch(r"(\d{1,18}) +([0-9a-f]{64})(?: .*)?", text.strip())
    if not found:
        raise typer.BadParameter("A head is a number and a hash, as `ita audit head` prints them.")
    return int(found[1]), found[2]


@contextmanager
def _bar(label: str) -> "Iterator[Progress]":
    """Shows progress on a terminal, and nothing in a log."""
    with ExitStack() as stack:
        bar = None

        def show(done: int, expected: int) -> None:
            nonlocal bar
            if bar is None:
                bar = stack.enter_context(typer.progressbar(length=expected, label=label, file=sys.stderr))
            bar.update(done - bar.pos)

        yield show if sys.stderr.isatty() else lambda _done, _expected: None


@audit_app.command("head")
def audit_head() -> None:
    """Print the number, hash and moment of the last entry: keep the line where nobody of this server can change it."""
    from ita_core import audit

    start.fill()
    with db.reading() as session:
        number, recorded, at = audit.last(session)
    print(number, recorded, at.isoformat() if at else "")


@app.command()
def verify(
    head: Annotated[
        str, typer.Option(metavar="'NUMBER HASH'", help="A line that `ita audit head` printed earlier.")
    ] = "",
    clear_strays: Annotated[
        bool, typer.Option("--clear-strays", help="Then take away the stored files that no record names.")
    ] = False,
) -> None:
    """Read every stored file and every record; name what was changed, is missing or does not belong. Changes nothing,
    unless told to clear strays: what hand-ins left that were cut off in the last moment.

    Exit status 1 if anything is wrong.
    """
    from ita_core import receiving, seals
    from ita_core.evidence.store import store
    from ita_core.proof import verify as proof

    kept = _head(head) if head else None
    db.upgrade()  # and no plan: what is here is looked at as it is
    with _bar("Reading") as progress:
        report = proof.verify(engine=db.engine(), store=store(), kept=kept, progress=progress)
    for finding in report.findings:
        print(finding)
    number, recorded = report.head
    looked_at = (
        f"{_files(report.objects, report.bytes)}, {report.records:,} records, {report.rows:,} rows, "
        f"{report.entries:,} audit entries, audit head {number} {recorded}"
    )
    if report.findings:
        print(f"{len(report.findings):,} found in {looked_at}.", file=sys.stderr)
    cleared = []
    if clear_strays:
        if len(report.unnamed) > report.objects:
            raise MoreStraysThanEvidence(strays=len(report.unnamed), files=report.objects)
        cleared = receiving.remove_unnamed(report.unnamed)
        print(f"{len(cleared):,} strays cleared.", file=sys.stderr)
    if len(report.findings) > len(cleared):
        raise SystemExit(1)
    print(f"All in order{' now' if cleared else ''}: {looked_at}.")
    if since := report.sealed_since:
        print(f"Rows are sealed by the audit since entry {since[0]}, {since[1]:%Y-%m-%d %H:%M} UTC. Not sealed:")
        for table, why in seals.UNCOVERED.items():
            print(f"  {table}: {why}")


@app.command()
def backup(
    file: Annotated[Path, typer.Argument(help="The tar file to write, on another disk if possible.")],
    force: Annotated[bool, typer.Option("--force", help="Replace a file of this name.")] = False,
) -> None:
    """Write every row and every stored file into one tar file, while the app is in use.

    Exit status 1 if a stored file had to be left out.
    """
    from ita_core.evidence.store import store
    from ita_core.proof import backup as safe

    start.fill()
    with _bar("Copying") as progress:
        made = safe.backup(
            engine=db.engine(), store=store(), file=file, at=datetime.now(UTC), force=force, progress=progress
        )
    print(f"{file}: {_contents(made)}.")
    _name(made.findings, "are wrong here and not in the backup as they should be")


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="A tar file that `ita backup` wrote.")],
    head: Annotated[
        str,
        typer.Option(metavar="'NUMBER HASH'", help="A line that `ita audit head` printed before the backup was made."),
    ] = "",
) -> None:
    """Bring a backup back into an empty database and the evidence store, and read all of it back.

    Exit status 1, too, if something was wrong when the backup was made.
    """
    from ita_core.evidence.store import store
    from ita_core.proof import backup as safe

    kept = _head(head) if head else None
    with _bar("Restoring") as progress:  # no plan is put in first: the backup has its own
        back = safe.restore(engine=db.engine(), store=store(), file=file, kept=kept, progress=progress)
    print(f"{_contents(back)}: all equal to the backup.")
    if kept is None:
        print(
            "Not checked: whether rows and audit were made anew together. Only a head kept outside tells (--head).",
            file=sys.stderr,
        )
    _name(back.findings, "were wrong when the backup was made")


def _contents(held: "Contents") -> str:
    number, recorded = held.head
    files = _files(held.objects, held.bytes)
    return f"{held.rows:,} rows in {held.tables} tables, {files}, audit head {number} {recorded}"


def _files(number: int, size: int) -> str:
    return f"{number:,} file{'s' * (number != 1)} ({size:,} bytes)"


def _name(findings: "Sequence[Finding]", what: str) -> None:
    for finding in findings:
        print(finding)
    if findings:
        print(f"{len(findings):,} things {what}: they are named above.", file=sys.stderr)
        raise SystemExit(1)


# --- the demonstration -----------------------------------------------------------------------------------------------


@app.command()
def demo(
    port: Annotated[int, typer.Option(min=1, max=65535, help="Where the app answers.")] = 8501,
    folder: Annotated[
        Path | None, typer.Option(help="Where the demonstration is built; data/demo without it. Emptied each time.")
    ] = None,
    serve: Annotated[bool, typer.Option("--serve/--no-serve", help="Only build it.")] = True,
) -> None:
    """Build a demonstration up to 15 March 2568 and serve the app on it."""
    from ita_core.demo import build

    script = ROOT / "app.py"
    if serve and not script.is_file():
        raise NoApp(file=script)
    print("Building the demonstration …", file=sys.stderr, flush=True)
    made = build.build(folder or build.FOLDER)
    _introduce(made, port)
    if not serve:
        return
    os.environ.update(made.environment)
    os.chdir(ROOT)  # Streamlit reads .streamlit/config.toml of the folder it is started in
    command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.port", str(port)]
    sys.stdout.flush()
    os.execv(sys.executable, command)  # noqa: S606  our own interpreter and script


_WHO_TRIES_WHAT = {
    "thianchai": "the overview: what waits for the commander; Approve",
    "khanittha": "review: accept or return what waits",
    "nattawat": "review: O10 has waited for nine days",
    "narisara": "my work: O7 is overdue and nobody has begun",
    "phailin": "my work: what came back, and the Word files that are missing",
    "angsuson": "publish an approved item (O2) and enter it in ITAP",
    "demo-admin": "people, names to confirm, members of teams",
    "demo-viewer": "sees everything, changes nothing",
}


def _introduce(made: "Demonstration", port: int) -> None:
    """Say who can sign in and what is worth trying."""
    from ita_core.demo.build import PASSWORD

    print(f"A demonstration as of {made.day.isoformat()}: people and plan are the office's, the work is invented.")
    print(f"Sign in at http://localhost:{port} as any of these; the password of all is  {PASSWORD}\n")
    order = [*_WHO_TRIES_WHAT, *(account.username for account in made.accounts)]
    for account in sorted(made.accounts, key=lambda account: order.index(account.username)):
        role = account.role + (" +itap" if account.keeps_itap else "")
        print(f"  {account.username:<12} {role:<14} {_WHO_TRIES_WHAT.get(account.username, account.name)}")
    print(flush=True)


if __name__ == "__main__":
    main()
