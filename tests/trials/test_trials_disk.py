"""The trials of the disk, shortly; whoever means to release runs them long (each says how)."""

from pathlib import Path

import pytest

from tests.trials.short import WITHOUT, run


@pytest.mark.trial
def test_a_kill_at_any_moment_loses_nothing_and_doubles_nothing():
    run("kills", "--rounds", "12")


@pytest.mark.trial
def test_a_power_cut_at_any_moment_loses_nothing_where_unsynced_files_and_rows_are_lost():
    run("power_cut", "--rounds", "4", "--control", "2")


@pytest.mark.trial
def test_a_full_disk_is_a_sentence_and_nothing_is_half_saved():
    run("disk_full")


@pytest.mark.trial
def test_a_trial_that_cannot_be_run_fails_in_ci_unless_it_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PATH", str(tmp_path))  # no mount, no mkfs
    monkeypatch.setenv("CI", "true")
    monkeypatch.setenv(WITHOUT, "power_cut")
    with pytest.raises(pytest.fail.Exception, match=r"disk_full goes untried.*there is no mount"):
        run("disk_full")
    monkeypatch.setenv(WITHOUT, "power_cut,disk_full")
    with pytest.raises(pytest.skip.Exception, match="there is no mount"):
        run("disk_full")
