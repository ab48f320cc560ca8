"""Rows may be sorted in a workbook: what has no order of its own keeps the one it had."""

from collections.abc import Iterable, Mapping
from typing import Any


def in_order(found: Mapping[str, Any], before: Iterable[str]) -> dict[str, Any]:
    """The same, what was there before in its order and what is new after it."""
    order = {key: place for place, key in enumerate(before)}
    return {key: found[key] for key in sorted(found, key=lambda key: order.get(key, len(order)))}
