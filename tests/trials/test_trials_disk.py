"""The trials of the disk, shortly; whoever means to release runs them long (each says how)."""

from tests.trials.short import run


def test_a_kill_at_any_moment_loses_nothing_and_doubles_nothing():
    run("kills", "--rounds", "12")


def test_a_power_cut_at_any_moment_loses_nothing_where_unsynced_files_and_rows_are_lost():
    run("power_cut", "--rounds", "4", "--control", "2")


def test_a_full_disk_is_a_sentence_and_nothing_is_half_saved():
    run("disk_full")
