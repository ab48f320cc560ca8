"""One script at a time: who goes first, when a turn is given back, and that nobody keeps it."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import pytest

from ita_core import turns
from ita_core.turns import Place, Turns

SOON = 10  # seconds, in which whatever is to happen has happened on the slowest machine
NEVER = 3600.0


class Stopped(BaseException):
    """As Streamlit's own: no `except Exception` sees it."""


@dataclass
class Scene:
    """Runs, each in a thread of its own; `said` is what they did, one after the other."""

    turns: Turns
    said: list[str] = field(default_factory=list)
    pool: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(20))

    def run(self, name: str, act: Callable[[], object] = lambda: None, place: Place | None = None) -> threading.Event:
        """Start a run and return when it stands in the line, or has begun; the event is its end."""
        ended, before = threading.Event(), self.turns.figures().in_line
        begun = threading.Event()

        def body() -> None:
            try:
                with self.turns.turn(place or Place()):
                    begun.set()
                    self.said.append(name)
                    act()
            except Stopped:
                self.said.append(f"{name} stopped")
            finally:
                ended.set()

        self.pool.submit(body)
        until(lambda: begun.is_set() or self.turns.figures().in_line > before)
        return ended


def until(true: Callable[[], bool]) -> None:
    ends = time.monotonic() + SOON
    while not true():
        assert time.monotonic() < ends
        time.sleep(0.001)


@pytest.fixture
def scene() -> Iterator[Scene]:
    made = Scene(Turns(piece=NEVER, longest=NEVER))
    with made.pool:
        yield made


def test_they_run_one_after_the_other_in_the_order_they_came(scene: Scene):
    go, inside, most = threading.Event(), 0, 0

    def act() -> None:
        nonlocal inside, most
        inside += 1
        most = max(most, inside)
        time.sleep(0.001)
        inside -= 1

    first = scene.run("first", lambda: go.wait(SOON))
    ends = [scene.run(str(number), act) for number in range(10)]
    assert scene.said == ["first"]
    go.set()
    assert all(end.wait(SOON) for end in [first, *ends])
    assert scene.said == ["first", *map(str, range(10))]
    assert most == 1


def test_a_turn_is_given_back_while_its_run_waits_and_taken_again_before_those_who_came_later(scene: Scene):
    answer, go = threading.Event(), threading.Event()

    def asks() -> None:
        with scene.turns.waiting():
            answer.wait(SOON)
        scene.said.append("first again")

    def busy() -> None:
        go.wait(SOON)
        answer.set()
        until(lambda: scene.turns.figures().in_line == 2)  # the third, and the first that comes back

    ends = [scene.run("first", asks)]
    until(lambda: scene.said == ["first"])
    ends += [scene.run("second", busy), scene.run("third")]
    go.set()
    assert all(end.wait(SOON) for end in ends)
    assert scene.said == ["first", "second", "first again", "third"]


@pytest.mark.parametrize("error", [ValueError, Stopped, KeyboardInterrupt])
def test_whoever_dies_gives_it_back_also_out_of_a_wait(scene: Scene, error: type[BaseException]):
    with pytest.raises(error), scene.turns.turn(Place()):
        raise error
    with pytest.raises(error), scene.turns.turn(Place()), scene.turns.waiting():
        raise error
    assert not scene.turns.is_held_here()
    assert scene.run("next").wait(SOON)


def test_a_turn_in_a_turn_and_a_wait_in_a_wait_change_nothing(scene: Scene):
    with scene.turns.turn(Place()):
        with scene.turns.turn(Place()):
            assert scene.turns.is_held_here()
        assert scene.turns.is_held_here()
        with scene.turns.waiting():
            with scene.turns.waiting():
                assert not scene.turns.is_held_here()
            assert not scene.turns.is_held_here()
            assert scene.run("meanwhile").wait(SOON)
        assert scene.turns.is_held_here()
    assert scene.turns.figures().runs == 2


def test_a_turn_taken_in_a_wait_is_the_one_that_was_given_back(scene: Scene):
    with scene.turns.turn(Place()), scene.turns.waiting(), scene.turns.turn(Place()):
        assert scene.run("meanwhile").wait(SOON)


def test_threads_without_a_turn_notice_nothing(scene: Scene):
    go = threading.Event()
    end = scene.run("holds it", lambda: go.wait(SOON))
    with scene.turns.waiting():
        scene.turns.breathe()
    assert not scene.turns.is_held_here()
    go.set()
    assert end.wait(SOON)


def test_a_run_that_is_stopped_in_the_line_goes_on_at_once_and_the_others_keep_their_order(scene: Scene):
    go, place = threading.Event(), Place()

    def stops() -> None:
        assert not scene.turns.is_held_here()
        raise Stopped

    first = scene.run("first", lambda: go.wait(SOON))
    second = scene.run("second")
    third = scene.run("third", stops, place)
    fourth = scene.run("fourth")
    scene.turns.leave(place)
    assert third.wait(SOON)
    assert not second.is_set()
    go.set()
    assert all(end.wait(SOON) for end in (first, second, fourth))
    assert scene.said == ["first", "third", "third stopped", "second", "fourth"]
    assert scene.turns.figures().stopped == 1


def test_a_run_that_is_stopped_as_it_comes_back_waits_for_nobody(scene: Scene):
    place, asked, go = Place(), threading.Event(), threading.Event()

    def asks() -> None:
        with scene.turns.waiting():
            asked.wait(SOON)
        raise Stopped

    first = scene.run("first", asks, place)
    second = scene.run("second", lambda: go.wait(SOON))
    asked.set()
    until(lambda: scene.turns.figures().in_line == 1)
    scene.turns.leave(place)
    assert first.wait(SOON)
    assert not second.is_set()
    go.set()
    assert second.wait(SOON)


def test_one_that_has_had_its_piece_of_time_lets_the_others_go_first():
    scene, go = Scene(Turns(piece=0.0, longest=NEVER)), threading.Event()

    def long() -> None:
        go.wait(SOON)
        for number in range(3):
            scene.said.append(f"piece {number}")
            scene.turns.breathe()

    with scene.pool:
        ends = [scene.run("long", long), scene.run("a"), scene.run("b")]
        go.set()
        assert all(end.wait(SOON) for end in ends)
    assert scene.said == ["long", "piece 0", "a", "b", "piece 1", "piece 2"]


def test_one_that_has_not_had_it_yet_goes_on(scene: Scene):
    go = threading.Event()

    def short() -> None:
        go.wait(SOON)
        scene.turns.breathe()
        scene.said.append("done")

    ends = [scene.run("short", short), scene.run("next")]
    go.set()
    assert all(end.wait(SOON) for end in ends)
    assert scene.said == ["short", "done", "next"]


def test_one_that_works_too_long_in_one_piece_loses_its_turn_and_queues_for_the_next():
    scene, go = Scene(Turns(piece=NEVER, longest=0.05)), threading.Event()
    stays = threading.Event()

    def slow() -> None:
        go.wait(SOON)  # which tells nobody of it
        assert not scene.turns.is_held_here()
        scene.turns.breathe()
        scene.said.append("slow again" if scene.turns.is_held_here() else "beside")

    with scene.pool:
        first = scene.run("slow", slow)
        second = scene.run("second", lambda: stays.wait(SOON))
        until(lambda: "second" in scene.said)
        assert scene.turns.figures().overran == 1
        stays.set()
        assert second.wait(SOON)
        go.set()
        assert first.wait(SOON)
    assert scene.said == ["slow", "second", "slow again"]


def test_what_was_waited_and_held_is_counted(scene: Scene):
    go = threading.Event()
    ends = [scene.run("first", lambda: go.wait(SOON)), scene.run("second")]
    assert scene.turns.figures().in_line == 1
    time.sleep(0.05)
    go.set()
    assert all(end.wait(SOON) for end in ends)
    found = scene.turns.figures()
    assert (found.runs, found.in_line, found.overran, found.stopped) == (2, 0, 0, 0)
    assert found.held >= 0.05
    assert found.waited >= found.longest_wait >= 0.05


def test_many_that_wait_stop_and_die_at_random_leave_nothing_behind():
    scene = Scene(Turns(piece=0.001, longest=0.01))
    places = [Place() for _number in range(200)]

    def run(number: int) -> None:
        with scene.turns.turn(places[number]):
            for step in range(5):
                if (number + step) % 3 == 0:
                    with scene.turns.waiting():
                        time.sleep(0.001)
                if (number + step) % 7 == 0:
                    time.sleep(0.012)
                scene.turns.breathe()
            if number % 5 == 0:
                raise ValueError(number)

    with scene.pool as pool:
        runs = [pool.submit(run, number) for number in range(200)]
        for place in places[::4]:
            scene.turns.leave(place)
        died = [number for number, one in enumerate(runs) if one.exception(SOON)]
    assert died == list(range(0, 200, 5))
    assert scene.turns.figures().in_line == 0
    with scene.turns.turn(Place()):
        assert scene.turns.is_held_here()


def test_there_is_one_line_in_the_process():
    with turns.turn(Place()):
        assert turns.is_held_here()
        assert turns.SCRIPTS.is_held_here()
    assert not turns.is_held_here()
