"""Who may do what: the tables of design.md, section 5, as it says them, not as access.py does.

A row is a role and what binds it to an item. Where the design says nothing, a comment says what was decided.
"""

from itertools import product

import pytest

from ita_core import access
from ita_core.access import Actor, ItemPeople
from ita_core.models import Role

ME, MYSELF = 1, 10  # an account and the officer it belongs to
OTHER, COLLEAGUE = 2, 11

# "commander (sees all, approves …)", "officer (what their duties give them)", "viewer (sees all, changes nothing)";
# "its preparers hand in and withdraw; its supervisors review; nobody reviews or approves what they handed in
# themselves, whatever their role"; "the administrator of ITAP (an officer with that task) publishes and files".
# Decided beside it: the administrator sees all, and so does whoever keeps ITAP; one takes back one's own only.
ON_AN_ITEM = """
                                  takes back       reviews          approves
role       bound by       sees  hands in  own  other's   own  other's    own  other's   publishes
admin      nothing         yes     -       -      -       -      -        -      -          -
admin      prepares        yes    yes     yes     -       -      -        -      -          -
admin      supervises      yes     -       -      -       -     yes       -      -          -
admin      both            yes    yes     yes     -       -     yes       -      -          -
admin      keeps-ITAP      yes     -       -      -       -      -        -      -         yes
commander  nothing         yes     -       -      -       -      -        -     yes         -
commander  prepares        yes    yes     yes     -       -      -        -     yes         -
commander  supervises      yes     -       -      -       -     yes       -     yes         -
commander  both            yes    yes     yes     -       -     yes       -     yes         -
commander  keeps-ITAP      yes     -       -      -       -      -        -     yes        yes
officer    nothing          -      -       -      -       -      -        -      -          -
officer    prepares        yes    yes     yes     -       -      -        -      -          -
officer    supervises      yes     -       -      -       -     yes       -      -          -
officer    both            yes    yes     yes     -       -     yes       -      -          -
officer    keeps-ITAP      yes     -       -      -       -      -        -      -         yes
viewer     nothing         yes     -       -      -       -      -        -      -          -
viewer     prepares        yes     -       -      -       -      -        -      -          -
viewer     supervises      yes     -       -      -       -      -        -      -          -
viewer     both            yes     -       -      -       -      -        -      -          -
viewer     keeps-ITAP      yes     -       -      -       -      -        -      -          -
"""

# "admin (people, plans, settings)", "commander (… directs …)", "viewer (… changes nothing)". Decided beside it:
# whoever a directive was given to says that it is carried out; keeping ITAP is no reason to read what was ordered of
# others; the record of everybody's acts is the administrator's and the commander's.
IN_THE_OFFICE = """
                          directives        reports one given      people,    the audit
role       bound by      gives  of others   to them  to others    invitations  as a table
admin      nothing         -       yes        yes       -            yes          yes
admin      keeps-ITAP      -       yes        yes       -            yes          yes
commander  nothing        yes      yes        yes       -             -           yes
commander  keeps-ITAP     yes      yes        yes       -             -           yes
officer    nothing         -        -         yes       -             -            -
officer    keeps-ITAP      -        -         yes       -             -            -
viewer     nothing         -       yes         -        -             -            -
viewer     keeps-ITAP      -       yes         -        -             -            -
"""


def rows(table: str) -> list[tuple[str, str, list[bool]]]:
    lines = [line.split() for line in table.strip("\n").splitlines()[2:]]
    return [(role, bound, [cell == "yes" for cell in cells]) for role, bound, *cells in lines]


def actor(role: str, bound: str) -> Actor:
    return Actor(ME, Role(role), MYSELF, keeps_itap=bound == "keeps-ITAP")


@pytest.mark.parametrize(("role", "bound", "may"), rows(ON_AN_ITEM))
def test_on_an_item_role_and_duty_give_this_and_nothing_else(role: str, bound: str, may: list[bool]):
    who = actor(role, bound)
    item = ItemPeople(
        preparers=[COLLEAGUE, MYSELF] if bound in {"prepares", "both"} else [COLLEAGUE],
        supervisors=[COLLEAGUE, MYSELF] if bound in {"supervises", "both"} else [COLLEAGUE],
    )
    assert may == [
        access.may_read(who, item),
        access.may_hand_in(who, item),
        access.may_withdraw(who, item, ME),
        access.may_withdraw(who, item, OTHER),
        access.may_review(who, item, ME),
        access.may_review(who, item, OTHER),
        access.may_approve(who, [OTHER, ME]),
        access.may_approve(who, [OTHER]),
        access.may_publish(who),
    ]


@pytest.mark.parametrize(("role", "bound", "may"), rows(IN_THE_OFFICE))
def test_in_the_office_the_role_gives_this_and_nothing_else(role: str, bound: str, may: list[bool]):
    who = actor(role, bound)
    assert may == [
        access.may_direct(who),
        access.reads_directives(who),
        access.may_report(who, [COLLEAGUE, MYSELF]),
        access.may_report(who, [COLLEAGUE]) or access.may_report(who, []),
        access.may_administer(who),
        access.may_export_audit(who),
    ]


@pytest.mark.parametrize(
    ("role", "bound", "may"), [row for row in rows(ON_AN_ITEM) if row[1] in {"nothing", "keeps-ITAP"}]
)
def test_who_sees_every_item_sees_each(role: str, bound: str, may: list[bool]):
    assert access.sees_all(actor(role, bound)) is may[0]


@pytest.mark.parametrize("role", Role)
def test_an_account_that_belongs_to_no_officer_has_no_duties(role: Role):
    nobody, item = Actor(ME, role), ItemPeople([MYSELF], [MYSELF])
    assert not access.may_hand_in(nobody, item)
    assert not access.may_withdraw(nobody, item, ME)
    assert not access.may_review(nobody, item, OTHER)
    assert not access.may_report(nobody, [MYSELF])


def test_the_tables_name_every_role_with_everything_that_binds():
    roles = [role.value for role in Role]
    duties, offices = ("nothing", "prepares", "supervises", "both", "keeps-ITAP"), ("nothing", "keeps-ITAP")
    assert sorted((role, bound) for role, bound, _may in rows(ON_AN_ITEM)) == sorted(product(roles, duties))
    assert sorted((role, bound) for role, bound, _may in rows(IN_THE_OFFICE)) == sorted(product(roles, offices))
