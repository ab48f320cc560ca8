"""`ita user`: accounts at the server."""

import sys
from datetime import UTC, datetime
from typing import Annotated

import typer
from sqlmodel import Session, select

from ita_core import accounts, db, queries, start
from ita_core.accounts import ending
from ita_core.cli.apps import HOME, SeveralPeople, find_assessment, user_app
from ita_core.errors import NotFound
from ita_core.language import N_
from ita_core.models import Account, PartyKind, Role
from ita_core.settings import settings


class UnknownPerson(NotFound):
    says = N_("Nobody is called “{who}”: name an officer of the plan or an account, or say --new for somebody else.")


@user_app.command("list")
def list_accounts() -> None:
    """Every account by its offices: user name, role, state, name."""
    start.fill()
    with db.reading() as session:
        offices = list(dict.fromkeys(one.office_id for one in queries.list_assessments(session)))
        rows = [row for office in offices for row in queries.list_accounts(session, office)]
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
    assessment: Annotated[str, typer.Option(help="Of one of several, like prachuap-2568.")] = "",
) -> None:
    """Print a link that sets the password: for a new account, or for one whose password was forgotten."""
    start.fill()
    now = datetime.now(UTC)
    with db.writing() as session:
        account = officer = None
        here = find_assessment(session, assessment)
        if not new:
            account = _account(session, who)
        if account is None and not new:
            officer = _officer(session, here, who)
            account = session.exec(select(Account).where(Account.person_id == officer.person_id)).first()
        if account is not None and (role is not None or itap):
            raise typer.BadParameter("This account is there already: change its role by `ita user role`.")
        if account is None:
            account = accounts.create_account(
                session, by=None, name=officer.full if officer else who, office_id=here.office_id,
                role=role or Role.officer, now=now, person_id=officer.person_id if officer else None, keeps_itap=itap,
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


@user_app.command("take-factor")
def take_factor(who: Annotated[str, typer.Argument(help="User name, number or name of an account.")]) -> None:
    """Take away the second step of somebody who lost it: they sign in by the password alone, and set it up anew."""
    start.fill()
    with db.writing() as session:
        account = _known_account(session, who)
        accounts.take_factor_away(session, by=None, account_id=account.id or 0, now=datetime.now(UTC))
        print(f"{account.name}: no second step.")


@user_app.command("end-all")
def end_all(
    addresses: Annotated[
        bool, typer.Option("--addresses", help="Also the mail addresses and LINE accounts that were proved.")
    ] = False,
) -> None:
    """End everybody's sign-ins, tokens, calendar addresses and open invitations: after a restore, which revives them.

    Passwords, second steps and names at the provider stay; who was invited and had not joined is invited anew.
    """
    start.fill()
    with db.writing() as session:
        ended = ending.end_all_of_everybody(session, now=datetime.now(UTC), addresses=addresses)
    for one in ended:
        told = f", {one.addresses} addresses" if addresses else ""
        name = one.name or "(not yet named)"
        print(f"{name}: {one.sign_ins} sign-ins, {one.tokens} tokens, {one.invitations} invitations{told} ended.")
    print(f"{len(ended)} accounts; everybody signs in anew.", file=sys.stderr)


@user_app.command("role")
def change_role(
    who: Annotated[str, typer.Argument(help="User name, number or name of an account.")],
    role: Annotated[Role, typer.Argument(help="The new role.")],
    itap: Annotated[
        bool | None, typer.Option("--itap/--no-itap", help="Enters the items in ITAP; else as before.")
    ] = None,
    assessment: Annotated[str, typer.Option(help="In the office of one of several, like prachuap-2568.")] = "",
) -> None:
    """Give an account another role in an office; it holds from the next action."""
    start.fill()
    with db.writing() as session:
        account = _known_account(session, who)
        accounts.change_role(
            session, by=None, account_id=account.id or 0, office_id=find_assessment(session, assessment).office_id,
            role=role, now=datetime.now(UTC), keeps_itap=itap,
        )  # fmt: skip
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


def _officer(session: Session, assessment: queries.AssessmentFacts, who: str) -> queries.PartyFacts:
    """The officer of the plan with this key, or a name or alias that holds these words; accounts come first."""
    people = queries.get_history(session, assessment.id).now.parties.values()
    officers = [person for person in people if person.kind is PartyKind.officer]
    exact = [person for person in officers if who == person.key]
    found = exact or [person for person in officers if who in " · ".join((person.full, *person.aliases))]
    if len(found) > 1:
        raise SeveralPeople(who=who, found=", ".join(person.full for person in found))
    if not found:
        raise UnknownPerson(who=who)
    return found[0]
