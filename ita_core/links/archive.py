"""An answer as it came, in the form that archives of the web keep (WARC, ISO 28500): any of their tools reads it."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from secrets import token_hex

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from ita_core.links.fetching import Answer, Hop

# The content is kept unpacked and unframed: heads that tell of the line alone are kept under other names, as is usual.
_OF_THE_LINE = {"transfer-encoding", "content-encoding", "content-length"}


class _AsItCame(StatusAndHeaders):  # type: ignore[misc]
    """A head whose bytes are kept: many a website writes its status line in Thai, which is no ASCII."""

    def to_ascii_bytes(self, filter_func: object = None) -> bytes:
        kept: bytes = self.to_bytes(filter_func, "latin-1")
        return kept


@contextmanager
def written(url: str, agent: str, answer: Answer, folder: Path) -> Iterator[Path]:
    """A file of `folder` with every answer on the way to where the address led; gone when this is left."""
    path = folder / token_hex(16)
    try:
        with path.open("xb") as out:
            writer = WARCWriter(out, gzip=True, warc_version="WARC/1.1")
            about = {"software": agent, "format": "WARC File Format 1.1", "description": f"link check of {url}"}
            writer.write_record(writer.create_warcinfo_record("link-check.warc.gz", about))
            for number, hop in enumerate(answer.hops, start=1):
                _write(writer, hop, answer.body if number == len(answer.hops) else None)
        yield path
    finally:
        path.unlink(missing_ok=True)


def _write(writer: WARCWriter, hop: Hop, body: Path | None) -> None:
    size = body.stat().st_size if body else 0
    heads = [(f"X-Archive-Orig-{name}" if name.lower() in _OF_THE_LINE else name, value) for name, value in hop.headers]
    heads.append(("Content-Length", str(size)))
    told = _AsItCame(f"{hop.status} {hop.reason}".strip(), heads, protocol="HTTP/1.1")
    more = {"WARC-IP-Address": hop.machine, "WARC-Date": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")}
    with ExitStack() as open_:
        payload = open_.enter_context(body.open("rb")) if body else BytesIO()
        writer.write_record(
            writer.create_warc_record(
                hop.url, "response", payload=payload, length=size, http_headers=told, warc_headers_dict=more
            )
        )
