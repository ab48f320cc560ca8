"""Pages run by Streamlit's own test runner over a real database, signed in as one of the cast."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest
import sqlalchemy as sa
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

from ita_core import accounts, db
from ita_core.web.gate import USER_KEY
from tests.cast import Cast

SCRIPT = str(Path("pages/navigation.py").resolve())


@dataclass(frozen=True)
class Office:
    """The real plan with the cast, as of 15 March 2568."""

    engine: sa.Engine
    cast: Cast

    def sign_in(self, account_id: int) -> str:
        """The public id of a new sign-in, as the gate would write it into its header."""
        now = datetime.now(UTC)
        with db.writing(self.engine) as session:
            ticket = accounts.issue_ticket(session, account_id=account_id, now=now)
            token = accounts.enter(session, ticket=ticket, address="127.0.0.1", now=now, hours=1)
            visitor = accounts.find_visitor(session, token=token, now=now)
        assert visitor is not None
        return visitor.sign_in_id

    def open(self, who: str, page: str = "", **query: str) -> AppTest:
        """A page as one of the cast sees it."""
        tester = AppTest.from_file(SCRIPT, default_timeout=60)
        tester.user = {USER_KEY: self.sign_in(getattr(self.cast, who))}
        for name, value in query.items():
            tester.query_params[name] = value
        if page:
            tester.switch_page(f"{page}.py")
        return tester.run()


@pytest.fixture(scope="session", autouse=True)
def _installed_packages_are_read_once() -> Iterator[None]:
    """Every AppTest looks through all installed packages for components: half of its time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", cache(manifest_scanner.scan_component_manifests))
        yield


@pytest.fixture
def office(at_work: Cast) -> Office:
    return Office(db.engine(), at_work)


_UNSEEN = {0x200B: "", 0xA0: " "}  # what keeps an address from being a link, and a day on one line


def shown(tester: AppTest) -> str:
    """All text of a page, with what its HTML says."""
    kinds = ("title", "header", "subheader", "caption", "markdown", "text", "info", "warning", "error", "success")
    parts = [element.value for kind in kinds for element in getattr(tester, kind)]
    parts += [element.proto.body for element in tester.get("html")]
    parts += [element.label for element in tester.get("button")]
    # as a person reads it: Markdown's backslashes are not shown
    return re.sub(r"\\([^\w\s])", r"\1", "\n".join(str(part) for part in parts)).translate(_UNSEEN)
