"""One of our modules, run in a process of its own with limits: a file made to do harm harms only that.

The process gets so much memory, processor and time, and may write nothing but its answer. Each kind of work has its
turns: so many run at once, and none waits for another kind.
It starts quickly because it imports only the module named and what that imports.
"""

import subprocess
import sys
import tempfile
import threading
from pathlib import Path

ROOT = Path(__file__).parents[2]
LARGEST_ANSWER = 64 * 1024**2
SMALL_SECONDS, BYTES_A_SECOND = 4, 512 * 1024  # of processor: for any file, and what its size buys beside that

# Windows has no such limits; the time-out holds there too.
_START = """
import sys
root, module, memory, seconds, answer, *arguments = sys.argv[1:]
try:
    import resource
except ImportError:
    pass
else:
    for kind, most in (("AS", memory), ("CPU", seconds), ("FSIZE", answer), ("CORE", 0)):
        resource.setrlimit(getattr(resource, "RLIMIT_" + kind), (int(most), int(most)))
sys.path.insert(0, root)
import importlib
importlib.import_module(module).main(*arguments)
"""


class Ended(Exception):
    """The process gave no answer: it broke down, or came to a limit; `why` is for whoever looks after the program.

    `in_time`: not because the machine was busy, so that the same would come of it again.
    """

    def __init__(self, why: str, *, in_time: bool) -> None:
        self.why, self.in_time = why, in_time
        super().__init__(why)


def processor_seconds(size: int, most: int) -> int:
    """How long a file of so many bytes may be worked on: a small one has no reason to take long."""
    return min(most, SMALL_SECONDS + size // BYTES_A_SECOND)


def run(
    module: str,
    *arguments: str,
    memory: int,
    processor_seconds: int,
    seconds: int,
    turns: threading.BoundedSemaphore,
    given: bytes = b"",
) -> bytes:
    """What `main(*arguments)` of the module writes to its standard output; `memory` in bytes of address space.

    `given` is its standard input: a few thousand bytes, for what other users of the machine may not see in a list of
    processes. It is started when one of the `turns` is free; `seconds` count from then.

    Raises Ended; SlowUnderLock inside `db.writing`.
    """
    from ita_core import db  # here: the child itself imports this module, and must start quickly
    from ita_core import turns as scripts

    db.not_while_writing("a child process")
    limits = (str(memory), str(processor_seconds), str(LARGEST_ANSWER))
    # Isolated (-I): neither the folder it is started in nor the environment decides what is imported.
    command = [sys.executable, "-I", "-c", _START, str(ROOT), module, *limits, *arguments]
    # Files, not pipes: what it writes is limited by the system, and is not in our memory before it has ended well.
    with (
        scripts.waiting(),
        turns,
        tempfile.TemporaryFile() as answer,
        tempfile.TemporaryFile() as trouble,
        tempfile.TemporaryFile() as said,
    ):
        said.write(given)
        said.seek(0)
        process = subprocess.Popen(command, stdin=said, stdout=answer, stderr=trouble)  # noqa: S603  ours
        late = threading.Timer(seconds, process.kill)  # `wait(timeout)` would ask only every 50 ms
        try:
            late.start()
            status = process.wait()
        finally:
            in_time = late.is_alive()
            late.cancel()
            if process.poll() is None:  # no thread was to be had for the timer, or this process is told to end
                process.kill()
                process.wait()
        if status != 0:
            trouble.seek(0)
            why = f"exit status {status}: {trouble.read(100_000).decode(errors='replace').strip()}"
            raise Ended(why, in_time=in_time)
        answer.seek(0)
        return answer.read()
