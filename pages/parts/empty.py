"""What an empty page or list says: what it is for, and what to do first; the way there for whoever may go it, else
whom to ask. One home of how it is drawn (`marks.empty`) and of what each role is told.
"""

from collections.abc import Collection

from ita_core import access, db, queries, thai
from ita_core.language import _
from pages.parts import templates
from pages.parts.frame import Frame
from pages.parts.marks import Empty


def draw(one: Empty) -> None:
    """Draw it where the list would stand."""
    templates.show("empty", one=one)


def no_duty(here: Frame, says: str) -> Empty:
    """Of a page that shows the items of one's duties, for whoever has none: those who may plan give them."""
    if not here.acts():
        return Empty(says, _("Nothing can be changed here: choose today, or the present fiscal year."))
    if access.may_plan(here.actor):
        first = _("Duties are given in the plan, item by item.")
        return Empty(says, first, (("/plan", _("Give duties in the plan")),))
    if access.sees_all(here.actor):
        first = _("You see the work of the whole office: begin with the overview.")
        return Empty(says, first, (("/overview", _("Overview")),))
    return Empty(says, _("Ask the administrator or the commander to give you duties in the plan."))


def nothing_owed(here: Frame, *, prepares: bool) -> Empty:
    """Of “My work”: everything is handed in, or nothing is theirs to prepare."""
    if prepares:
        says, first = _("Nothing is owed. Everything of yours is handed in."), _("What comes back stands here first.")
        return Empty(says, first, (("/evidence", _("See what you handed in")),), done=True)
    says = _("No item is yours to prepare.")
    if _supervises(here):
        return Empty(says, _("You supervise: what is handed in waits under “Review”."), (("/review", _("Review")),))
    if access.may_direct(here.actor):
        first = _("What waits for your decision stands under “Waiting for you”.")
        return Empty(says, first, (("/my_turn", _("Waiting for you")),))
    return no_duty(here, says)


def review(here: Frame) -> Empty:
    """Of the queue of a supervisor: nothing waits, or nothing is theirs to supervise."""
    if _supervises(here):
        first = _("What officers hand in for the items that you supervise appears here, the oldest first.")
        return Empty(_("Nothing waits for your decision."), first, (("/evidence", _("See all evidence")),), done=True)
    says = _("Here supervisors accept or return what was handed in. You supervise no item.")
    return no_duty(here, says)


def evidence(here: Frame) -> Empty:
    """Of the list of all evidence, before anything was handed in that one may see."""
    says = _("Nothing has been handed in yet that you may see.")
    with db.reading() as session:
        prepares, supervises = queries.has_duties(session, here.actor)
    if prepares and here.acts():
        first = _("Open your first item under “My work” and hand in its first file there.")
        return Empty(says, first, (("/my_work", _("My work")),))
    if access.may_administer(here.actor) and here.acts():
        first = _("Officers hand in once they have an account: invite them first.")
        return Empty(says, first, (("/people", _("Invite people")),))
    if supervises:
        return Empty(
            says, _("What officers hand in for the items that you supervise is listed here and under “Review”.")
        )
    return Empty(says, _("What officers hand in is listed here; who owes what stands in the list of items."),
                 (("/item", _("Items")),))  # fmt: skip


def start(here: Frame, hand_ins: Collection[object], number_of_needs: int) -> Empty | None:
    """What the overview says while nothing has ever been handed in: how the year gets going; None once it has."""
    if hand_ins or number_of_needs or not here.acts():
        return None
    says = _("Nothing has been handed in yet in this fiscal year.")
    if access.may_administer(here.actor):
        first = _("First invite everybody who has duties, then look over deadlines and duties in the plan.")
        return Empty(says, first, (("/people", _("Invite people")), ("/plan", _("Look over the plan"))))
    if access.may_plan(here.actor):
        first = _("First look over deadlines and duties in the plan; the administrator invites people.")
        return Empty(says, first, (("/plan", _("Look over the plan")), ("/timeline", _("Timeline"))))
    with db.reading() as session:
        prepares, supervises = queries.has_duties(session, here.actor)
    if prepares:
        first = _("Open your first item under “My work” and hand in its first file there.")
        return Empty(says, first, (("/my_work", _("My work")),))
    if supervises:
        return Empty(says, _("What officers hand in for the items that you supervise waits for you under “Review”."),
                     (("/review", _("Review")),))  # fmt: skip
    return Empty(says, _("The timeline shows what is due when."), (("/timeline", _("Timeline")),))


def my_turn(here: Frame) -> Empty:
    """Of what waits for the commander: nothing does, or the page is not theirs."""
    if access.may_direct(here.actor):
        first = _("Complete items, directives reported as done and clarifications appear here by themselves.")
        says = _("Nothing waits for you to decide.")
        return Empty(says, first, (("/overview", _("Overview")),), done=True)
    says = _("Here the commander finds what waits for a decision of theirs.")
    return Empty(says, _("What concerns you stands under “Notices”."), (("/notices", _("Notices")),))


def itap(here: Frame) -> Empty:
    """Of what is to be published and filed."""
    if access.may_publish(here.actor):
        says = _("Nothing waits to be published or filed. What the commander approves appears here.")
        first = _("Until then see what an assessor could still hold against the items.")
        return Empty(says, first, (("/readiness", _("Readiness for ITAP")),), done=True)
    says = _("This is the work of the officer who enters the items in ITAP.")
    if access.may_administer(here.actor):
        return Empty(says, _("Who that is, is set with their account."), (("/people", _("People")),))
    return Empty(says, _("What stands in ITAP already is shown by the stages of the items."), (("/item", _("Items")),))


def meeting() -> Empty:
    """Of meeting mode, for whoever sees not all."""
    says = _("Meeting mode shows the work of the whole office, so it is for those who see all of it.")
    return Empty(says, _("The directives given to you stand under “Directives”."), (("/directives", _("Directives")),))


def directives(here: Frame) -> Empty:
    """Of what the commander ordered."""
    if access.may_direct(here.actor) and here.acts():
        says = _("No directive has been given yet.")
        return Empty(says, _("Give one above, or take it down in meeting mode."), (("/meeting", _("Meeting mode")),))
    if access.sees_all(here.actor):
        return Empty(_("No directive has been given yet."), _("The commander gives them, in a meeting or here."))
    return Empty(
        _("No directive has been given to you."), _("What the commander orders you, with its day, stands here.")
    )


def meetings(here: Frame) -> Empty:
    """Of the meetings that are kept."""
    says = _("No meeting has been held yet.")
    if access.may_direct(here.actor) and here.acts():
        return Empty(says, _("Open the first one in meeting mode: it is kept as it was shown."),
                     (("/meeting", _("Meeting mode")),))  # fmt: skip
    return Empty(says, _("The commander opens one in meeting mode; afterwards it is listed here."))


def officers(here: Frame) -> Empty:
    """Of who carries what, where nobody does."""
    return no_duty(here, _("Nobody has a duty on these items."))


def verdict(here: Frame) -> Empty:
    """Of the assessor's points, before there are any."""
    if here.day <= here.assessment.closes:
        closes = thai.date_text(here.assessment.closes)
        says = _("The assessor begins after the OIT window has closed, on {day}.").format(day=closes)
        first = _("Until then mend what could lose points.")
        return Empty(says, first, (("/readiness", _("Readiness for ITAP")),))
    says = _("No points of the assessor are recorded yet.")
    if access.may_record_verdict(here.actor) and not here.past:
        first = _("Record them below; a whole report is brought as a file on the page of the indicators.")
        return Empty(says, first, (("/indicators", _("Indicators")),) if access.may_plan(here.actor) else ())
    return Empty(says, _("Who keeps ITAP, the commander or an administrator records them here."))


def notices() -> Empty:
    """Of what concerns one."""
    says = _("Nothing concerns you just now: nothing is due, nothing came back, nothing waits for you.")
    return Empty(says, _("What is new is counted beside the name of every page."), done=True)


def scores(here: Frame) -> Empty:
    """Of the announced scores, where none is on record."""
    says = _("No announced score is on record yet.")
    if access.may_plan(here.actor) and not here.past:
        return Empty(says, _("Enter those of the year before first: forecasts begin with them."))
    return Empty(says, _("The administrator or the commander enters them here."))


def campaign(*, keeps: bool) -> Empty:
    """Of a survey of which nothing is recorded."""
    says = _("Nothing is recorded of this survey yet.")
    if keeps:
        return Empty(says, _("Open “What is known of the survey” below and record when it runs."))
    return Empty(
        says, _("Who keeps ITAP, a supervisor or the commander records when it runs and how many must answer.")
    )


def not_found(says: str, address: str) -> Empty:
    """Of a list that is chosen from, where nothing fits the choice; `address` takes the choice away."""
    return Empty(says, "", ((address, _("Show everything")),))


def history(*, hands_in: bool) -> Empty:
    """Of an item on which nothing has happened."""
    says = _("Nothing has happened here yet.")
    return Empty(says, _("Hand in the first evidence above.") if hands_in else
                 _("What is handed in, decided and published is kept here."))  # fmt: skip


def not_planned_by_them() -> Empty:
    """Beside the refusal of the plan: who changes it."""
    return Empty(_("Only the administrator and the commander change the plan: ask them."), "",
                 (("/timeline", _("Timeline")),))  # fmt: skip


def not_administered_by_them() -> Empty:
    """Beside the refusal of people and accounts: who looks after them."""
    return Empty(_("Only the administrator invites people and gives roles: ask them."), "",
                 (("/account", _("My account")),))  # fmt: skip


def no_groups(here: Frame) -> Empty:
    """Of posts and teams, where the plan names none."""
    ways = (("/plan", _("Plan")),) if access.may_plan(here.actor) else ()
    return Empty(
        _("The plan names no post and no team."), _("One that the plan gives duties to gets its people here."), ways
    )


def _supervises(here: Frame) -> bool:
    with db.reading() as session:
        return queries.has_duties(session, here.actor)[1]
