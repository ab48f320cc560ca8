"""The trials, short: the long ones are run by hand (`python -m tests.trials.hostile --files 10000`)."""

import pytest

from tests.trials import harmless, hostile


def test_no_hostile_file_is_accepted(capsys: pytest.CaptureFixture[str]):
    assert hostile.main(["--files", "150", "--seed", "7"]) == 0, capsys.readouterr().out


def test_harmless_files_are_accepted(capsys: pytest.CaptureFixture[str]):
    assert harmless.main(["--files", "60", "--without-libreoffice"]) == 0, capsys.readouterr().out
