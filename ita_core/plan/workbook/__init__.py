"""A plan as a workbook (xlsx) that a secretary can fill: written, and read again.

`sheets` says what stands where, `cells` how a value is written; `filling` and `writing` make the workbook, `opening`
takes it apart, `reading` and the files of its sheets make a plan of it again.
"""

from ita_core.plan.workbook.reading import read
from ita_core.plan.workbook.writing import write

__all__ = ["read", "write"]
