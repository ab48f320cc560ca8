"""What programs read back from our PDFs: two that ITAP's machines and people's copying may be like."""

import os
import re
import shutil
import subprocess
import unicodedata
from collections.abc import Callable

import pypdfium2
import pytest

from ita_core.exports.documents.model import Document

PAGE_NUMBER = re.compile(r"^\s*- [๐-๙]+ -\s*$", re.MULTILINE)


def by_pdfium(pdf: bytes) -> list[str]:
    """Each page's text by PDFium (Chrome's)."""
    with pypdfium2.PdfDocument(pdf) as document:
        return [page.get_textpage().get_text_bounded() for page in document]


def by_poppler(pdf: bytes, *how: str) -> list[str]:
    """Each page's text by poppler's pdftotext (GNOME's and KDE's viewers), `-raw`: in the order of the file."""
    how = how or ("-raw",)
    done = subprocess.run(["pdftotext", *how, "-enc", "UTF-8", "-", "-"], input=pdf, capture_output=True, check=True)
    return done.stdout.decode().split("\f")[:-1]


def readers() -> dict[str, Callable[[bytes], list[str]]]:
    """Both, by name; without poppler a test is skipped, in CI it fails."""
    if shutil.which("pdftotext") is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("pdftotext is not installed (poppler-utils)")
    return {"PDFium": by_pdfium, "poppler": by_poppler}


def bare(text: str) -> str:
    """Without spaces and line ends: where a line ends is the page's, not the text's."""
    return "".join(unicodedata.normalize("NFC", text).split())


def lost(document: Document, pages: list[str]) -> list[str]:
    """The paragraphs that do not come back letter for letter."""
    found = bare("\n".join(PAGE_NUMBER.sub("", page) for page in pages))
    return [text for text in document.texts if bare(text) not in found]
