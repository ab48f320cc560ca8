"""Reading YAML as plain values: text keys, no surprises of YAML 1.1, nothing that cannot be kept or shown."""

import json
import re
from pathlib import Path
from typing import Any

import yaml

from ita_core.language import N_
from ita_core.plan.faults import Faults
from ita_core.plan.places import Where
from ita_core.typed import unkept_signs


class _Yaml(yaml.SafeLoader):
    """Plain values only: no days, and none of the surprises of YAML 1.1 (`no` is false there, 1:30 is 90)."""


_Yaml.yaml_implicit_resolvers = {}


for _tag, _pattern, _first in (
    ("null", r"(?:~|null|)", ["~", "n", ""]),
    ("bool", r"(?:true|false)", ["t", "f"]),
    ("int", r"-?(?:0|[1-9][0-9]{0,17})", list("-0123456789")),
    ("float", r"-?[0-9]{1,18}\.[0-9]{1,18}", list("-0123456789")),
):
    _Yaml.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(rf"^{_pattern}$"), _first)


_NO_YAML = N_("{why}")  # what the reader of YAML says of it, in English

_TAGS = {f"tag:yaml.org,2002:{kind}" for kind in ("null", "bool", "int", "float", "str", "map", "seq")}


def read(path: Path, faults: Faults) -> dict[str, Any]:
    """The file as plain values with text keys; faults that leave something to read are noted in `faults`.

    Raises PlanFaults where nothing can be read: no such file, and as `values_of` does.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        faults.add((), N_("cannot be read: {why}"), why=error.strerror)
        faults.stop()
    return values_of(data, faults)


def values_of(data: bytes, faults: Faults) -> dict[str, Any]:
    """What was written, as plain values with text keys; faults that leave something to read are noted in `faults`.

    Raises PlanFaults where nothing can be read: not UTF-8, no YAML, no mapping at its top.
    """
    raw: object = None
    try:
        loader = _Yaml(data.decode("utf-8-sig"))
        node = loader.get_single_node()
        if node is not None and _plain(node, (), faults, set()):
            raw = json.loads(json.dumps(loader.construct_document(node)))
    except UnicodeDecodeError as error:
        faults.add((), N_("is not UTF-8 text (byte {number})"), number=error.start)
    except yaml.MarkedYAMLError as error:
        mark, why = error.problem_mark, error.problem or error.context
        if mark:
            says = N_("line {line}, column {column}: {why}")
            faults.add((), says, line=mark.line + 1, column=mark.column + 1, why=why)
        else:
            faults.add((), _NO_YAML, why=why)
    except (yaml.YAMLError, ValueError) as error:
        faults.add((), _NO_YAML, why=" ".join(str(error).split()))
    except RecursionError:
        faults.add((), N_("is nested too deeply"))
    if not isinstance(raw, dict):
        if not faults.found:
            faults.add((), N_("must be a mapping (key: value)"))
        faults.stop()
    cleaned = _cleaned(raw, (), faults)
    assert isinstance(cleaned, dict)
    return cleaned


def _plain(node: yaml.Node, where: Where, faults: Faults, seen: set[int]) -> bool:
    """Whether a node can be made into plain values; keys that stand twice are noted but do not stop the reading."""
    if id(node) in seen:  # also keeps a few lines of references from growing into gigabytes
        faults.add(where, N_("refers to another place of the file (*): write it out"))
        return False
    seen.add(id(node))
    if node.tag not in _TAGS:
        faults.add(where, N_("the tag {tag} is not read here"), tag=node.tag)
        return False
    if isinstance(node, yaml.SequenceNode):
        sound = True
        for index, part in enumerate(node.value):
            sound = _plain(part, (*where, index), faults, seen) and sound
        return sound
    if not isinstance(node, yaml.MappingNode):
        return True
    sound, keys = True, set()
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode) or not _plain(key, where, faults, seen):
            faults.add(where, N_("line {line}: a key must be plain text"), line=key.start_mark.line + 1)
            sound = False
            continue
        if key.value in keys:
            says = N_("stands twice, the second time in line {line}")
            faults.add((*where, key.value), says, line=key.start_mark.line + 1)
        keys.add(key.value)
        sound = _plain(value, (*where, key.value), faults, seen) and sound
    return sound


def _cleaned(value: object, where: Where, faults: Faults) -> object:
    """The same with "?" for what PostgreSQL cannot keep or a screen would show falsely; each is noted."""
    if isinstance(value, dict):
        return {_cleaned(key, where, faults): _cleaned(part, (*where, key), faults) for key, part in value.items()}
    if isinstance(value, list):
        return [_cleaned(part, (*where, index), faults) for index, part in enumerate(value)]
    if isinstance(value, str):
        for sign in unkept_signs(value):
            faults.add(where, N_("holds the character {sign}, which cannot be kept"), sign=f"U+{ord(sign):04X}")
            value = value.replace(sign, "?")
    return value
