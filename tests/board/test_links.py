"""Which published address somebody has to look after, and for how long it is told."""

from datetime import UTC, date, datetime, timedelta

import pytest

from ita_core.board.links import CHANGED_DAYS, ENDING_DAYS, Check, Fault, Link, fault, faults
from ita_core.models import LinkOutcome

AT = datetime(2025, 3, 15, 3, 0, tzinfo=UTC)
DAY = date(2025, 3, 15)


def link(outcome: LinkOutcome | None = LinkOutcome.reached, code: str = "O9", **more: object) -> Link:
    own = {name: more.pop(name) for name in ("evidence_id", "certificate_ends") if name in more}
    last = Check(1, 1, "https://a.go.th/", AT, "", outcome, **own) if outcome else None
    return Link(1, code, "https://a.go.th/", "องศุสร", AT, last=last, **more)


def test_what_opens_or_was_not_looked_at_yet_is_no_fault():
    assert fault(link(), DAY) is None
    assert fault(link(None), DAY) is None


@pytest.mark.parametrize("outcome", [one for one in LinkOutcome if one is not LinkOutcome.reached])
def test_whatever_does_not_open_is_broken(outcome: LinkOutcome):
    assert fault(link(outcome, changed_at=AT), DAY) is Fault.broken


def test_a_change_is_told_for_some_days():
    changed = link(changed_at=AT)
    assert [fault(changed, DAY + timedelta(days=days)) for days in (0, CHANGED_DAYS - 1, CHANGED_DAYS)] == [
        Fault.changed, Fault.changed, None,
    ]  # fmt: skip


def test_what_was_the_accepted_file_and_is_no_longer_is_told_until_it_is_again():
    assert fault(link(evidence_at=AT, changed_at=AT), DAY + timedelta(days=90)) is Fault.replaced
    assert fault(link(evidence_at=AT, evidence_id=7), DAY) is None


def test_a_certificate_is_told_before_it_ends():
    ends = AT + timedelta(days=ENDING_DAYS)
    assert fault(link(certificate_ends=ends), DAY) is None
    assert fault(link(certificate_ends=ends), DAY + timedelta(days=1)) is Fault.ending


def test_the_worst_comes_first():
    found = faults([link(changed_at=AT, code="O1"), link(code="O2"), link(LinkOutcome.slow, "O3")], DAY)
    assert [(what, one.code) for what, one in found] == [(Fault.broken, "O3"), (Fault.changed, "O1")]
