"""PURE: who may do what to which item or evidence (design, section 5).

Every rule is one function of plain facts that answers yes or no; `workflow` refuses by them, pages only hide by
them. Reading: the commander, the administrator and viewers see all, an officer sees the items of their duties.
"""

from collections.abc import Collection
from dataclasses import dataclass

from ita_core.models import Role

LEADS = frozenset({Role.admin, Role.commander})
SEES_ALL = frozenset({Role.admin, Role.commander, Role.viewer})


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts in an assessment: an account's id, its role in the office, and the officer of the plan that it is."""

    account_id: int
    role: Role
    officer_id: int | None = None
    keeps_itap: bool = False
    assessment_id: int = 0
    everywhere: bool = True  # administers or commands every office there is


@dataclass(frozen=True, slots=True)
class ItemPeople:
    """The ids of the officers with a duty on an item, themselves or for a post or team."""

    preparers: Collection[int] = ()
    supervisors: Collection[int] = ()


def sees_all(actor: Actor) -> bool:
    """See every item. Who keeps ITAP enters every item there, so sees every item."""
    return actor.role in SEES_ALL or actor.keeps_itap


def _has_duty(actor: Actor, people: ItemPeople) -> bool:
    """Prepare or supervise an item."""
    return actor.officer_id in people.preparers or actor.officer_id in people.supervisors


def may_read(actor: Actor, people: ItemPeople) -> bool:
    """See an item, its evidence and its history: whoever has a duty on it, and who sees all."""
    return sees_all(actor) or _has_duty(actor, people)


def may_see_example(actor: Actor, people: ItemPeople) -> bool:
    """Open what was accepted the year before for what an item comes of: whoever may see the item this year.

    Who does it now is to see how it was done well, also where somebody else did it then (issue 11, section 5). What
    came back, what was replaced and what nobody has decided on stays with those who may see last year's item.
    """
    return may_read(actor, people)


def may_hand_in(actor: Actor, people: ItemPeople) -> bool:
    """Hand in evidence: the item's preparers, whatever else their role lets them do."""
    return actor.role is not Role.viewer and actor.officer_id in people.preparers


def may_withdraw(actor: Actor, people: ItemPeople, handed_in_by: int) -> bool:
    """Take back one's own evidence, as a preparer of its item; whether it was reviewed is not asked here."""
    return may_hand_in(actor, people) and actor.account_id == handed_in_by


def may_review(actor: Actor, people: ItemPeople, handed_in_by: int) -> bool:
    """Accept or return: the item's supervisors, and never what they handed in themselves, whatever their role."""
    return actor.role is not Role.viewer and actor.officer_id in people.supervisors and actor.account_id != handed_in_by


def may_write_message(actor: Actor, people: ItemPeople) -> bool:
    """Ask or answer about an item's evidence: its preparers and supervisors, and the commander; a viewer only reads."""
    return actor.role is not Role.viewer and (actor.role is Role.commander or _has_duty(actor, people))


def may_approve(actor: Actor, handed_in_by: Collection[int]) -> bool:
    """Approve an item: the commander, unless some of its accepted evidence is their own."""
    return actor.role is Role.commander and actor.account_id not in handed_in_by


def may_undo_review(actor: Actor, people: ItemPeople, handed_in_by: int, decided_by: int) -> bool:
    """Undo a decision on evidence: who made it, while they still may decide there."""
    return may_review(actor, people, handed_in_by) and actor.account_id == decided_by


def may_undo_approval(actor: Actor, approved_by: int) -> bool:
    """Undo an approval: the commander who gave it."""
    return actor.role is Role.commander and actor.account_id == approved_by


def may_send_back(actor: Actor) -> bool:
    """Send a complete item back to its supervisors: the commander, whoever handed in."""
    return actor.role is Role.commander


def may_answer_send_back(actor: Actor, supervisors: Collection[int], handed_in_by: Collection[int]) -> bool:
    """Say that what was sent back stands: who supervises the item, unless some of its accepted evidence is theirs."""
    supervises = actor.role is not Role.viewer and actor.officer_id in supervisors
    return supervises and actor.account_id not in handed_in_by


def may_publish(actor: Actor) -> bool:
    """Record where an item is published and how it was filed: the officer who keeps ITAP."""
    return actor.keeps_itap and actor.role is not Role.viewer


def may_keep_campaigns(actor: Actor, supervises: bool) -> bool:
    """Say what is known of the IIT and EIT surveys, and count their responses.

    The commander, who supervises anything of the plan, and who keeps ITAP, which shows the figures. Seeing them, and
    printing the poster, is for everybody of the office (issue 14).
    """
    return actor.role is not Role.viewer and (actor.role is Role.commander or actor.keeps_itap or supervises)


def may_tick_step(actor: Actor, acting: Collection[int]) -> bool:
    """Say that a step of the calendar is done, or take that back: who acts in it, and the commander."""
    return actor.role is not Role.viewer and (actor.role is Role.commander or actor.officer_id in acting)


def may_record_verdict(actor: Actor) -> bool:
    """Type in the assessor's points for the year's items: who keeps ITAP, where they are read, and who may plan."""
    return may_publish(actor) or may_plan(actor)


def may_clarify(actor: Actor, people: ItemPeople) -> bool:
    """Write what the office says of a disputed item: who keeps ITAP, and who supervises the item."""
    return actor.role is not Role.viewer and (actor.keeps_itap or actor.officer_id in people.supervisors)


def may_decide_clarification(actor: Actor, written_by: int) -> bool:
    """Approve or send back a clarification: the commander, unless they wrote it themselves."""
    return actor.role is Role.commander and actor.account_id != written_by


def may_keep_stakeholders(actor: Actor) -> bool:
    """Import, open, take along and delete the list of external stakeholders for EIT(2): names and telephone numbers.

    The commander, and who keeps ITAP, into which it goes; nobody else needs to see it (issue 14). How many of which
    kind there are is for everybody of the office.
    """
    return actor.role is not Role.viewer and (actor.role is Role.commander or actor.keeps_itap)


def may_direct(actor: Actor) -> bool:
    """Hold a meeting, give directives in it or outside, and say that they are done: the commander."""
    return actor.role is Role.commander


def reads_directives(actor: Actor) -> bool:
    """See what was ordered of others: who sees all by their role; keeping ITAP is no reason."""
    return actor.role in SEES_ALL


def may_report(actor: Actor, given_to: Collection[int]) -> bool:
    """Say that a directive is carried out: an officer it was given to, themselves or for a post or team."""
    return actor.role is not Role.viewer and actor.officer_id in given_to


def may_plan(actor: Actor) -> bool:
    """Change the plan and put it in force, begin a year: the administrator and the commander."""
    return actor.role in LEADS


def may_close(actor: Actor) -> bool:
    """Close a year, and open something of a closed one again: the commander."""
    return actor.role is Role.commander


def may_name_baseline(actor: Actor) -> bool:
    """Say which revision's dates the timeline compares with: the commander (issue 11, section 2)."""
    return actor.role is Role.commander


def may_administer(actor: Actor) -> bool:
    """People, invitations, names to confirm."""
    return actor.role is Role.admin


def may_export_audit(actor: Actor) -> bool:
    """The record of everything names everybody's acts, in all offices: who administers or commands them all."""
    return actor.role in LEADS and actor.everywhere
