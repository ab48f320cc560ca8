"""A hundred times the evidence: the same board, hardly later. Prints, asserts no time."""

import statistics
from collections.abc import Callable

import pytest

from ita_core import db, queries
from ita_core.board.progress import Board
from ita_core.demo import story
from ita_core.demo.build import Demonstration
from tests.benchmarks import hundredfold, table
from tests.benchmarks.served import COMMANDER, RUNS, Served, on_the_server

pytestmark = pytest.mark.benchmark


def board(database_url: str) -> Board:
    engine = db.make_engine(database_url)
    with db.reading(engine) as session:
        found = queries.take_snapshot(session, queries.get_assessment(session)).board(story.DAY)
    engine.dispose()
    return found


def test_a_hundred_times_the_evidence_stands_as_the_demonstration_does(
    demonstration: Demonstration, grown: Served
) -> None:
    once, hundred = hundredfold.count(demonstration.database_url), hundredfold.count(grown.server.database_url)
    assert hundred == {name: rows * hundredfold.TIMES for name, rows in once.items()}
    assert all(once.values())
    before, after = board(demonstration.database_url), board(grown.server.database_url)
    assert [one.fingerprint for one in after.items] == [one.fingerprint for one in before.items]
    assert [(one.tally, one.stage) for one in after.items] == [(one.tally, one.stage) for one in before.items]


PAGES = {
    "overview": ("/overview", 1.5),
    "item": ("/item?item=O10", 2),
    "evidence": ("/evidence", 2),
    "evidence, its last page": ("/evidence?page=9999999", 2),
    "evidence, found by its words": ("/evidence?find=รายงาน", 2),
}


@pytest.mark.parametrize(("page", "most"), PAGES.values(), ids=PAGES)
def test_a_page_with_a_hundred_times_the_evidence(
    plain: Served, grown: Served, say: Callable[[str], None], page: str, most: float
) -> None:
    cookies = {one.name: one.cookies(1, only=COMMANDER)[0] for one in (plain, grown)}
    rounds = [  # in turn, so that whatever else the machine does meets both; a server has room for some 200 sessions
        [on_the_server(one, cookies[one.name], page) for one in (plain, grown)] for _ in range(max(RUNS // 5, 1))
    ]
    rows = []
    for what in ("again_script", "again", "first_script", "first"):
        once, hundred = (statistics.median(getattr(run[number], what) for run in rounds) for number in (0, 1))
        aim = f"≤ {most}×" if what.startswith("again") else ""
        rows.append((what.replace("_", ": "), once, hundred, table.times(hundred, once), aim))
    say(table.text(f"4. {page}, demo and hundredfold in turn: ms", ("run", "demo", "100 ×", "×", "aim"), rows))
