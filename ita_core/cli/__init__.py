"""The command `ita`: the work of the administrator at the server, and what scripts and meetings take from the system.

Exit status 0 done, 1 refused with one sentence on standard error, 2 wrong use. What only one command needs is imported
by that command, so that `ita export` answers in about a second.
"""

import sys

from ita_core import language, privacy
from ita_core.cli import (  # each adds its commands
    calendars,
    demonstration,
    documents,
    exporting,
    forecasting,
    links,
    offices,
    packing,
    plans,
    proof,
    reminding,
    scores,
    users,
    years,
)
from ita_core.cli.apps import app
from ita_core.errors import Refused


def main(arguments: list[str] | None = None) -> None:
    """Run the command; ends the process with the exit status."""
    language.use("en")  # the terminal's language
    for stream in (sys.stdout, sys.stderr):  # Thai, whatever the terminal's code page is
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure:
            reconfigure(encoding="utf-8")
    try:
        privacy.begin()
        app(arguments)
    except Refused as refused:
        print(refused, file=sys.stderr)
        raise SystemExit(1) from None
