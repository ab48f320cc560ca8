"""What is worth a second look, and what is not."""

from datetime import date

import pytest

from ita_core.evidence import hints
from ita_core.evidence.noticed import Noticed

GOOD = Noticed(
    pages=2, has_text=True, text_languages=("th", "en"), years=(2567, 2568), fiscal_years=(2568,), has_date=True,
    made_at="2025-03-14T10:00:00+07:00",
)  # fmt: skip


def of(facts: Noticed, **asked: object) -> str:
    usual: dict = {"periods": ["2025-02"], "fiscal_year": 2568, "wants_date": False, "handed_in_on": date(2025, 3, 15)}
    return " ".join(hints.hints(facts, **{**usual, **asked}))


def facts(**known: object) -> Noticed:
    return Noticed(**known)  # type: ignore[arg-type]


@pytest.mark.parametrize("asked", [{}, {"periods": []}, {"wants_date": True}, {"languages": ("th", "en")}])
def test_a_good_file_raises_no_question(asked: dict):
    assert of(GOOD, **asked) == ""


def test_a_file_that_says_nothing_raises_no_question():
    assert of(Noticed(), wants_date=True, languages=("th",)) == ""


@pytest.mark.parametrize(
    ("known", "asked", "says"),
    [
        ({"fiscal_years": (2567,)}, {}, "fiscal year 2567 only, not of 2568"),
        ({"years": (2566,)}, {}, "the year 2566 only"),
        ({"years": (2567,)}, {"periods": ["2025-02"]}, "the year 2567 only, not of 2568"),
        ({"years": (2566,)}, {"periods": []}, "not of 2567 / 2568"),
        ({"has_text": True, "has_date": False}, {"wants_date": True}, "No day, month and year"),
        ({"pages": 3, "has_text": False}, {}, "cannot search"),
        ({"pages": 5, "empty_pages": (2, 4)}, {}, "Empty pages: 2, 4."),
        ({"pages": 2, "empty_pages": (1, 2), "has_text": False}, {}, "Every page"),
        ({"has_text": True, "text_languages": ("th",)}, {"languages": ("en",)}, "wants English"),
        ({"has_text": True, "text_languages": ("en",)}, {"languages": ("th",)}, "wants Thai"),
        ({"made_at": "2025-03-16T08:00:00+07:00"}, {}, "made on 16 Mar 2025"),
        ({"made_at": "2025-03-15T18:00:00+00:00"}, {}, "made on 16 Mar 2025"),  # in Thailand it is the 16th
    ],
)
def test_what_is_worth_a_second_look_is_said(known: dict, asked: dict, says: str):
    found = of(facts(**known), **asked)
    assert says in found
    assert found.count(". ") <= 1  # one hint, not several


@pytest.mark.parametrize(
    ("known", "asked"),
    [
        ({"years": (2567,)}, {"periods": ["2024-11"]}),
        ({"years": (2568,)}, {"periods": ["2024-11"]}),  # named by its fiscal year
        ({"years": (2567,)}, {"periods": []}),
        ({"years": (2566, 2567, 2568)}, {}),
        ({"fiscal_years": (2567, 2568)}, {}),
        ({"has_text": True, "has_date": False}, {"wants_date": False}),
        ({"has_text": False, "has_date": None, "pages": None}, {"wants_date": True}),
        ({"width": 10, "height": 10}, {"languages": ("th",)}),
        ({"made_at": "2025-03-15T10:00:00"}, {}),
        ({"made_at": "2025-03-15T16:00:00+00:00"}, {}),
        ({"has_text": True, "text_languages": ("th",)}, {"languages": ("th", "foreign")}),
    ],
)
def test_what_is_in_order_is_not_spoken_of(known: dict, asked: dict):
    assert of(facts(**known), **asked) == ""


def test_a_date_is_wanted_where_a_requirement_says_so():
    assert hints.wants_date(["ประกาศนโยบาย", "ระบุวัน/เดือน/ปี ที่ประกาศ"])
    assert not hints.wants_date(["ประกาศนโยบาย", "วันทำการ"])
