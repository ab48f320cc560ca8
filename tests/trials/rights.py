"""Every role, every act, every state, two offices, through the core, the routes and the pages: nobody gets what is not
theirs.

    python -m tests.trials.rights                      # everything: some minutes
    python -m tests.trials.rights --share 0.1 --seed 7 # a sample

Who may what stands in `rights_rules.py`, said a second time from design.md; `access.py` is not asked. Figures are
printed; the exit status is 1 where something was given or done without a right, or refused in spite of one.
"""

import argparse
import logging
import sys
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass

from tests.benchmarks import table
from tests.trials import databases, rights_pages, rights_routes, rights_workflow
from tests.trials.rights_office import server_in
from tests.trials.rights_workflow import Result

SAMPLE = 0.1  # of the writes, on PostgreSQL too


@dataclass(frozen=True)
class Done:
    way: str
    result: Result
    seconds: float


def trial(*, share: float = 1.0, pages: float = 1.0, postgres: float = SAMPLE, seed: int = 1) -> list[Done]:
    """All ways on SQLite, and a sample of the writes with all of the reads on PostgreSQL."""
    found = []
    with databases.empty("sqlite") as place, server_in(*place) as office:
        found.append(_timed("reads", lambda: rights_workflow.read(office)))
        found.append(_timed("between offices", lambda: rights_workflow.between(office)))
        found.append(_timed("workflow", lambda: rights_workflow.tried(office, share=share, seed=seed)))
        if pages:  # before the routes, which leave files behind
            found.append(_timed("pages", lambda: rights_pages.tried(office, share=pages, seed=seed)))
        found.append(_timed("routes", lambda: rights_routes.tried(office, share=share, seed=seed)))
    if postgres:
        with databases.empty("postgres") as place, server_in(*place) as office:
            found.append(_timed("reads, PostgreSQL", lambda: rights_workflow.read(office)))
            found.append(_timed("between offices, PostgreSQL", lambda: rights_workflow.between(office)))
            writes = _timed(
                "workflow, PostgreSQL", lambda: rights_workflow.tried(office, share=share * postgres, seed=seed)
            )
            found.append(writes)
    return found


def _timed(way: str, work: Callable[[], Result]) -> Done:
    begun = time.monotonic()
    return Done(way, work(), time.monotonic() - begun)


def said(found: list[Done]) -> str:
    head = ["way", "tried", "done", "nothing to do", "refused", "leaks", "wrongly refused", "seconds"]
    rows = [
        [one.way, one.result.tried.total(), one.result.allowed, one.result.nothing, one.result.refused,
         len(one.result.leaks), len(one.result.wrongly_refused), one.seconds]
        for one in found
    ]  # fmt: skip
    faults = [f"{kind}: {fault}" for one in found for kind, fault in faults_of(one.result)]
    return "\n".join([table.text("Rights", head, rows), *faults[:50]])


def faults_of(result: Result) -> list[tuple[str, str]]:
    return [("leak", one) for one in result.leaks] + [("wrongly refused", one) for one in result.wrongly_refused]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--share", type=float, default=1.0, help="of the writes and of the routes' visitors")
    parser.add_argument("--pages", type=float, default=1.0, help="of the pages")
    parser.add_argument("--postgres", type=float, default=SAMPLE, help="of the writes, on PostgreSQL; 0: none")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    warnings.simplefilter("ignore")
    logging.disable(logging.WARNING)  # Streamlit's, of running without its server
    found = trial(share=asked.share, pages=asked.pages, postgres=asked.postgres, seed=asked.seed)
    print(said(found))
    return 1 if any(faults_of(one.result) for one in found) else 0


if __name__ == "__main__":
    sys.exit(main())
