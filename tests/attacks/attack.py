"""What an attack is, and the honest file that it starts from."""

import io
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from ita_core.errors import Refused
from tests import files, papers

Mutate = Callable[[bytes, Random], bytes]
ZEROS = b"\0" * 1024**2


@dataclass(frozen=True)
class Attack:
    family: str
    name: str
    suffix: str
    refusal: type[Refused]
    mutate: Mutate


ATTACKS: list[Attack] = []
WORD, EXCEL, SLIDES = ".docx", ".xlsx", ".pptx"
OFFICE = (WORD, EXCEL, SLIDES)
MAIN = {WORD: "word/document.xml", EXCEL: "xl/workbook.xml", SLIDES: "ppt/presentation.xml"}
FOLDER = {WORD: "word", EXCEL: "xl", SLIDES: "ppt"}
OF = {WORD: "application/vnd.openxmlformats-officedocument.wordprocessingml",
      EXCEL: "application/vnd.openxmlformats-officedocument.spreadsheetml",
      SLIDES: "application/vnd.openxmlformats-officedocument.presentationml"}  # fmt: skip


def original(suffix: str) -> bytes:
    """The honest file that an attack starts from."""
    return {
        ".docx": files.word, ".xlsx": files.excel, ".pptx": files.slides, ".doc": files.doc, ".xls": files.xls,
        ".pdf": lambda: papers.pdf(pages=3), ".jpg": lambda: files.picture("JPEG"),
        ".png": lambda: files.picture("PNG"), ".webp": lambda: files.picture("WEBP"), ".mp4": files.film,
    }[suffix]()  # fmt: skip


def attack(family: str, refusal: type[Refused], *suffixes: str, name: str = "") -> Callable[[Mutate], Mutate]:
    def add(mutate: Mutate) -> Mutate:
        for suffix in suffixes:
            ATTACKS.append(Attack(family, name or mutate.__name__, suffix, refusal, mutate))
        return mutate

    return add


def folder_of(content: bytes) -> tuple[str, str]:
    """The ending and the folder of an office file."""
    names = zipfile.ZipFile(io.BytesIO(content)).namelist()
    return next((suffix, folder) for suffix, folder in FOLDER.items() if MAIN[suffix] in names)


SHEET = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def in_some_coding(text: str, random: Random) -> bytes:
    return text.encode() if random.random() < 0.5 else f'<?xml version="1.0" encoding="UTF-16"?>{text}'.encode("utf-16")


def deflated(megabytes: int) -> bytes:
    packing = zlib.compressobj(9)
    return b"".join([*(packing.compress(ZEROS) for _number in range(megabytes)), packing.flush()])
