"""The process that a file is examined in: its limits, its end, its answer."""

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from ita_core.evidence import child, inspect
from ita_core.evidence.inspect import CannotBeChecked
from tests import papers


def test_a_child_that_is_stopped_is_a_refusal(look, monkeypatch: pytest.MonkeyPatch):
    """Too little memory, processor or time: real limits, met by a real file."""
    for limit, value in (("MEMORY", 24 * 1024**2), ("PROCESSOR_SECONDS", 0), ("SECONDS", 0.001)):
        with monkeypatch.context() as patch:
            patch.setattr(inspect, limit, value)
            with pytest.raises(CannotBeChecked, match="could not be checked"):
                look(papers.pdf(), "a.pdf")
    assert look(papers.pdf(), "a.pdf")


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("def main(): raise ValueError('broken')", "ValueError: broken"),
        ("def main():\n while True: pass", "exit status -"),
        ("def main():\n import time\n time.sleep(600)", "exit status -9"),
        ("def main():\n print(len(bytearray(10**9)))", "MemoryError"),
        ("def main():\n open('written', 'w').write('x' * 10**9)", "exit status"),
        ("def main():\n import sys\n while True: sys.stdout.write('x' * 10**6)", "exit status"),
        ("def main():\n import os, signal\n os.kill(os.getpid(), signal.SIGSEGV)", "exit status -11"),
    ],
)
def test_a_child_gets_no_more_than_its_limits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, body: str, why: str):
    (tmp_path / "misbehaving.py").write_text(body)
    monkeypatch.setattr(child, "ROOT", tmp_path)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(child.Ended, match=why):
        child.run(
            "misbehaving", memory=256 * 1024**2, processor_seconds=2, seconds=1 if "sleep" in body else 100,
            turns=threading.BoundedSemaphore(1),
        )  # fmt: skip


def test_a_child_is_not_left_behind_where_no_thread_is_to_be_had(monkeypatch: pytest.MonkeyPatch):
    started = []

    class Noted(subprocess.Popen):  # type: ignore[type-arg]
        def __init__(self, *args: object, **more: object) -> None:
            super().__init__(*args, **more)  # type: ignore[call-overload]
            started.append(self)

    class NoThread(threading.Timer):
        def start(self) -> None:
            raise RuntimeError("can't start new thread")

    monkeypatch.setattr(child.subprocess, "Popen", Noted)
    monkeypatch.setattr(child.threading, "Timer", NoThread)
    with pytest.raises(RuntimeError, match="new thread"):
        child.run("ita_core.accounts.guessable", memory=1024**3, processor_seconds=9, seconds=9,
                  turns=threading.BoundedSemaphore(1), given=b'["x", []]')  # fmt: skip
    assert [one.returncode is not None for one in started] == [True]


def test_the_child_loads_nothing_slow():
    """Of ours only what examines; a package of office parts needs neither pikepdf nor Pillow."""
    code = "import sys, ita_core.evidence.examine.office; print('\\n'.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=child.ROOT)
    loaded = set(done.stdout.split())
    assert not {"babel", "ita_core.language", "ita_core.errors", "pikepdf", "PIL", "pypdfium2", "pythainlp"} & loaded


@pytest.mark.parametrize("answer", [b"", b"[]", b"{}", b'{"refused": "unheard of"}', b"\xff", b"Traceback"])
def test_an_answer_that_makes_no_sense_is_a_refusal(
    look, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: bytes
):
    folder = tmp_path / "ita_core" / "evidence"
    folder.mkdir(parents=True)
    (folder / "examine.py").write_text(f"def main(path):\n import sys\n sys.stdout.buffer.write({answer!r})")
    monkeypatch.setattr(child, "ROOT", tmp_path)
    with pytest.raises(CannotBeChecked):
        look(papers.pdf(), "a.pdf")
