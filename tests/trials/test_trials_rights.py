"""The trial of rights in short, and that it forgets nothing: a new use case, rule, read, route or page fails here.

By hand with everything: `python -m tests.trials.rights`.
"""

import inspect
from collections.abc import Iterator
from itertools import product
from types import ModuleType

import pytest

from ita_core import access, accounts, queries, workflow
from ita_core.access import Actor, ItemPeople
from ita_core.models import Role
from ita_core.workflow import receiving
from pages import ADDRESSES
from tests.trials import databases, races, rights, rights_pages, rights_routes, rights_workflow
from tests.trials.rights_office import Office, server_in
from tests.trials.rights_rules import OF_ACCESS, RULES, Case

ME, OTHER = 1, 2  # accounts
MINE, THEIRS = 11, 12  # officers


def public(module: ModuleType) -> set[str]:
    """The functions that a module itself, or a room, makes public."""
    found = inspect.getmembers(module, inspect.isfunction)
    own = (module.__name__, *(f"{module.__name__}.{one}" for one in vars(module)))
    return {name for name, one in found if one.__module__ in own and not name.startswith("_")}


def test_every_rule_of_access_is_said_a_second_time():
    assert public(access) == set(OF_ACCESS)
    assert set(OF_ACCESS.values()) <= set(RULES)


@pytest.fixture(scope="module")
def office() -> Iterator[Office]:
    """To look at: nothing is changed in it."""
    with databases.empty("sqlite") as place, server_in(*place) as made:
        yield made


def test_every_use_case_is_tried_by_everybody_or_says_why_not(office: Office):
    tried = {act.use_case for act in rights_workflow.acts(office)}
    named = tried | set(rights_workflow.NOT_TRIED)
    offered = {f"{module.__name__.split('.')[-1]}.{name}" for module in (workflow, accounts, receiving)
               for name in public(module)}  # fmt: skip
    assert named == offered
    assert not tried & set(rights_workflow.NOT_TRIED)


def test_every_read_that_asks_who_reads_is_tried_and_the_others_say_why_they_do_not():
    def asks(name: str) -> bool:
        return bool({"who", "account_id"} & inspect.signature(getattr(queries, name)).parameters.keys())

    reads = {name for name in public(queries) if asks(name)}
    assert reads | {"Snapshot.visible_to"} == set(rights_workflow.READS)
    others = set(rights_workflow.OF_ONE) | set(rights_workflow.NOT_ASKED)
    assert public(queries) - reads == others - reads
    assert not set(rights_workflow.OF_ONE) & set(rights_workflow.NOT_ASKED)


def test_every_read_of_an_assessment_or_an_office_is_tried_for_what_is_another_s():
    def is_of_one(name: str) -> bool:
        return bool({"assessment_id", "office_id"} & inspect.signature(getattr(queries, name)).parameters.keys())

    tried = set(rights_workflow.OF_ONE) | set(rights_workflow.READS)
    assert {name for name in public(queries) if is_of_one(name)} <= tried


def test_every_route_is_tried_or_says_why_not():
    assert rights_routes.addresses() == rights_routes.TRIED | set(rights_routes.NOT_TRIED)


def test_every_page_is_tried_with_each_office_in_its_address(office: Office):
    views = rights_pages.views(office)
    assert {view.page for view in views} == set(ADDRESSES)
    assert {view.page for view in views if view.query.get("office") == office.neighbour.code} == set(ADDRESSES)


CASES = [
    Case(*one) for one in product(Role, *[(False, True)] * 6)
]  # role, prepares, supervises, keeps ITAP, own, given, everywhere


@pytest.mark.parametrize("name", sorted(OF_ACCESS))
def test_access_says_the_same(name: str):
    for case in CASES:
        who = Actor(ME, case.role, MINE, case.keeps_itap, everywhere=case.everywhere)
        people = ItemPeople([MINE] if case.prepares else [THEIRS], [MINE] if case.supervises else [THEIRS])
        author = ME if case.own else OTHER
        if name == "reads_directives" and case.given:
            continue  # it is asked of what was given to others
        more = {
            "may_read": (people,), "may_see_example": (people,), "may_hand_in": (people,),
            "may_withdraw": (people, author),
            "may_write_message": (people,),
            "may_review": (people, author), "may_approve": ({author},),
            "may_undo_review": (people, OTHER, author), "may_undo_approval": (author,),
            "may_answer_send_back": (people.supervisors, {author}),
            "may_keep_campaigns": (case.supervises,),
            "may_tick_step": ([MINE] if case.given else [THEIRS],),
            "may_clarify": (people,), "may_decide_clarification": (author,),
            "may_report": ([MINE] if case.given else [THEIRS],),
        }.get(name, ())  # fmt: skip
        assert getattr(access, name)(who, *more) is RULES[OF_ACCESS[name]](case), case


@pytest.mark.trial
def test_nobody_gets_or_does_what_is_not_theirs():
    # A third of the writes and of the routes' visitors, some pages: all of it takes minutes.
    found = rights.trial(share=0.34, pages=0.02, postgres=0.05, seed=20250315)
    assert [fault for one in found for fault in rights.faults_of(one.result)] == []
    assert all(one.result.allowed and one.result.tried for one in found)
    refusing = {"between offices", "workflow", "pages", "routes"}
    assert refusing <= {one.way for one in found}
    assert all(one.result.refused for one in found if one.way in refusing)


@pytest.mark.trial
@pytest.mark.xfail(strict=True, reason="the reads trust their callers to pair an actor with its own assessment")
def test_an_actor_of_one_office_reads_nothing_of_the_other_even_where_a_caller_mixes_them(office: Office):
    assert rights_workflow.mismatched(office) == []


@pytest.mark.trial
@pytest.mark.parametrize("kind", databases.KINDS)
def test_of_two_at_once_one_wins_and_nothing_is_there_twice(kind: str):
    found = races.trial(kind, rounds=16)
    assert [fault for one in found.values() for fault in one.faults] == []
    assert all(one.in_processes == 4 for name, one in found.items() if one.ends)
