"""`ita demo`."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ita_core.errors import Refused
from ita_core.language import N_
from ita_core.settings import ROOT

if TYPE_CHECKING:
    from ita_core.demo.build import Demonstration
from ita_core.cli.apps import app


class NoApp(Refused):
    says = N_("The app is not installed here: {file} is missing. Run this from the downloaded source.")


@app.command()
def demo(
    port: Annotated[int, typer.Option(min=1, max=65535, help="Where the app answers.")] = 8501,
    folder: Annotated[
        Path | None, typer.Option(help="Where the demonstration is built; data/demo without it. Emptied each time.")
    ] = None,
    serve: Annotated[bool, typer.Option("--serve/--no-serve", help="Only build it.")] = True,
) -> None:
    """Build a demonstration up to 15 March 2568 and serve the app on it."""
    from ita_core.demo import build

    script = ROOT / "app.py"
    if serve and not script.is_file():
        raise NoApp(file=script)
    print("Building the demonstration …", file=sys.stderr, flush=True)
    made = build.build(folder or build.FOLDER)
    _introduce(made, port)
    if not serve:
        return
    os.environ.update(made.environment)
    os.chdir(ROOT)  # Streamlit reads .streamlit/config.toml of the folder it is started in
    command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.port", str(port)]
    sys.stdout.flush()
    os.execv(sys.executable, command)  # noqa: S606  our own interpreter and script


_WHO_TRIES_WHAT = {
    "thianchai": "the overview: what waits for the commander; Approve",
    "khanittha": "review: accept or return what waits",
    "nattawat": "review: O10 has waited for nine days",
    "narisara": "my work: O7 is overdue and nobody has begun",
    "phailin": "my work: what came back, and the Word files that are missing",
    "angsuson": "publish an approved item (O2) and enter it in ITAP",
    "demo-admin": "people, names to confirm, members of teams",
    "demo-viewer": "sees everything, changes nothing",
}


def _introduce(made: "Demonstration", port: int) -> None:
    """Say who can sign in and what is worth trying."""
    from ita_core.demo.build import PASSWORD

    print(f"A demonstration as of {made.day.isoformat()}: people and plan are the office's, the work is invented.")
    print(f"Sign in at http://localhost:{port} as any of these; the password of all is  {PASSWORD}\n")
    order = [*_WHO_TRIES_WHAT, *(account.username for account in made.accounts)]
    for account in sorted(made.accounts, key=lambda account: order.index(account.username)):
        role = account.role + (" +itap" if account.keeps_itap else "")
        print(f"  {account.username:<12} {role:<14} {_WHO_TRIES_WHAT.get(account.username, account.name)}")
    print(flush=True)
