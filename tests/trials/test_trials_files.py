"""The trials of files, shortly: the long ones are run by hand (`python -m tests.trials.hostile --files 10000`)."""

import pytest

from tests.trials.short import run

pytestmark = pytest.mark.trial


def test_no_hostile_file_is_accepted():
    run("hostile", "--files", "150", "--seed", "7")


def test_harmless_files_are_accepted():
    run("harmless", "--files", "60", "--without-libreoffice")
