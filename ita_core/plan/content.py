"""Framework and plan together as the plain values that a revision keeps."""

import hashlib
import json
from typing import Any

import yaml

from ita_core.plan.faults import Faults
from ita_core.plan.framework import Framework, framework_of
from ita_core.plan.plan import Plan, plan_of

Content = dict[str, Any]


def content_of(framework: Framework, plan: Plan) -> Content:
    """Both as values of JSON, in the order of the files."""
    return {
        "framework": framework.model_dump(mode="json", by_alias=True),
        "plan": plan.model_dump(mode="json", by_alias=True),
    }


def parts_of(content: Content) -> tuple[Framework, Plan]:
    """The framework and the plan of values that `content_of` gave; they were checked when they were put in force.

    Raises pydantic's ValidationError for any others.
    """
    # By way of JSON, because strict models take a list for a tuple and a text for an enumeration only from there.
    return (
        Framework.model_validate_json(json.dumps(content["framework"])),
        Plan.model_validate_json(json.dumps(content["plan"])),
    )


def checked(content: Content, name: str) -> tuple[Framework, Plan]:
    """The framework and the plan of values that somebody changed; `name` says whose they are.

    Raises PlanFaults with everything that is wrong.
    """
    faults = Faults(name)
    framework = framework_of(content["framework"], faults)
    return framework, plan_of(content["plan"], framework, faults)


def content_hash(content: Content) -> str:
    """SHA-256 of the values in their order."""
    written = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()


def as_yaml(framework: Framework, plan: Plan) -> str:
    """Both as one file that `load_with_framework` reads: the framework is written out in the plan."""
    content = content_of(framework, plan)
    told = {name: value for name, value in content["plan"].items() if value not in ({}, [], None, "")}
    written = told | {"framework": content["framework"]}
    return yaml.dump(written, allow_unicode=True, sort_keys=False, width=120, Dumper=yaml.SafeDumper)
