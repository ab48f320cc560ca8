"""A document as PDF, by typst: no program of the system, no font of the machine.

Every word goes in as data (JSON), none as markup. The font that is shipped has one glyph for a Thai letter with all its
marks (`tests/sarabun.py` makes it): typst names the text of a glyph, and writes that of several twice when one of them
is set higher, so that people who copy from the file, and ITAP's machines, would read สั่สั่ง for สั่ง.
"""

import json
import tempfile
from dataclasses import asdict
from enum import Enum
from pathlib import Path
from typing import Any

import typst

from ita_core.errors import NoRoom, Refused
from ita_core.evidence.objects import full_is
from ita_core.exports.documents.model import (
    BOTTOM,
    LEFT,
    RIGHT,
    TOP,
    Document,
    Line,
    PageBreak,
    Paragraph,
    Picture,
    Table,
)
from ita_core.exports.documents.words import together
from ita_core.exports.workbook import writable
from ita_core.language import N_

HERE = Path(__file__).parent
FONTS = HERE / "fonts"
LOOK = HERE / "document.typ"


class CannotSet(Refused):
    says = N_("The document cannot be set as PDF: {why}.")


def as_pdf(document: Document) -> bytes:
    """The file; the same document gives the same bytes.

    Raises CannotSet; NoRoom where the disk is full.
    """
    try:
        with full_is(NoRoom()), tempfile.TemporaryDirectory(prefix="ita-document-") as folder:
            return _compiled(document, Path(folder))
    except OSError as error:
        raise CannotSet(why=error.strerror or error) from None
    except typst.TypstError as error:
        raise CannotSet(why=error.message) from None


def _compiled(document: Document, folder: Path) -> bytes:
    blocks = []
    for number, block in enumerate(document.blocks):
        made = _plain(block)
        if isinstance(block, Picture):
            name = f"{number}.png" if block.content.startswith(b"\x89PNG") else f"{number}.jpg"
            (folder / name).write_bytes(block.content)
            made["content"] = name
        blocks.append(made)
    given = {
        "title": writable(document.title), "office": writable(document.office), "blocks": blocks,
        "margins": [LEFT, RIGHT, TOP, BOTTOM],
    }  # fmt: skip
    look = folder / "document.typ"
    look.write_bytes(LOOK.read_bytes())
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[FONTS])
    compiler = typst.Compiler(
        look, root=folder, font_paths=fonts, sys_inputs={"document": json.dumps(given, ensure_ascii=False)}
    )
    made_pdf = compiler.compile(format="pdf", timestamp=0)
    assert isinstance(made_pdf, bytes)
    return made_pdf


_KINDS = {Paragraph: "paragraph", Table: "table", Picture: "picture", Line: "line", PageBreak: "break"}


def _plain(block: Any) -> dict[str, Any]:
    if isinstance(block, Picture):
        return {"kind": "picture", "caption": _value(block.caption), "width": block.width, "height": block.height}
    if isinstance(block, Line):
        return {"kind": "line", "parts": [[_value(text) for text in part] for part in block.parts]}
    return {"kind": _KINDS[type(block)]} | asdict(block, dict_factory=_values)


def _values(fields: list[tuple[str, Any]]) -> dict[str, Any]:
    return {name: _value(value) for name, value in fields}


def _value(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    return together(writable(value)) if isinstance(value, str) else value
