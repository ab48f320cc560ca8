"""The command `ita` and its groups."""

import typer
from sqlmodel import Session

from ita_core import queries
from ita_core.errors import NotFound, Refused
from ita_core.language import N_
from ita_core.settings import settings

HOME = "http://localhost:8501"  # where the app answers when nobody said otherwise


class SeveralPeople(Refused):
    says = N_("“{who}” can be several people: {found}. Say which one.")


class UnknownAssessment(NotFound):
    says = N_("There is no assessment “{name}”. Known: {known}.")


class CannotWrite(Refused):
    says = N_("{file} cannot be written: {why}.")


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
plan_app = typer.Typer(help="Plans as files: export, check, compare, put in force.", no_args_is_help=True)
score_app = typer.Typer(help="Announced scores by year: import, show.", no_args_is_help=True)
office_app = typer.Typer(help="Offices: start one with a plan of its own.", no_args_is_help=True)
year_app = typer.Typer(help="Fiscal years: list, start, close, reopen.", no_args_is_help=True)
links_app = typer.Typer(help="Published addresses: check, history, answers that were kept.", no_args_is_help=True)
app.add_typer(user_app, name="user")
app.add_typer(plan_app, name="plan")
app.add_typer(year_app, name="year")
app.add_typer(office_app, name="office")
app.add_typer(links_app, name="links")
app.add_typer(score_app, name="scores")
app.add_typer(audit_app, name="audit")


def find_assessment(session: Session, name: str = "") -> queries.AssessmentFacts:
    """The assessment of this name; without one the year that today lies in, else the newest that has begun.

    Raises UnknownAssessment.
    """
    try:
        return queries.get_assessment(session, name, day=settings().day())
    except NotFound:
        known = ", ".join(one.name for one in queries.list_assessments(session))
        raise UnknownAssessment(name=name, known=known) from None
