"""The first start of a server, and starts that cannot be."""

import json
import sqlite3
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from ita_core import db
from ita_core.web.gate import COOKIE
from tests.server import ROOT, Visitor, environment, free_port, running, sign_in, start, thai
from tests.signing_in import PASSWORD, Office, fill


def test_the_first_start_prints_a_link_that_makes_the_administrator(tmp_path: Path) -> None:
    with running(tmp_path) as server:
        first = server.first_link
    with running(tmp_path, ITA_PUBLIC_URL="https://ita.example.go.th/") as server:
        link = server.first_link
        assert link.startswith("https://ita.example.go.th/?invite=")
        address = "/" + link.rpartition("/")[2]
        with Visitor(server) as anybody:
            assert (
                thai("This invitation link is over. Ask the administrator for a new one.")
                in anybody.open("/" + first.rpartition("/")[2]).text
            )
        with Visitor(server) as boss:
            form = boss.open(address)
            typed = {"Rank_and_name": "พ.ต.อ. วิชัย ใจดี", "User_name": "Wichai", "Password": PASSWORD}
            fill(boss, form, **typed, Password_once_more="something else")
            refused = boss.open(address, press=form.widgets[thai("Save and sign in")])
            assert thai("The two passwords differ.") in refused.text
            assert set(refused.widgets) == set(form.widgets)  # the form stays, with what was typed
            fill(boss, form, Password_once_more=PASSWORD)
            accepted = boss.open(address, press=form.widgets[thai("Save and sign in")])
        assert json.loads(accepted.component_data)["then"] == "/"
        cookie = sign_in(server, accepted.ticket).cookies[COOKIE]
        assert httpx.get(server.url + "/_stcore/metrics", headers={"Cookie": f"{COOKIE}={cookie}"}).status_code == 200
        with Visitor(server) as anybody:
            used = anybody.open(address)
            assert not used.ticket
            said = "This invitation link has been used. Sign in, or ask the administrator for a new one."
            assert thai(said) in used.text
        assert "Traceback" not in server.output
    with running(tmp_path) as server:
        assert "?invite=" not in server.output
        with Visitor(server, cookie=f"{COOKIE}={cookie}") as boss:  # a restart signs nobody out
            assert not boss.open("/").is_sign_in


@pytest.mark.trial
@pytest.mark.parametrize(
    ("fault", "says"),
    [
        ({"ITA_DATABASE_URL": "mysql://x"}, "ITA_DATABASE_URL"),
        ({"ITA_SESSION_HOURS": "0"}, "ITA_SESSION_HOURS"),
        ({"ITA_PLAN": "no-such-plan"}, "no-such-plan"),
        ({"ITA_DATABASE_URL": "sqlite:////proc/nothing/ita.db"}, "/proc/nothing/ita.db"),
        ({"ITA_DATABASE_URL": "sqlite:////proc/ita.db"}, "/proc/ita.db"),  # where not even root may write
        ({"STREAMLIT_SERVER_TRUSTED_USER_HEADERS": "{}"}, "trustedUserHeaders"),
        ({"STREAMLIT_SERVER_BASE_URL_PATH": "ita"}, "baseUrlPath"),
    ],
)
def test_a_start_that_cannot_be_says_why_in_one_sentence(tmp_path: Path, fault: dict[str, str], says: str) -> None:
    command = [sys.executable, "-m", "streamlit", "run", str(ROOT / "app.py"), "--server.port", str(free_port())]
    env = environment(tmp_path, **fault)
    ended = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, timeout=60)
    assert ended.returncode == 1
    assert says in ended.stderr
    assert len(ended.stderr.strip().splitlines()) == 1
    assert "Traceback" not in ended.stdout


def test_a_database_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    db.upgrade(db.make_engine(f"sqlite:///{tmp_path / 'ita.db'}"))
    with sqlite3.connect(tmp_path / "ita.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = 'of the future'")
    before = (tmp_path / "ita.db").read_bytes()
    server = start(tmp_path)
    assert server.process.wait(timeout=60) == 1
    assert "made by a newer version" in server.output
    assert "Traceback" not in server.output
    assert (tmp_path / "ita.db").read_bytes() == before


def test_a_taken_port_is_named(office: Office, tmp_path: Path) -> None:
    port = int(office.server.url.rsplit(":", 1)[1])
    server = start(tmp_path, port=port)
    assert server.process.wait(timeout=60) == 1
    assert f"Port {port} is not available" in server.output
    assert "Traceback" not in server.output
