"""How much of a document is read, and whether anything was left out: whoever compares two must know. PURE."""

from collections.abc import Iterable
from itertools import islice

MOST_LETTERS, MOST_LINES = 100_000, 2_000
LONGEST_LINE = 2_000  # letters of one paragraph or cell
MOST_ROWS, MOST_COLUMNS, MOST_PARTS = 200, 30, 50  # of one table; sheets, slides, pages
MOST_BLANK = 10_000  # rows without a word, of all tables: some workbooks have a million that are only coloured
DEEPEST = 8  # groups of shapes in groups


class Bounds:
    """What of one document is read; `cut`: it says more than that, or may do."""

    def __init__(self) -> None:
        self.cut = False
        self._letters = self._lines = self._blank = 0

    def short(self, text: str) -> str:
        """Without controls, which no page shows; cut where it is longer than a line may be."""
        text = text.strip()
        kept = "".join(sign for sign in text[:LONGEST_LINE] if sign >= " " or sign in "\n\t").strip()
        if len(text) <= LONGEST_LINE:
            return kept
        self.cut = True
        return kept + "…"

    def table(self, rows: Iterable[Iterable[str]]) -> tuple[tuple[str, ...], ...]:
        """The rows that hold anything, as many as are shown."""
        found: list[tuple[str, ...]] = []
        for row in rows:
            cells = self._cells(row)
            if not any(cells):
                self._blank += 1
                if self._blank > MOST_BLANK:
                    self.cut = True
                    break
            elif len(found) == MOST_ROWS:
                self.cut = True
                found.append(("…",))
                break
            else:
                found.append(cells)
        wide = max((number for row in found for number, cell in enumerate(row, start=1) if cell), default=0)
        return tuple(row[:wide] for row in found)

    def _cells(self, row: Iterable[str]) -> tuple[str, ...]:
        left = iter(row)
        cells = tuple(self.short(cell) for cell in islice(left, MOST_COLUMNS))
        self.cut = self.cut or any(cell.strip() for cell in left)
        return cells

    def has_room(self, letters: int, lines: int) -> bool:
        """Whether so much more is still read; it counts as read then."""
        self._letters += letters
        self._lines += lines
        self.cut = self.cut or self._letters > MOST_LETTERS or self._lines > MOST_LINES
        return self._letters <= MOST_LETTERS and self._lines <= MOST_LINES
