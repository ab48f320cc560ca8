"""Makes the pictures of the manual (`docs/manual/pictures`) from the demonstration, as of its day.

`python -m tests.manual` builds the demonstration anew, serves it, and draws each picture in Chromium; with names
(`python -m tests.manual officer-item`) only those. `--url` draws what is served already. `tests/test_manual.py` holds
that each picture is there, used and small.
"""

import argparse
import io
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from ita_core.demo import build
from ita_core.demo.build import ADMIN, COMMANDER, KEEPER, PASSWORD
from ita_core.web.manual import FOLDER
from tests.server import running

PICTURES = FOLDER / "pictures"
SIZE = {"width": 1366, "height": 800}
QUALITY = 80
OFFICER, SUPERVISOR = "usa", "khanittha"
READY = '[data-testid="stApp"][data-test-script-state="notRunning"]'


def _as_it_opens(_page: Page) -> None:
    """Nothing is pressed."""


def _means_open(page: Page) -> None:
    page.locator(".ita-means summary").first.click()


@dataclass(frozen=True)
class Shot:
    """One picture: who looks, at which address, how much of the window's height (pixels), what is pressed before."""

    name: str
    who: str
    address: str
    height: int = SIZE["height"]
    first: Callable[[Page], None] = _as_it_opens
    width: int = SIZE["width"]


SHOTS = (
    Shot("start-head", COMMANDER, "/overview", 300),
    Shot("start-legend", COMMANDER, "/overview", 1080, _means_open, 1920),
    Shot("commander-overview", COMMANDER, "/overview", 1080, width=1920),
    Shot("commander-my-turn", COMMANDER, "/my_turn", 620),
    Shot("officer-my-work", OFFICER, "/my_work", 720),
    Shot("officer-item", OFFICER, "/item?item=O6", 1000),
    Shot("supervisor-review", SUPERVISOR, "/review", 900),
    Shot("itap-waiting", KEEPER, "/itap", 700),
    Shot("itap-sheet", KEEPER, "/itap?item=O17", 800),
    Shot("administrator-people", ADMIN, "/people", 700),
    Shot("plan-change", ADMIN, "/plan", 800),
    Shot("meeting-screen", COMMANDER, "/meeting", 768),
    Shot("meeting-directives", COMMANDER, "/directives", 800),
    Shot("progress-timeline", COMMANDER, "/timeline", 860),
    Shot("evidence-list", COMMANDER, "/evidence", 760),
    Shot("export", COMMANDER, "/export", 860),
    Shot("forecast", COMMANDER, "/indicators", 860),
    Shot("surveys", COMMANDER, "/campaigns", 760),
    Shot("clarifications", KEEPER, "/clarifications", 700),
    Shot("notices", OFFICER, "/notices", 520),
    Shot("account", OFFICER, "/account", 700),
)


def draw(url: str, wanted: set[str]) -> None:
    """Draw the pictures of these names, all for none; each person signs in once."""
    shots = [one for one in SHOTS if not wanted or one.name in wanted]
    PICTURES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as play:
        browser = play.chromium.launch(args=["--no-sandbox"], executable_path=_chromium())
        for who in dict.fromkeys(one.who for one in shots):
            context = browser.new_context(viewport=SIZE, locale="th-TH", color_scheme="light")
            page = context.new_page()
            page.goto(f"{url}/account")
            page.get_by_label("ชื่อผู้ใช้").fill(who)
            page.get_by_label("รหัสผ่าน").fill(PASSWORD)
            page.get_by_role("button", name="เข้าสู่ระบบ").click()
            page.locator(".ita-trail").wait_for(timeout=60_000)
            for one in (one for one in shots if one.who == who):
                _shoot(page, url, one)
            context.close()
        browser.close()


def _shoot(page: Page, url: str, one: Shot) -> None:
    page.set_viewport_size({"width": one.width, "height": one.height})
    page.goto(url + one.address)
    page.locator(".ita-trail, .ita-meeting").first.wait_for(timeout=60_000)
    page.locator(READY).wait_for(timeout=60_000)
    page.evaluate("document.fonts.ready")
    one.first(page)
    page.wait_for_timeout(1500)  # what opens or fades in has done so
    picture = Image.open(io.BytesIO(page.screenshot(animations="disabled"))).convert("RGB")
    if picture.width > SIZE["width"]:
        picture = picture.resize((SIZE["width"], round(picture.height * SIZE["width"] / picture.width)))
    picture.save(PICTURES / f"{one.name}.webp", quality=QUALITY, method=6)


def _chromium() -> str | None:
    """The machine's own Chromium; None: the one that Playwright brings."""
    found = Path("/usr/bin/chromium")
    return str(found) if found.exists() else None


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("names", nargs="*")
    asked.add_argument("--url", help="one that is served already, as of its day, and is left as it is")
    found = asked.parse_args()
    if unknown := set(found.names) - {one.name for one in SHOTS}:
        print(f"No such picture: {', '.join(sorted(unknown))}", file=sys.stderr)
        return 2
    if found.url:
        draw(found.url, set(found.names))
        return 0
    with tempfile.TemporaryDirectory() as name:
        room = Path(name)
        with running(room, **build.build(room / "demo").environment) as server:
            draw(server.url, set(found.names))
    return 0


if __name__ == "__main__":
    sys.exit(main())
