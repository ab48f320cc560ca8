"""What is no whole backup brings back nothing; what was there before stays."""

import gzip
import hashlib
import io
import json
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from ita_core import db
from ita_core.dump import BadRow
from ita_core.errors import Refused
from ita_core.evidence.folder import Folder
from ita_core.evidence.objects import object_name
from ita_core.proof import backup
from ita_core.proof.backup import NoBackup, NotEmpty, OtherFormat, OtherRevision, RefusedRow
from tests.proof.looking import digests, is_untouched, objects

pytestmark = pytest.mark.both


def test_a_database_in_use_is_left_alone(engine: sa.Engine, elsewhere: Folder, demo_backup: Path):
    before = digests(engine)
    with pytest.raises(NotEmpty):
        backup.restore(engine=engine, store=elsewhere, file=demo_backup)
    assert digests(engine) == before
    assert objects(elsewhere) == set()


Parts = dict[str, bytes]


def parts(file: Path) -> Parts:
    with tarfile.open(file) as archive:
        return {member.name: archive.extractfile(member).read() for member in archive}


def packed(content: Parts, *more: tuple[tarfile.TarInfo, bytes]) -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archive:
        for name, value in content.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(value)
            archive.addfile(entry, io.BytesIO(value))
        for entry, value in more:
            archive.addfile(entry, io.BytesIO(value))
    return made.getvalue()


def with_part(name: str, kind: bytes = tarfile.REGTYPE, link: str = "") -> Callable[[Parts], bytes]:
    def make(content: Parts) -> bytes:
        entry = tarfile.TarInfo(name)
        entry.type, entry.linkname = kind, link
        return packed(content, (entry, b""))

    return make


def without(name: str) -> Callable[[Parts], bytes]:
    return lambda content: packed({key: value for key, value in content.items() if not key.startswith(name)})


def with_changed(name: str, old: bytes, new: bytes, *, told: bool = False) -> Callable[[Parts], bytes]:
    """One table or the manifest changed; `told`: with a manifest made to fit."""

    def make(content: Parts) -> bytes:
        assert old in content[name]
        changed = content | {name: content[name].replace(old, new, 1)}
        if told:
            manifest = json.loads(changed["manifest.json"])
            table = manifest["tables"][name.removeprefix("rows/").removesuffix(".jsonl")]
            value = changed[name]
            table |= {"bytes": len(value), "rows": value.count(b"\n"), "sha256": hashlib.sha256(value).hexdigest()}
            changed["manifest.json"] = json.dumps(manifest).encode()
        return packed(changed)

    return make


def with_manifest(**values: object) -> Callable[[Parts], bytes]:
    return lambda content: packed(
        content | {"manifest.json": json.dumps(json.loads(content["manifest.json"]) | values).encode()}
    )


def an_object(change: Callable[[bytes], bytes]) -> Callable[[Parts], bytes]:
    def make(content: Parts) -> bytes:
        name = max(name for name in content if name.startswith("o/"))
        return packed(content | {name: change(content[name])})

    return make


def a_sparse_part(content: Parts) -> bytes:
    entry = tarfile.TarInfo("o/ab/ab" + "c" * 62)
    entry.pax_headers = {"GNU.sparse.major": "0", "GNU.sparse.minor": "1", "GNU.sparse.size": str(2**40),
                         "GNU.sparse.map": f"{2**40 - 1},1"}  # fmt: skip
    entry.size = 1
    return packed(content, (entry, b"x"))


def a_part_twice(content: Parts) -> bytes:
    entry = tarfile.TarInfo("rows/account.jsonl")
    return packed(content, (entry, b""))


REVIEW, ACCOUNT, AUDIT = "rows/review.jsonl", "rows/account.jsonl", "rows/auditentry.jsonl"
GRANT = "rows/officegrant.jsonl"
FIRST, ODD = b'{"id":1,', "Line 1 of the table account is no row"
HOSTILE: list[tuple[str, Callable[[Parts], bytes], type[Refused], str]] = [
    ("nothing", lambda _: b"", NoBackup, "it is no tar file"),
    ("a text", lambda _: b"year 2568 " * 1000, NoBackup, "it is no tar file"),
    ("compressed", lambda content: gzip.compress(packed(content)), NoBackup, "it is no tar file"),
    ("an empty tar", lambda _: packed({}), NoBackup, "it has no manifest.json at its end"),
    ("cut in the middle", lambda content: packed(content)[: len(packed(content)) // 2], NoBackup, "damaged"),
    ("cut before the manifest", without("manifest.json"), NoBackup, "it has no manifest.json at its end"),
    ("zeros in the middle", lambda content: packed(content)[:10240] + bytes(10240), NoBackup, ""),
    ("a path upwards", with_part("../evil"), NoBackup, "'../evil' does not belong in one"),
    ("an absolute path", with_part("/etc/cron.d/evil"), NoBackup, "'/etc/cron.d/evil' does not belong in one"),
    ("a path upwards in a table's name", with_part("rows/../account.jsonl"), NoBackup, "does not belong in one"),
    ("an object of another name", with_part("o/ab/evil"), NoBackup, "'o/ab/evil' does not belong in one"),
    ("an object in another folder", with_part("o/zz/ab" + "c" * 62), NoBackup, "does not belong in one"),
    ("an unknown table", with_part("rows/sqlitemaster.jsonl"), NoBackup, "rows/sqlitemaster.jsonl does not belong"),
    ("an unknown file", with_part("readme.txt"), NoBackup, "'readme.txt' does not belong in one"),
    ("a soft link", with_part("o/ab/ab" + "c" * 62, tarfile.SYMTYPE, "/etc/passwd"), NoBackup, "does not belong"),
    ("a hard link", with_part("o/ab/ab" + "c" * 62, tarfile.LNKTYPE, "manifest.json"), NoBackup, "does not belong"),
    ("a device", with_part("o/ab/ab" + "c" * 62, tarfile.CHRTYPE), NoBackup, "does not belong"),
    ("a folder", with_part("o/ab", tarfile.DIRTYPE), NoBackup, "'o/ab' does not belong in one"),
    ("a sparse file", a_sparse_part, NoBackup, "does not belong"),
    ("a part twice", a_part_twice, NoBackup, "'rows/account.jsonl' does not belong in one"),
    ("a table missing", without(REVIEW), NoBackup, "rows/review.jsonl is missing"),
    ("a row changed", with_changed(REVIEW, b'"returned"', b'"accepted"'), NoBackup, "rows/review.jsonl was changed"),
    ("a row removed", with_changed(ACCOUNT, b"\n", b""), NoBackup, "rows/account.jsonl was changed"),
    ("a row changed, and its digest", with_changed(REVIEW, b'"returned"', b'"accepted"', told=True), NoBackup,
     "its rows do not agree with its audit (review of evidence "),
    ("an audit entry changed, and its digest", with_changed(AUDIT, b'"item":"O', b'"item":"P', told=True), NoBackup,
     "its rows do not agree with its audit ("),
    ("no row", with_changed(ACCOUNT, FIRST, b'{"id":1', told=True), BadRow, ODD),
    ("a column less", with_changed(ACCOUNT, FIRST, b"{", told=True), BadRow, ODD),
    ("another type", with_changed(ACCOUNT, FIRST, b'{"id":"1",', told=True), BadRow, ODD),
    ("an unknown role", with_changed(GRANT, b'"admin"', b'"king"', told=True), BadRow, "table officegrant"),
    ("a moment of no zone", with_changed(ACCOUNT, b"+00:00", b"", told=True), BadRow, "table account"),
    ("deep", with_changed("rows/person.jsonl", b'"aliases":[', b'"aliases":' + b"[" * 200_000, told=True), BadRow, ""),
    ("a row that refers to none", with_changed(REVIEW, b'"account_id":', b'"account_id":9', told=True), RefusedRow, ""),
    ("a number too large", with_changed(ACCOUNT, FIRST, b'{"id":99999999999999999999,', told=True), RefusedRow, ""),
    ("the same key twice", with_changed(ACCOUNT, b'{"id":2,', b'{"id":1,', told=True), RefusedRow, ""),
    ("an object changed", an_object(lambda value: value[:-1] + bytes([value[-1] ^ 1])), NoBackup, " was changed"),
    ("an object cut", an_object(lambda value: value[:-1]), NoBackup, "manifest.json says something else"),
    ("objects missing", without("o/"), NoBackup, " is missing"),
    ("a manifest of no sense", lambda content: packed(content | {"manifest.json": b"{"}), NoBackup, "be understood"),
    ("a deep manifest", lambda content: packed(content | {"manifest.json": b"[" * 200_000}), NoBackup, "be understood"),
    ("a manifest with more", with_manifest(command="rm -rf /"), NoBackup, "manifest.json cannot be understood"),
    ("a manifest with less", with_manifest(tables={}), NoBackup, "does not belong in one"),
    ("another head", with_manifest(audit_head={"number": 1, "hash": "0" * 64}), NoBackup, "says something else"),
    ("lacking what is none", with_manifest(lacking=["0" * 64]), NoBackup, "manifest.json says something else"),
    ("a fault that is none", with_manifest(faults=["audit: entry 3 was changed"]), NoBackup, "entry 3 was changed"),
    ("a newer format", with_manifest(format=2), OtherFormat, "has format 2"),
    ("an older revision", with_manifest(revision="0002", program="0.0.9"), OtherRevision, "at revision 0002"),
]  # fmt: skip


@pytest.fixture(scope="module")
def content(demo_backup: Path) -> Parts:
    return parts(demo_backup)


@pytest.mark.parametrize(("make", "refusal", "says"), [row[1:] for row in HOSTILE], ids=[row[0] for row in HOSTILE])
def test_what_is_no_whole_backup_is_refused_in_a_sentence_and_leaves_nothing(
    empty: sa.Engine, elsewhere: Folder, tmp_path: Path, content: Parts,
    make: Callable[[Parts], bytes], refusal: type[Refused], says: str,
):  # fmt: skip
    (tmp_path / "x.tar").write_bytes(make(content))
    with pytest.raises(refusal) as refused:
        backup.restore(engine=empty, store=elsewhere, file=tmp_path / "x.tar")
    assert says in str(refused.value)
    assert len(str(refused.value).splitlines()) == 1
    assert is_untouched(empty, elsewhere)


@pytest.mark.parametrize("bare", ["postgres"], indirect=True)
@pytest.mark.parametrize(
    "change",
    [
        with_changed(ACCOUNT, b'"name":"', b'"name":"\\u0000', told=True),
        with_changed(ACCOUNT, FIRST, b'{"id":2147483648,', told=True),
    ],
)
def test_what_postgresql_cannot_hold_is_refused_and_leaves_nothing(
    bare: sa.Engine, elsewhere: Folder, tmp_path: Path, content: Parts, change: Callable[[Parts], bytes]
):
    (tmp_path / "x.tar").write_bytes(change(content))
    with pytest.raises(RefusedRow):
        backup.restore(engine=bare, store=elsewhere, file=tmp_path / "x.tar")
    assert is_untouched(bare, elsewhere)


def test_every_damaged_byte_of_the_frame_is_refused_or_does_no_harm(
    tmp_path: Path, elsewhere: Folder, demo_backup: Path
):
    """One byte changed here and there, headers above all: refused, or all equal; never anything between."""
    whole = demo_backup.read_bytes()
    with tarfile.open(demo_backup) as archive:
        headers = [member.offset for member in archive][-12:]
    places = [start + inside for start in headers for inside in (3, 125, 150, 156, 300)]
    for number, place in enumerate(places):
        damaged = bytearray(whole)
        damaged[place] ^= 0x15
        (tmp_path / "x.tar").write_bytes(damaged)
        engine = db.make_engine(f"sqlite:///{tmp_path / str(number)}.db")
        with pytest.raises(NoBackup):
            backup.restore(engine=engine, store=elsewhere, file=tmp_path / "x.tar")
        engine.dispose()
    assert objects(elsewhere) == set()


def test_an_object_that_was_there_before_stays_when_a_restore_is_refused(
    empty: sa.Engine, elsewhere: Folder, tmp_path: Path, content: Parts
):
    name = min(name for name in content if name.startswith("o/"))
    elsewhere.adopt([content[name]], name.rpartition("/")[2])
    (tmp_path / "x.tar").write_bytes(with_changed(REVIEW, b'"returned"', b'"accepted"', told=True)(content))
    with pytest.raises(NoBackup):
        backup.restore(engine=empty, store=elsewhere, file=tmp_path / "x.tar")
    assert objects(elsewhere) == {name}


def test_a_damaged_object_in_the_store_is_mended_by_a_restore(empty: sa.Engine, elsewhere: Folder, demo_backup: Path):
    with tarfile.open(demo_backup) as archive:
        sha256 = next(member.name for member in archive).rpartition("/")[2]
    elsewhere.path(sha256).parent.mkdir(exist_ok=True)
    elsewhere.path(sha256).write_bytes(b"damaged")
    backup.restore(engine=empty, store=elsewhere, file=demo_backup)
    assert elsewhere.verified(sha256)
    assert list(elsewhere.inbox.iterdir()) == []
    assert object_name(sha256) in objects(elsewhere)
