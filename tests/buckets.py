"""Buckets for tests, at moto's server, over real HTTP (the fixture `s3`)."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

REGION = "ap-southeast-7"
KEY, SECRET = "AKIAKEYKEYKEYKEYKEY0", "secret-secret-secret"
# The variables that the app needs beside AWS_ENDPOINT_URL.
KEYS = {
    "AWS_ACCESS_KEY_ID": KEY,
    "AWS_SECRET_ACCESS_KEY": SECRET,
    "AWS_REGION": REGION,
    "AWS_ALLOW_HTTP": "true",
    "AWS_TIMEOUT": "10s",
}
SIGNED = {"Authorization": f"AWS4-HMAC-SHA256 Credential=x/20250101/{REGION}/s3/aws4_request"}


@contextmanager
def serving() -> Iterator[str]:
    """The address of a server that speaks S3 while this is open; ImportError where a package for it is missing."""
    import obstore  # noqa: F401
    from moto.server import ThreadedMotoServer

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


def make(address: str, name: str) -> None:
    """An empty bucket."""
    place = f"<CreateBucketConfiguration><LocationConstraint>{REGION}</LocationConstraint></CreateBucketConfiguration>"
    made = httpx.put(f"{address}/{name}", headers=SIGNED, content=place)
    assert made.status_code == 200, made.text
