"""The manual's pictures by their route: for whoever is signed in, and nothing but them."""

import io

import pytest
from PIL import Image

from ita_core.web.manual import FOLDER
from tests.asking import client
from tests.cast import Cast

PICTURE = "officer-my-work.webp"


@pytest.mark.parametrize("who", ["usa", "khanittha", "commander", "itap", "admin", "viewer"])
def test_whoever_is_signed_in_gets_them(cast: Cast, who: str):
    answer = client(cast, who).get(f"/manual/{PICTURE}")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "image/webp"
    assert answer.headers["cache-control"].startswith("private")
    assert answer.content == (FOLDER / "pictures" / PICTURE).read_bytes()
    assert Image.open(io.BytesIO(answer.content)).format == "WEBP"


def test_nobody_else_does(cast: Cast):
    answer = client(cast, "").get(f"/manual/{PICTURE}")
    assert answer.status_code == 403
    assert answer.content == b""


@pytest.mark.parametrize(
    "name",
    [
        "officer.md", "..%2Fofficer.md", "%2E%2E%2Fofficer.md", "..%5Cofficer.md", "no-such.webp", f"{'a' * 61}.webp",
        "Officer-my-work.webp", "officer-my-work.webp%00", "officer-my-work.webp%0a", "%252e%252e%252fofficer.md",
    ],
)  # fmt: skip
def test_nothing_else_comes_out(cast: Cast, name: str):
    assert client(cast, "usa").get(f"/manual/{name}").status_code == 404
