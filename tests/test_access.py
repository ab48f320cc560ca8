"""Who may give directives, and who may say that one is carried out."""

import pytest

from ita_core import access
from ita_core.access import Actor
from ita_core.models import Role

USA, PIYAPORN = 10, 11  # officers


@pytest.mark.parametrize(
    ("role", "may"), [(Role.commander, True), (Role.officer, False), (Role.admin, False), (Role.viewer, False)]
)
def test_only_the_commander_directs(role: Role, may: bool):
    assert access.may_direct(Actor(1, role, USA)) is may
    assert access.may_direct(Actor(1, role, USA, keeps_itap=True)) is may


@pytest.mark.parametrize(
    ("role", "may"), [(Role.officer, True), (Role.commander, True), (Role.admin, True), (Role.viewer, False)]
)
def test_whoever_a_directive_was_given_to_reports_it_unless_they_only_look(role: Role, may: bool):
    assert access.may_report(Actor(1, role, USA), [PIYAPORN, USA]) is may


@pytest.mark.parametrize("role", Role)
def test_nobody_reports_what_was_given_to_others(role: Role):
    assert not access.may_report(Actor(1, role, USA, keeps_itap=True), [PIYAPORN])
    assert not access.may_report(Actor(1, role), [PIYAPORN])  # an account that belongs to no officer
    assert not access.may_report(Actor(1, role, USA), [])


@pytest.mark.parametrize(
    ("role", "may"), [(Role.commander, True), (Role.admin, True), (Role.viewer, True), (Role.officer, False)]
)
def test_keeping_itap_is_no_reason_to_read_what_was_ordered_of_others(role: Role, may: bool):
    assert access.reads_directives(Actor(1, role, USA, keeps_itap=True)) is may
