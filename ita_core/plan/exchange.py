"""A plan as a file that people pass on: YAML with its framework, or the workbook."""

from collections.abc import Collection
from pathlib import PurePath

from ita_core.language import N_
from ita_core.plan import workbook
from ita_core.plan.content import Content, as_yaml, checked, content_of
from ita_core.plan.faults import Faults
from ita_core.plan.files import values_of
from ita_core.plan.framework import Framework
from ita_core.plan.plan import Plan, with_framework

WORKBOOK, YAML = ".xlsx", ".yaml"
LARGEST_YAML = 1024**2  # bytes; reading so much takes seconds


def kind_of(name: str) -> str:
    """WORKBOOK by the end of a file's name; everything else is read as YAML."""
    return WORKBOOK if PurePath(name).suffix.lower() == WORKBOOK else YAML


def write(framework: Framework, plan: Plan, kind: str) -> bytes:
    """The file's content; `kind` is WORKBOOK or YAML."""
    if kind == WORKBOOK:
        return workbook.write(content_of(framework, plan))
    return as_yaml(framework, plan).encode()


def read(data: bytes, name: str, base: Content, *, ever: Collection[str] = ()) -> tuple[Framework, Plan]:
    """What a file of this name says, checked; a workbook holds only what its sheets do, the rest is that of `base`.

    `ever`: keys of parties and requirements of earlier revisions, which nothing new gets.

    Raises PlanFaults with everything that is wrong, UnknownFramework.
    """
    if kind_of(name) == WORKBOOK:
        return checked(workbook.read(data, base, name=name, ever=ever), name)
    faults = Faults(name)
    if len(data) > LARGEST_YAML:
        faults.add((), N_("is larger than {most} KB"), most=LARGEST_YAML // 1024)
        faults.stop()
    return with_framework(values_of(data, faults), faults)
