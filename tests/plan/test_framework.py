"""A framework's file: what is completed, and what a faulty one is told."""

from pathlib import Path

import pytest

from ita_core.models import Cadence
from ita_core.plan.faults import PlanFaults
from ita_core.plan.framework import FRAMEWORKS, UnknownFramework, find_framework, load_framework

SMALL = """\
framework: small
title: เล็ก
fiscal_year: 2568
closes: 2025-04-30
periods: [2024-10, 2024-11]
instruments:
  OIT: {title: ก, weight: 1.0}
levels:
  - {title: ผ่าน, total_min: 0, each_min: 0}
indicators:
  9: {instrument: OIT, title: ข, improve: ค}
items:
  O1:
    indicator: 9
    title: ง
    cadence: monthly
    demand: จ
    requirements:
      report: {title: ฉ, formats: [pdf]}
phases:
  - title: ช
    steps:
      1: {row: "1", starts: 2024-10-01, ends: 2024-12-31, title: ซ, work: ฌ}
"""


def written(folder: Path, text: str | bytes) -> Path:
    path = folder / "small.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def faults_of(path: Path) -> list[str]:
    with pytest.raises(PlanFaults) as refused:
        load_framework(path)
    assert str(refused.value) == "\n".join(refused.value.faults)
    return refused.value.faults


def test_a_small_framework_is_read_and_completed(tmp_path: Path):
    rules = load_framework(written(tmp_path, SMALL))
    report = rules.items["O1"].requirements["report"]
    assert (report.cadence, report.periods, report.minimum) == (Cadence.monthly, ("2024-10", "2024-11"), 1)


def test_what_a_forecast_assumes_is_kept_and_a_framework_without_it_is_as_it_ever_was(tmp_path: Path):
    text = "title: เล็ก\nforecast: {stages: {filed: {low: 97, likely: 99, high: 100}}, bands: {OIT: 1.5}}\n"
    own = load_framework(written(tmp_path, SMALL.replace("title: เล็ก\n", text, 1)))
    kept = own.model_dump(mode="json", by_alias=True)
    filed = {"filed": {"low": 97, "likely": 99, "high": 100}}
    assert kept["forecast"] == {"stages": filed, "left": {}, "bands": {"OIT": 1.5}}
    bare = load_framework(written(tmp_path, SMALL)).model_dump(mode="json", by_alias=True)
    assert "forecast" not in bare


# What is changed in SMALL, and all that is said of it.
FAULTY = [
    ("title: เล็ก\n", "title: เล็ก\nforecast: {stages: {filed: {low: 99, likely: 98, high: 100}}}\n",
     ["forecast.stages.filed: “Likely”, 98, is less than “Lowest”, 99: change one of the two"]),
    ("title: เล็ก\n", "title: เล็ก\nforecast: {stages: {filed: {low: 95, likely: 97, high: 100}}}\n",
     ["forecast.stages.filed: “Likely”, 97, is less than the 98 of the stage before it, “Published”: raise it, or "
      "lower that one"]),
    ("title: เล็ก\n", "title: เล็ก\nforecast: {stages: {done: {low: 1, likely: 2, high: 101}}, bands: {XIT: 1}}\n",
     [
            "forecast.bands.XIT: there is no instrument XIT (OIT)",
            "forecast.stages.done.high: must be less than or equal to 100, but is 101",
            "forecast.stages.done: must be not_started, preparing, in_review, complete, approved, published or filed, "
            'but is "done"',
        ]),
    ("title: เล็ก", "title: เล็ก\ncolour: red", ["colour: unknown key"]),
    ("title: เล็ก\n", "", ["title: is missing"]),
    ("title: เล็ก", "title: 1.1", ["title: must be text, but is 1.1 (put it in quotes)"]),
    ("title: เล็ก", "title:", ["title: must be text, but is empty"]),
    ("title: เล็ก", 'title: "  "', ["title: must not be empty"]),
    ("title: เล็ก", "title: ก\ntitle: ข", ["title: stands twice, the second time in line 3"]),
    ("title: เล็ก", 'title: "ก\\0ข"', ["title: holds the character U+0000, which cannot be kept"]),
    ("title: เล็ก", 'title: "ก\\u202eข"', ["title: holds the character U+202E, which cannot be kept"]),
    ("title: เล็ก", 'title: "\\ud800"', ["title: holds the character U+D800, which cannot be kept"]),
    ("title: เล็ก", "title: !!python/name:os.system x",
     ["title: the tag tag:yaml.org,2002:python/name:os.system is not read here"]),
    ("title: เล็ก", "title: &t ก\nnote: *t", ["note: refers to another place of the file (*): write it out"]),
    ("fiscal_year: 2568", "fiscal_year: 2025",
     ["fiscal_year: must be a year of the Buddhist era, but is 2025: write 2568"]),
    ("fiscal_year: 2568", 'fiscal_year: "2568"', ['fiscal_year: must be a whole number, but is "2568"']),
    ("closes: 2025-04-30", "closes: 2568-04-30",
     ["closes: 2568-04-30 is in the Buddhist era: write the Christian-era day 2025-04-30"]),
    ("closes: 2025-04-30", "closes: 2025-02-30", ["closes: there is no day 2025-02-30"]),
    ("closes: 2025-04-30", "closes: 30/4/2568", ['closes: must be a day like 2025-01-31, but is "30/4/2568"']),
    ("closes: 2025-04-30", "closes: 2025-10-01",
     ["closes: 2025-10-01 lies outside fiscal year 2568 (2024-10-01 to 2025-09-30)"]),
    ("[2024-10, 2024-11]", "[2024-09, 2024-10]", [
        "periods[0]: 2024-09 lies outside fiscal year 2568",
        "items.O1.requirements.report.periods[0]: 2024-09 lies outside fiscal year 2568",
    ]),
    ("[2024-10, 2024-11]", "[2567-10]", [
        "periods[0]: 2567-10 is in the Buddhist era: write the Christian-era month 2024-10",
        "items.O1.requirements.report.periods[0]: "
        "2567-10 is in the Buddhist era: write the Christian-era month 2024-10",
    ]),
    ("[2024-10, 2024-11]", "[]", ["items.O1.requirements.report: is monthly but has no periods"]),
    ("weight: 1.0", "weight: 0.9", ["instruments: the weights add up to 90%, not to 100%: raise them by 10 in all"]),
    ("total_min: 0", "total_min: 70", ["levels[0]: the last level must start at 0, so that every score has one"]),
    ("{instrument: OIT,", "{instrument: XIT,", ["indicators.9.instrument: there is no instrument XIT (OIT)"]),
    ("indicator: 9", "indicator: 8", ["items.O1.indicator: there is no indicator 8 (9)"]),
    ("cadence: monthly", "cadence: weekly",
     ['items.O1.cadence: must be once, monthly or continuous, but is "weekly"',
      'items.O1.requirements.report.cadence: must be once, monthly or continuous, but is "weekly"']),
    ("[pdf]", "[pdf, png]",
     ['items.O1.requirements.report.formats[1]: must be pdf, word, excel or image, but is "png"']),
    ("[pdf]", "[pdf, pdf]", ["items.O1.requirements.report.formats: names pdf twice"]),
    ("[pdf]", "pdf", ['items.O1.requirements.report.formats: must be a list, but is "pdf"']),
    ("formats: [pdf]", "minimum: 0",
     ["items.O1.requirements.report.minimum: must be greater than or equal to 1, but is 0"]),
    ("formats: [pdf]", "cadence: once, periods: [2024-10]",
     ["items.O1.requirements.report.periods: only a monthly requirement has periods"]),
    ("formats: [pdf]", "nil_allowed: yes",
     ['items.O1.requirements.report.nil_allowed: must be true or false, but is "yes"']),
    ("report: {", "Report 1: {", [
        'items.O1.requirements.Report 1: '
        "must be a key of small Latin letters, digits and hyphens, starting with a letter"]),
    ("2024-12-31", "2024-09-30", [
        "phases[0].steps.1.ends: 2024-09-30 lies outside fiscal year 2568 (2024-10-01 to 2025-09-30)",
        "phases[0].steps.1.ends: 2024-09-30 lies before the start, 2024-10-01",
    ]),
    ('      1: {row: "1"', '      2: {row: "1"',
     ["phases[0].steps.2: the steps count 1, 2, 3 … through the year: this one must be 1"]),
]  # fmt: skip


@pytest.mark.parametrize(("was", "becomes", "faults"), FAULTY)
def test_a_fault_is_named_with_its_place(tmp_path: Path, was: str, becomes: str, faults: list[str]):
    assert was in SMALL
    found = faults_of(written(tmp_path, SMALL.replace(was, becomes, 1)))
    assert sorted(found) == sorted(f"small.yaml: {fault}" for fault in faults)


def test_all_faults_are_named_at_once(tmp_path: Path):
    text = SMALL.replace("title: เล็ก", "colour: red").replace("closes: 2025-04-30", "closes: 2568-04-30")
    text = text.replace("indicator: 9", "indicator: 8").replace("2024-12-31", "2025-12-31").replace("1.0", "0.5")
    assert sorted(faults_of(written(tmp_path, text))) == [
        "small.yaml: closes: 2568-04-30 is in the Buddhist era: write the Christian-era day 2025-04-30",
        "small.yaml: colour: unknown key",
        "small.yaml: instruments: the weights add up to 50%, not to 100%: raise them by 50 in all",
        "small.yaml: items.O1.indicator: there is no indicator 8 (9)",
        "small.yaml: phases[0].steps.1.ends: 2025-12-31 lies outside fiscal year 2568 (2024-10-01 to 2025-09-30)",
        "small.yaml: title: is missing",
    ]


UNREADABLE: list[tuple[str | bytes, str]] = [
    ("", "must be a mapping (key: value)"),
    ("- a\n- b\n", "must be a mapping (key: value)"),
    ("title: [1, 2\n", "line 2, column 1: expected ',' or ']', but got '<stream end>'"),
    ("title: a: b\n", "line 1, column 9: mapping values are not allowed here"),
    ("a: 1\n---\nb: 2\n", "line 2, column 1: but found another document"),
    ("? [a]\n: 1\n", "line 1: a key must be plain text"),
    (b"title: \xe0\xb8\n", "is not UTF-8 text (byte 7)"),
    ("title: *nothing\n", "line 1, column 8: found undefined alias 'nothing'"),
    ("a: &a [1]\nb: &b [*a, *a]\nc: [*b, *b]\n", "b[0]: refers to another place of the file (*): write it out"),
    ("[" * 5000, "is nested too deeply"),
    ("title: !!int x\n", "invalid literal for int() with base 10: 'x'"),
]


@pytest.mark.parametrize(("text", "fault"), UNREADABLE)
def test_a_file_that_is_no_yaml_is_refused_in_a_sentence(tmp_path: Path, text: str | bytes, fault: str):
    assert faults_of(written(tmp_path, text))[0] == f"small.yaml: {fault}"


def test_a_file_that_is_not_there_is_refused_in_a_sentence(tmp_path: Path):
    assert faults_of(tmp_path / "none.yaml") == ["none.yaml: cannot be read: No such file or directory"]


def test_plain_words_of_yaml_stay_what_they_look_like(tmp_path: Path):
    text = SMALL.replace("title: เล็ก", "title: no").replace("work: ฌ", "work: 2025-01-01")
    rules = load_framework(written(tmp_path, text))
    assert (rules.title, rules.steps[1].work) == ("no", "2025-01-01")


def test_a_framework_is_found_by_its_code_and_by_nothing_else():
    assert find_framework("immigration-2568") == FRAMEWORKS / "immigration-2568.yaml"
    for code in ("", "../plans/prachuap-2568", "immigration-2568.yaml", "no-such-year"):
        with pytest.raises(UnknownFramework, match="immigration-2568"):
            find_framework(code)
