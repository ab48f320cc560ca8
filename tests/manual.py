"""Makes the pictures of the manual (`docs/manual/pictures`) from the demonstration, as of its day; what happens
after the OIT window has closed, as of a later day, with points of the assessor that are invented here.

`python -m tests.manual` builds the demonstration anew, serves it, and draws each picture in Chromium; with names
(`python -m tests.manual officer-item`) only those. `--url` draws what is served already. `tests/test_manual.py` holds
that each picture is there, used and small.
"""

import argparse
import io
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from PIL import Image, ImageChops
from playwright.sync_api import Page, sync_playwright

from ita_core import db, queries, workflow
from ita_core.demo import build
from ita_core.demo.build import ADMIN, COMMANDER, KEEPER, PASSWORD, Demonstration
from ita_core.web.manual import FOLDER
from tests.server import running

PICTURES = FOLDER / "pictures"
SIZE = {"width": 1366, "height": 800}
QUALITY = 80
MARGIN = 20  # pixels of paper that stay below the last of what is drawn
OFFICER, SUPERVISOR = "usa", "khanittha"
LATER = datetime(2025, 6, 20, 3, 0, tzinfo=UTC)
CHANNELS = {  # set up, so that My account shows them; nothing is sent
    "ITA_MAIL_HOST": "127.0.0.1", "ITA_MAIL_SECURITY": "none", "ITA_MAIL_FROM": "ita@example.go.th",
    "ITA_LINE_TOKEN": "not-a-token", "ITA_LINE_SECRET": "0" * 32, "ITA_LINE_ACCOUNT": "@ita0001",
}  # fmt: skip
POINTS = {"O1": 100.0, "O2": 100.0, "O3": 50.0, "O9": 100.0, "O14": 0.0, "O17": 50.0}  # as the assessor might give them
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
    later: bool = False  # as of LATER


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
    Shot("clarifications", KEEPER, "/clarifications", 700, later=True),
    Shot("notices", OFFICER, "/notices", 520),
    Shot("account", OFFICER, "/account", 700),
)


def draw(url: str, shots: Sequence[Shot]) -> None:
    """Draw these pictures; each person signs in once."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as play:
        browser = play.chromium.launch(args=["--no-sandbox"], executable_path=_chromium())
        for who in dict.fromkeys(one.who for one in shots):
            context = browser.new_context(viewport=SIZE, locale="th-TH", color_scheme="light")
            page = context.new_page()
            page.goto(f"{url}/account")
            page.get_by_label("ชื่อผู้ใช้", exact=True).fill(who)
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
    picture = picture.crop((0, 0, picture.width, min(_last_row(picture) + MARGIN, picture.height)))
    picture.save(PICTURES / f"{one.name}.webp", quality=QUALITY, method=6)


def _last_row(picture: Image.Image) -> int:
    """Below which nothing is drawn but the paper."""
    drawn = ImageChops.difference(picture, Image.new("RGB", picture.size, "white")).getbbox()
    return drawn[3] if drawn else picture.height


def _record_verdict(made: Demonstration) -> None:
    """Points of the assessor for some items, by whoever keeps ITAP."""
    engine = db.make_engine(made.database_url)
    with db.writing(engine) as session:
        of = queries.get_assessment(session)
        keeper = next(one.id for one in queries.list_accounts(session, of.office_id) if one.username == KEEPER)
        workflow.record_verdict(
            session, by=keeper, assessment_id=of.id, points=POINTS, source="ผลการตรวจของหน่วยประเมิน (สาธิต)", at=LATER
        )
    engine.dispose()


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
    shots = [one for one in SHOTS if not found.names or one.name in found.names]
    if found.url:
        draw(found.url, shots)
        return 0
    now, after = [one for one in shots if not one.later], [one for one in shots if one.later]
    with tempfile.TemporaryDirectory() as name:
        room = Path(name)
        made = build.build(room / "demo")
        if now:
            with running(room, **made.environment, **CHANNELS) as server:
                draw(server.url, now)
        if after:
            _record_verdict(made)
            with running(room, **made.environment | {"ITA_TODAY": LATER.date().isoformat()}) as server:
                draw(server.url, after)
    return 0


if __name__ == "__main__":
    sys.exit(main())
