"""People at their desks: each a browser of their own in front of the real server."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from ita_core.demo.build import Demonstration
from tests.conftest import copied
from tests.server import Server, running

# The phone is a trial: the same once more, and what is drawn differently there is tried by the pages' own tests.
DESK_AND_PHONE = pytest.mark.parametrize(
    ("width", "height"),
    [pytest.param(1920, 1080, id="desk"), pytest.param(390, 844, id="phone", marks=pytest.mark.trial)],
)

# What opens grows for half a second, and a button that moves between the mouse's down and up is not pressed. A person
# waits; a test that pressed at once failed three times in twenty-seven on a busy machine.
STILL = """
    const animate = Element.prototype.animate;
    Element.prototype.animate = function (frames, how) {
        return animate.call(this, frames, { ...(typeof how === "object" ? how : {}), duration: 1 });
    };
"""


class Desk:
    """One person's own browser: cookies of their own, and what its console complained of."""

    def __init__(self, browser: Browser, url: str, width: int = 1920, height: int = 1080) -> None:
        self.context: BrowserContext = browser.new_context(
            viewport={"width": width, "height": height}, locale="th-TH", accept_downloads=True
        )
        self.context.add_init_script(STILL)
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(60_000)
        self.url = url
        self.complaints: list[str] = []
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on(
            "console", lambda line: self.complaints.append(line.text) if "Content Security" in line.text else None
        )

    def go(self, address: str) -> Page:
        self.page.goto(self.url + address)
        return self.page

    def sign_in(self, username: str, password: str, address: str = "/") -> Page:
        """By the form, from whatever address they came to."""
        page = self.go(address)
        page.get_by_label("ชื่อผู้ใช้", exact=True).fill(username)
        page.get_by_label("รหัสผ่าน").fill(password)
        page.get_by_role("button", name="เข้าสู่ระบบ").click()
        return page

    def close(self) -> None:
        self.context.close()


@pytest.fixture
def pictures() -> Path:
    """Where screenshots go: to be looked at when something fails."""
    folder = Path(tempfile.gettempdir()) / "ita-pictures"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture
def server(demonstration: Demonstration, tmp_path: Path) -> Iterator[Server]:
    """The product as it runs, on the demonstration."""
    with running(tmp_path, **copied(demonstration, tmp_path / "demo").environment) as started:
        yield started
