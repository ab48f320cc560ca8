"""People at once, as a program of its own: `python -m tests.benchmarks.crowd URL --levels 10,25`, a cookie a line in.

Each person is one websocket that asks for the overview again, thinks for five seconds, and asks again. A line of JSON
comes out for each level, with the milliseconds of every rerun and how much of a core the server, this program and
everything else on the machine have used: what these use, the server cannot.
"""

import argparse
import asyncio
import json
import os
import random
import secrets
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

from ita_core.web.gate import COOKIE

THINKING = 5.0
SHORT = 400  # bytes: what ends a run is shorter; longer messages are not unpacked, which keeps this program cheap


@dataclass
class Crowd:
    url: str
    page: str
    taken: list[float] = field(default_factory=list)
    failed: int = 0

    async def person(self, cookie: str, wait: float) -> None:
        """One that counts among the failed if the server lets the websocket go."""
        xsrf = secrets.token_hex(8)
        await asyncio.sleep(random.uniform(0, wait))
        async with connect(
            self.url.replace("http", "ws", 1) + "/_stcore/stream",
            subprotocols=["streamlit", xsrf],  # type: ignore[list-item]
            origin=self.url,  # type: ignore[arg-type]
            additional_headers={"Cookie": f"_streamlit_xsrf={xsrf}; {COOKIE}={cookie}"},
            compression=None,
            max_size=None,
            open_timeout=60,
        ) as connection:
            await self.ask(connection)
            await asyncio.sleep(random.uniform(0, THINKING))
            while True:
                began = time.perf_counter()
                await self.ask(connection)
                self.taken.append((time.perf_counter() - began) * 1000)
                await asyncio.sleep(THINKING)

    async def ask(self, connection: ClientConnection) -> None:
        message = BackMsg()
        message.rerun_script.page_name = self.page
        message.rerun_script.context_info.url = f"{self.url}/{self.page}"
        await connection.send(message.SerializeToString())
        drew = 0
        while True:
            received = await connection.recv()
            drew += len(received) > SHORT
            if len(received) > SHORT:
                continue
            forward = ForwardMsg.FromString(received)  # type: ignore[arg-type]
            if forward.WhichOneof("type") == "script_finished":
                if forward.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY:
                    break
            elif forward.delta.new_element.HasField("exception"):
                self.failed += 1
        self.failed += not drew

    async def ramp(self, cookies: list[str], levels: list[int], *, server: int, settle: float, measure: float) -> None:
        people: list[asyncio.Task[None]] = []
        for level in levels:
            people += [
                asyncio.create_task(self.person(cookie, settle * 0.7)) for cookie in cookies[len(people) : level]
            ]
            await asyncio.sleep(settle)
            self.taken.clear()
            before, began = used(server), time.perf_counter()
            await asyncio.sleep(measure)
            while not self.taken:  # nobody's run has ended yet: that is slow, not nothing
                await asyncio.sleep(1)
            took = time.perf_counter() - began
            shares = {who: (seconds - before[who]) / took for who, seconds in used(server).items()}
            failed = self.failed + sum(person.done() for person in people)
            print(json.dumps({"people": level, "taken": self.taken, "failed": failed, **shares}), flush=True)
        for person in people:
            person.cancel()
        await asyncio.gather(*people, return_exceptions=True)


def used(server: int) -> dict[str, float]:
    """Seconds of processor time that each has used so far; only its own where there is no /proc."""
    own = time.process_time()
    if not Path("/proc/stat").exists():
        return {"server": 0.0, "crowd": own, "others": 0.0}
    second = os.sysconf("SC_CLK_TCK")
    user, system = Path(f"/proc/{server}/stat").read_text().rsplit(")", 1)[1].split()[11:13]
    theirs = (int(user) + int(system)) / second
    spent = [int(number) for number in Path("/proc/stat").read_text().split("\n")[0].split()[1:9]]
    idle = spent[3] + spent[4]  # waiting for the disk is idle too
    return {"server": theirs, "crowd": own, "others": (sum(spent) - idle) / second - theirs - own}


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("url")
    parser.add_argument("--page", default="overview")
    parser.add_argument("--server", type=int, required=True, help="its process id")
    parser.add_argument("--levels", required=True)
    parser.add_argument("--settle", type=float, default=8)
    parser.add_argument("--measure", type=float, default=25)
    asked = parser.parse_args()
    steps = [int(level) for level in asked.levels.split(",")]
    crowd = Crowd(asked.url, asked.page)
    timing = {"settle": asked.settle, "measure": asked.measure}
    asyncio.run(crowd.ramp(sys.stdin.read().split(), steps, server=asked.server, **timing))
