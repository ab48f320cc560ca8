"""Ten years and fifty revisions in the database: pages as quick as with one. Prints, asserts no time."""

import shutil
import statistics
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ita_core import db, queries, workflow
from ita_core.demo.build import Demonstration
from ita_core.plan.apply import revise
from ita_core.plan.content import Content
from tests.benchmarks import script, table
from tests.benchmarks.served import COMMANDER, FULL, RUNS, Served, on_the_server
from tests.server import running

pytestmark = pytest.mark.benchmark

YEARS, REVISIONS = 10, 50
AT = datetime(2025, 3, 14, 2, 0, tzinfo=UTC)


def add_years(database_url: str) -> None:
    """Nine later years begun from the first, whose plan is changed fifty times."""
    engine = db.make_engine(database_url)
    with db.writing(engine) as session:
        first = queries.get_assessment(session).id
        for year in range(2569, 2568 + YEARS):
            workflow.start_year(session, by=None, source_id=first, year=year, at=AT)
        for number in range(REVISIONS):

            def change(content: Content, number: int = number) -> None:
                content["plan"]["about"] = f"ครั้งที่ {number}"

            revise(session, first, change, at=AT + timedelta(minutes=number))
    engine.dispose()


@pytest.fixture(scope="module")
def ten_years(demonstration: Demonstration, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("ten")
    database = shutil.copy(demonstration.database_url.removeprefix("sqlite:///"), folder / "ita.db")
    more = {key: value for key, value in demonstration.environment.items() if key.startswith("ITA_")}
    more |= {"ITA_DATABASE_URL": f"sqlite:///{database}", script.TIMES: str(folder / "times.tsv")}
    add_years(more["ITA_DATABASE_URL"])
    with running(folder, script=Path(__file__).with_name("measured.py"), **more) as server:
        yield Served("ten years", server, folder / "times.tsv")


@pytest.mark.parametrize("page", ["/overview", "/item?item=O10", "/timeline", "/plan"])
def test_a_page_with_ten_years(plain: Served, ten_years: Served, say: Callable[[str], None], page: str) -> None:
    cookies = {one.name: one.cookies(1, only=COMMANDER)[0] for one in (plain, ten_years)}
    rounds = [  # in turn, so that whatever else the machine does meets both
        [on_the_server(one, cookies[one.name], page) for one in (plain, ten_years)]
        for _ in range(max(RUNS // 2, 1) if FULL else 1)
    ]
    rows = []
    for what in ("again_script", "again", "first_script", "first"):
        one, ten = (statistics.median(getattr(run[number], what) for run in rounds) for number in (0, 1))
        aim = "as with one" if what.startswith("again") else ""
        rows.append((what.replace("_", ": "), one, ten, table.times(ten, one), aim))
    head = ("run", "one", "ten", "×", "aim")
    say(table.text(f"6. {page}, one year and {YEARS} with {REVISIONS} revisions in turn: ms", head, rows))
