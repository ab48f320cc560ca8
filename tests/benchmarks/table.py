"""One readable table for a terminal."""

from collections.abc import Sequence


def times(one: float | None, empty: float | None) -> str:
    """How many times the empty page's."""
    return f"{one / empty:.1f}" if one and empty else "–"


def text(title: str, head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Numbers at the right; None is a dash."""
    cells = [list(head), *([_cell(value) for value in row] for row in rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(head))]
    lines = ["  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)) for row in cells]
    for number, row in enumerate(cells):
        lines[number] = row[0].ljust(widths[0]) + lines[number][widths[0] :]
    return "\n".join(["", title, *lines])


def _cell(value: object) -> str:
    if value is None:
        return "–"
    return (f"{value:.0f}" if value >= 100 else f"{value:.1f}") if isinstance(value, float) else str(value)
