"""ตรวจสอบชุดหลักฐานนี้ ใช้ Python 3.9 ขึ้นไป ไม่ต้องติดตั้งสิ่งใดเพิ่ม วิธีใช้อยู่ใน อ่านก่อน.txt

Checks the pack that it lies in, by Python's standard library alone: nothing of the program that made the pack.

    python3 check.py                   every file against SHA256SUMS, and the record of acts (audit.jsonl) in itself
    python3 check.py "NUMBER HASH"     and that the record holds this entry, as `ita audit head` printed it earlier

Exit status 0 all in order, 1 something is wrong and named, 2 wrong use.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

SUMS, AUDIT, HEAD, EVIDENCE = "SHA256SUMS", "audit.jsonl", "audit-head.txt", "หลักฐาน/"
LEFT_BY_SYSTEMS = {".DS_Store", "Thumbs.db", "desktop.ini"}
MOST_TOLD = 5  # of what does not belong to the pack
GENESIS = "0" * 64
CHUNK = 1024 * 1024


def here() -> str:
    """The folder of the pack; on Windows written so that long paths open."""
    folder = os.path.abspath(os.path.dirname(__file__))  # noqa: PTH100, PTH120
    return "\\\\?\\" + folder if os.name == "nt" and not folder.startswith("\\\\") else folder


def visible(text: str) -> str:
    """One line stays one line, whatever a name holds."""
    return "".join(sign if sign.isprintable() else ascii(sign)[1:-1] for sign in text)


def read_sums(folder: str, faults: list[str]) -> dict[str, str]:
    """Name → SHA-256, as SHA256SUMS says, written as sha256sum writes it."""
    sums: dict[str, str] = {}
    try:
        lines = Path(folder, SUMS).read_bytes().decode("utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        faults.append(f"{SUMS}: อ่านไม่ได้ ({error})")
        return sums
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        found = re.fullmatch(r"(\\?)([0-9a-f]{64}) [ *](.+)", line.rstrip("\r"))
        name = found.group(3) if found else ""
        if found and found.group(1):
            name = re.sub(r"\\(.)", lambda sign: {"n": "\n", "r": "\r"}.get(sign.group(1), sign.group(1)), name)
        if not found or name.startswith("/") or re.search(r"(^|[/\\])\.\.([/\\]|$)|^[A-Za-z]:", name):
            faults.append(f"{SUMS} บรรทัด {number}: อ่านไม่ได้")
            continue
        sums[name] = found.group(2)
    return sums


def sha256_of(path: str) -> str:
    digest = hashlib.sha256()
    with open(path, "rb") as source:  # noqa: PTH123
        while True:
            chunk = source.read(CHUNK)
            if not chunk:
                return digest.hexdigest()
            digest.update(chunk)


def check_files(folder: str, sums: dict[str, str], faults: list[str]) -> list[str]:
    """Every file of the list is there as it was, and no other among the evidence; gives what else lies there."""
    for name, wanted in sums.items():
        try:
            found = sha256_of(os.path.join(folder, *name.split("/")))  # noqa: PTH118
        except FileNotFoundError:
            faults.append(f"{visible(name)}: ไม่มีไฟล์นี้")
        except OSError as error:
            faults.append(f"{visible(name)}: อ่านไม่ได้ ({error.strerror})")
        else:
            if found != wanted:
                faults.append(f"{visible(name)}: เนื้อหาถูกแก้ไข")
    known = {unicodedata.normalize("NFC", name) for name in (*sums, SUMS)}
    strays = sorted(set(names_in(folder)) - known)
    faults += [f"{visible(name)}: ไม่อยู่ในรายการ {SUMS}" for name in strays if name.startswith(EVIDENCE)]
    return [name for name in strays if not name.startswith(EVIDENCE)]


def names_in(folder: str) -> Iterator[str]:
    for place, inner, files in os.walk(folder):
        if "__pycache__" in inner:
            inner.remove("__pycache__")
        for name in files:
            if name not in LEFT_BY_SYSTEMS:
                path = os.path.relpath(os.path.join(place, name), folder)  # noqa: PTH118
                yield unicodedata.normalize("NFC", path.replace(os.sep, "/"))


def entry_hash(entry: dict[str, Any]) -> str:
    """SHA-256 over an entry's content and the hash before it, in one canonical spelling."""
    content = [entry["number"], entry["at"], entry["actor"], entry["account_id"], entry["action"], entry["subject"],
               entry["detail"], entry["previous_hash"]]  # fmt: skip
    if entry["seals"]:
        content.append(entry["seals"])
    if entry["touches"] is not None:
        content.append(entry["touches"])
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def check_audit(folder: str, faults: list[str], kept: tuple[int, str] | None) -> tuple[int, set[str]]:
    """The record's chain from its first entry to its end; gives how many there are, and the files handed in by it."""
    handed_in: set[str] = set()
    expected, previous, holds_kept = 1, GENESIS, kept is None
    with open(os.path.join(folder, AUDIT), "rb") as source:  # noqa: PTH118, PTH123
        for line_number, line in enumerate(source, start=1):
            where = f"{AUDIT} บรรทัด {line_number}"
            try:
                entry = json.loads(line.decode("utf-8"))
                number, made, said, before = entry["number"], entry_hash(entry), entry["hash"], entry["previous_hash"]
                act, sha256 = entry["action"], (entry["detail"] or {}).get("sha256")
            except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
                faults.append(f"{where}: อ่านไม่ได้")
                expected += 1
                continue
            if number != expected:
                faults.append(f"{where}: ควรเป็นรายการที่ {expected} แต่เป็นรายการที่ {visible(str(number))}")
            elif before != previous:
                faults.append(f"{where}: รายการที่ {number} ไม่ต่อจากรายการก่อนหน้า")
            if made != said:
                faults.append(f"{where}: รายการที่ {number} ถูกแก้ไข")
            if act == "evidence.submit" and isinstance(sha256, str):
                handed_in.add(sha256)
            holds_kept = holds_kept or (number, said) == kept
            expected, previous = (number if isinstance(number, int) else expected) + 1, said
    if head_of(Path(folder, HEAD)) != (expected - 1, previous):
        faults.append(f"{AUDIT}: รายการสุดท้ายไม่ตรงกับค่าท้ายบันทึกใน {HEAD}")
    if kept is not None and not holds_kept:
        faults.append(f"{AUDIT}: ไม่มีรายการที่ {kept[0]} ที่มีค่าแฮช {kept[1]} ซึ่งจดไว้ภายนอก")
    return expected - 1, handed_in


def as_head(text: str) -> tuple[int, str] | None:
    """An entry's number and hash, as `ita audit head` prints them."""
    found = re.fullmatch(r"(\d{1,18}) +([0-9a-f]{64})( .*)?", text.strip())
    return (int(found.group(1)), found.group(2)) if found else None


def head_of(path: Path) -> tuple[int, str] | None:
    try:
        return as_head(path.read_bytes().decode("utf-8"))
    except (OSError, UnicodeDecodeError):
        return None


def check(folder: str, kept: tuple[int, str] | None) -> bool:
    """Look at everything and say what was found; whether all is in order."""
    faults: list[str] = []
    sums = read_sums(folder, faults)
    evidence = [name for name in sums if name.startswith(EVIDENCE)]
    print(f"กำลังตรวจ {len(sums):,} ไฟล์ ในจำนวนนี้เป็นหลักฐาน {len(evidence):,} ไฟล์ …", flush=True)
    others = check_files(folder, sums, faults)
    if AUDIT in sums and os.path.exists(os.path.join(folder, AUDIT)):  # noqa: PTH110, PTH118
        entries, handed_in = check_audit(folder, faults, kept)
        print(f"บันทึกการใช้งาน {entries:,} รายการ")
        faults += [
            f"{visible(name)}: ไม่มีการส่งหลักฐานนี้ในบันทึกการใช้งาน" for name in evidence if sums[name] not in handed_in
        ]
    else:
        print("ชุดนี้ไม่มีบันทึกการใช้งาน จึงตรวจเฉพาะไฟล์")
        if kept is not None:
            faults.append(f"{AUDIT}: ไม่มีบันทึกการใช้งานให้เทียบกับค่าที่จดไว้ภายนอก")
    if others:
        more = f" และอีก {len(others) - MOST_TOLD:,} ไฟล์" if len(others) > MOST_TOLD else ""
        print(f"หมายเหตุ: ไม่ได้มากับชุดนี้: {', '.join(map(visible, others[:MOST_TOLD]))}{more}")
    for fault in faults:
        print(f"ผิด: {fault}")
    print(f"ผล: ไม่ถูกต้อง พบ {len(faults):,} แห่ง" if faults else "ผล: ถูกต้องครบถ้วน")
    return not faults


def main(arguments: list[str]) -> int:
    for stream in (sys.stdout, sys.stderr):  # a terminal that has no Thai shows signs instead, and no error
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    kept = as_head(" ".join(arguments))
    if arguments and kept is None:
        print('วิธีใช้: python3 check.py หรือ python3 check.py "ลำดับรายการ ค่าแฮช"', file=sys.stderr)
        return 2
    return 0 if check(here(), kept) else 1


if __name__ == "__main__":
    status = main(sys.argv[1:])
    if os.name == "nt" and len(sys.argv) == 1 and sys.stdin is not None and sys.stdin.isatty():
        input("กด Enter เพื่อปิด ")  # a window that opened by a double click would be gone before it is read
    sys.exit(status)
