"""The key of second steps: made once, for its owner's eyes only, and in no backup."""

import stat
import tarfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from ita_core import db, settings
from ita_core.accounts import keys
from ita_core.evidence.store import open_store
from ita_core.proof import backup
from tests.cast import Cast


def place() -> Path:
    found = db.beside(db.KEY)
    assert found is not None
    return found


def test_a_key_is_made_at_the_first_use_and_only_its_owner_reads_it(at_work: Cast):
    assert not keys.opens("")
    assert not place().exists()
    kept, name = keys.encrypt("JBSWY3DP", at_work.usa)
    assert stat.S_IMODE(place().stat().st_mode) == 0o600
    assert place() in db.places()
    assert keys.decrypt(kept, name, at_work.usa) == "JBSWY3DP"
    assert keys.encrypt("JBSWY3DP", at_work.usa)[0] != kept  # the same again looks like another
    with pytest.raises(keys.KeyGone):
        keys.decrypt(kept, name, at_work.pattama)
    for broken in ("", "AAAA", kept[:-6] + "AAAAA=", "ก"):
        with pytest.raises(keys.KeyGone):
            keys.decrypt(broken, name, at_work.usa)


def test_of_many_processes_that_make_the_key_at_once_all_have_one(at_work: Cast):
    with ThreadPoolExecutor(16) as pool:
        made = list(pool.map(lambda _each: keys.encrypt("x", 1), range(32)))
    assert len({name for _kept, name in made}) == 1
    assert {keys.decrypt(kept, name, 1) for kept, name in made} == {"x"}
    assert [path.name for path in place().parent.glob("*-key*")] == [place().name]


def test_without_a_key_nothing_is_opened_and_a_new_one_does_not_pretend(at_work: Cast):
    kept, name = keys.encrypt("x", 1)
    place().unlink()
    with pytest.raises(keys.KeyGone):
        keys.decrypt(kept, name, 1)
    assert not keys.opens(name)
    assert keys.encrypt("y", 1)[1] != name
    with pytest.raises(keys.KeyGone):
        keys.decrypt(kept, name, 1)


def test_the_setting_comes_before_the_file(at_work: Cast, monkeypatch: pytest.MonkeyPatch):
    _kept, by_file = keys.encrypt("x", 1)
    monkeypatch.setenv("ITA_SECRET_KEY", "a" * 32)
    settings.settings.cache_clear()
    assert not keys.opens(by_file)
    kept, by_setting = keys.encrypt("x", 1)
    assert by_setting != by_file
    assert keys.decrypt(kept, by_setting, 1) == "x"


def test_a_server_s_database_has_no_folder_for_a_key(at_work: Cast, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(db, "beside", lambda _ending: None)
    with pytest.raises(keys.NoKey):
        keys.encrypt("x", 1)


def test_a_folder_that_cannot_be_written_is_a_sentence(at_work: Cast, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(db, "beside", lambda _ending: Path("/proc/nowhere/key"))
    with pytest.raises(keys.NoKey):
        keys.encrypt("x", 1)


def test_a_backup_holds_no_key(at_work: Cast, tmp_path: Path):
    keys.encrypt("x", 1)
    key = place().read_bytes().strip()
    made = tmp_path / "backup.tar"
    backup.backup(engine=db.engine(), store=open_store(), file=made, at=settings.settings().now())
    assert key not in made.read_bytes()
    with tarfile.open(made) as tar:
        assert not [name for name in tar.getnames() if "key" in name]


def test_a_key_file_that_cannot_be_read_opens_nothing_and_is_not_written_over(at_work: Cast):
    """As after a copy back by root: whoever has a second step is told what to do, and their page is drawn."""
    kept, name = keys.encrypt("x", at_work.usa)
    before = place().read_bytes()
    place().unlink()
    place().mkdir()  # root, as which tests may run, reads every file
    assert not keys.opens(name)
    with pytest.raises(keys.KeyGone):
        keys.decrypt(kept, name, at_work.usa)
    with pytest.raises(keys.NoKey):
        keys.encrypt("y", at_work.usa)
    place().rmdir()
    place().write_bytes(before)
    assert keys.decrypt(kept, name, at_work.usa) == "x"
