"""Files made to do harm, family by family: what each does to an honest file, and the refusal it must meet.

`ATTACKS` is read by the tests, once each, and by the trial, many times over with chance in sizes, places and names.
"""

from tests.attacks import (
    acting,
    archives,
    embedded,
    fetching,
    fields,
    formulas,
    kinds,
    links,
    markup,
    old_office,
    pdf,
    pdf_bombs,
    pictures,
)
from tests.attacks.attack import ATTACKS, Attack, original

__all__ = ["ATTACKS", "FAMILIES", "Attack", "original"]

# Each puts its own into ATTACKS when it is imported.
FAMILIES = (
    kinds, archives, embedded, links, fields, formulas, fetching, acting, markup, old_office, pdf, pdf_bombs, pictures,
)  # fmt: skip
