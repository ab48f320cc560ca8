"""What is used of Streamlit without being promised: looked for at the start, told in one sentence where it is gone."""

import asyncio
import re
import shutil
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace

import pytest
import streamlit
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.NewSession_pb2 import CustomThemeConfig
from streamlit.runtime import app_session
from streamlit.runtime.scriptrunner import ScriptRunner

from ita_core import turns
from ita_core.models import Role
from ita_core.web import inside, page
from tests.asking import in_a_loop
from tests.server import Visitor, running
from tests.signing_in import Office

STREAMLITS = Path(streamlit.__file__).parent / "static"
OURS = [path for path in Path("pages").rglob("*") if path.suffix in {".py", ".js", ".css", ".html"}]
NAMED = re.compile(r"data-testid=\\?[\"']?(\w+)|\.(st[A-Z]\w+)\b")


def test_everything_is_there():
    inside.check()


@pytest.mark.parametrize("part", inside.PARTS)
def test_each_part_is_missed_when_it_goes(part: str, monkeypatch: pytest.MonkeyPatch):
    """By another name of the thing, of its argument or of what it uses."""
    changed = re.sub(r"(\w+)(\W*)$", r"\1_no_more\2", part)
    monkeypatch.setattr(inside, "PARTS", {changed: "the trial"})
    with pytest.raises(inside.PartGone, match=re.escape(changed) + ".*the trial"):
        inside.check()


def test_every_id_that_our_styles_and_scripts_look_for_is_asked_for():
    used = {
        name for path in OURS for found in NAMED.findall(path.read_text(encoding="utf-8")) for name in found if name
    }
    assert used == inside.TEST_IDS


def test_an_id_that_is_gone_from_streamlits_scripts_is_named(tmp_path: Path):
    scripts = tmp_path / "static" / "js"
    scripts.mkdir(parents=True)
    (scripts / "index.js").write_text(" ".join(f'"{name}"' for name in inside.TEST_IDS - {"stMain"}), encoding="utf-8")
    with pytest.raises(inside.PartGone, match="does not have stMain any more"):
        inside.check(tmp_path)
    (scripts / "more.js").write_text("`stMain`", encoding="utf-8")
    inside.check(tmp_path)


@pytest.mark.parametrize(
    ("file", "gone"),
    [
        ("index.html", '<html lang="en">'),
        ("index.html", "<title>Streamlit</title>"),
        ("index.html", 'href="./favicon.png"'),
        ("index.html", 'rel="preload"'),
        ("index.html", "</head>"),
        ("index.html", "static/css/index."),
        ("css", "font-family:Source Sans;"),
        ("css", "font-family:Material Symbols Rounded;"),
    ],
)
def test_a_page_that_is_not_as_it_was_is_refused(tmp_path: Path, file: str, gone: str):
    shutil.copy(STREAMLITS / "index.html", tmp_path)
    for name in ("js", "css"):
        (tmp_path / "static" / name).mkdir(parents=True)
    for path in [*(STREAMLITS / "static" / "js").glob("*.js"), *(STREAMLITS / "static" / "css").glob("*.css")]:
        (tmp_path / "static" / path.parent.name / path.name).symlink_to(path)
    page.made(tmp_path)
    [changed] = [tmp_path / file] if file.endswith("html") else (tmp_path / "static" / "css").glob("index.*.css")
    text = changed.read_text(encoding="utf-8")
    assert gone in text
    changed.unlink()
    changed.write_text(text.replace(gone, "otherwise"), encoding="utf-8")
    with pytest.raises(inside.PartGone, match="the page that is served first"):
        page.made(tmp_path)


def test_a_script_that_every_page_needs_is_missed(tmp_path: Path):
    shutil.copy(STREAMLITS / "index.html", tmp_path)
    (tmp_path / "static" / "js").mkdir(parents=True)
    with pytest.raises(inside.PartGone, match=r"Html\.js"):
        page.made(tmp_path)


def test_the_server_says_what_is_gone_and_ends(tmp_path: Path):
    text = Path("app.py").read_text(encoding="utf-8")
    gone = '    inside.PARTS["streamlit.runtime:Nothing"] = "a trial"\n    inside.check()\n'
    changed = text.replace("    inside.check()\n", gone)
    assert changed != text
    (tmp_path / "app.py").write_text(changed, encoding="utf-8")
    with (
        pytest.raises(RuntimeError) as ended,
        running(tmp_path, script=tmp_path / "app.py", PYTHONPATH=str(Path.cwd())),
    ):
        pass
    assert "does not have streamlit.runtime:Nothing any more, which is used for a trial" in str(ended.value)
    assert "Traceback" not in str(ended.value)


def test_what_the_configuration_decides_is_the_same_when_it_is_put_together_once():
    light = inside.filled_once(app_session._populate_theme_msg)
    for _again in range(2):
        for section in ("theme", "theme.light", "theme.dark.sidebar"):
            plain, ours = CustomThemeConfig(), CustomThemeConfig()
            app_session._populate_theme_msg(plain, section)
            light(ours, section)
            assert ours == plain


# --- one script at a time ---------------------------------------------------------------------------------------------


class Session:
    """As much of Streamlit's as an outbox needs."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._event_loop = loop
        self.wakes = 0

    def wake(self, callback: Callable[[], None]) -> None:
        self.wakes += 1
        self._event_loop.call_soon_threadsafe(callback)


def test_what_a_run_draws_comes_in_order_and_with_one_wake_at_its_end(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(inside, "_wake", Session.wake)
    monkeypatch.setattr(inside, "GATHERED", 3600)

    async def drawn() -> tuple[list[int], int]:
        session, came = Session(asyncio.get_running_loop()), list[int]()
        outbox = inside.Outbox(session)  # type: ignore[arg-type]
        outbox.runs = 1
        for number in range(30):
            outbox.put(lambda number=number: came.append(number))
        await asyncio.sleep(0.01)
        assert not came
        outbox.runs = 0
        outbox.send()
        await asyncio.sleep(0.01)
        return came, session.wakes

    seen: list[tuple[list[int], int]] = []

    async def run() -> None:
        seen.append(await drawn())

    in_a_loop(run)
    assert seen == [(list(range(30)), 2)]


def test_what_a_long_run_has_drawn_is_sent_after_a_moment_and_outside_of_a_run_at_once(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(inside, "_wake", Session.wake)

    async def drawn() -> list[str]:
        came = list[str]()
        outbox = inside.Outbox(Session(asyncio.get_running_loop()))  # type: ignore[arg-type]
        outbox.put(lambda: came.append("before"))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert came == ["before"]
        outbox.runs = 1
        outbox.put(lambda: came.append("in a run"))
        while len(came) < 2:
            await asyncio.sleep(inside.GATHERED)
        return came

    seen: list[list[str]] = []

    async def run() -> None:
        seen.append(await asyncio.wait_for(drawn(), 10))

    in_a_loop(run)
    assert seen == [["before", "in a run"]]


class Lock:
    """A session's lock, which says that somebody waits for it."""

    def __init__(self) -> None:
        self._lock, self.wanted = threading.RLock(), threading.Event()
        self.release = self._lock.release

    def acquire(self, *, blocking: bool = True) -> bool:
        if blocking:
            self.wanted.set()
        return self._lock.acquire(blocking=blocking)


def test_a_run_whose_session_is_locked_by_the_one_before_waits_without_the_turn(monkeypatch: pytest.MonkeyPatch):
    """That one cannot end without the turn: who held it and waited for the lock would keep it from everybody."""
    monkeypatch.setattr(turns.SCRIPTS, "_longest", 5.0)
    done: list[str] = []
    monkeypatch.setattr(ScriptRunner, "_run_script", lambda _self, what: done.append(what))
    lock, overran = Lock(), turns.figures().overran
    second = object.__new__(inside.OneAtATime)
    second._place = turns.Place()
    second._session_state = SimpleNamespace(_lock=lock)  # type: ignore[assignment]

    def first() -> None:
        with turns.turn(turns.Place()):
            assert lock.acquire(blocking=False)
            with turns.waiting():  # as what a press calls does: for the database, say
                begun.set()
                assert lock.wanted.wait(10)
            done.append("first")
            lock.release()

    begun = threading.Event()
    with ThreadPoolExecutor(2) as threads:
        runs = [threads.submit(first)]
        assert begun.wait(10)
        runs.append(threads.submit(second._run_script, "second"))  # type: ignore[arg-type]
        for run in runs:
            run.result(20)
    assert done == ["first", "second"]
    assert turns.figures().overran == overran


def test_many_sessions_of_the_real_server_get_all_of_their_pages(office: Office, name: str):
    cookie = office.cookie(office.account(name, Role.viewer))

    def look(_number: int) -> list[str]:
        with Visitor(office.server, cookie=cookie) as visitor:
            seen = visitor.open("/months")
            for _again in range(4):
                again = visitor.again()
                assert again.texts == seen.texts
                assert not again.failed
            return seen.texts

    with ThreadPoolExecutor(8) as people:
        seen = list(people.map(look, range(8)))
    assert len(seen[0]) > 5
    assert all(one == seen[0] for one in seen)


def test_a_run_that_another_one_takes_the_place_of_ends_and_the_new_one_is_drawn(office: Office, name: str):
    """Streamlit tells the one that waits or runs to stop."""
    cookie = office.cookie(office.account(name, Role.viewer))
    with Visitor(office.server, cookie=cookie) as visitor:
        first = visitor.open("/timeline").text
        for _click in range(10):
            message = BackMsg()
            message.rerun_script.page_name = "timeline"
            message.rerun_script.context_info.url = f"{visitor.url}/timeline"
            visitor.connection.send(message.SerializeToString())
        time.sleep(0.1)
        last = visitor.open("/months").text
        while last == first:  # what was asked for before has been drawn first
            last = visitor._screen().text
        assert not visitor.again().failed
