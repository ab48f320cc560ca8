"""What a text says about itself: its languages, the years it names, whether it shows a full date. Pure.

The names of months are written out: `thai` has them from pythainlp, which would make the child slow to start.
"""

import re

ERA = 543
MONTHS = ("มกราคม", "กุมภาพันธ์", "มีนาคม", "เมษายน", "พฤษภาคม", "มิถุนายน", "กรกฎาคม", "สิงหาคม", "กันยายน", "ตุลาคม",
          "พฤศจิกายน", "ธันวาคม")  # fmt: skip
SHORT_MONTHS = ("ม.ค.", "ก.พ.", "มี.ค.", "เม.ย.", "พ.ค.", "มิ.ย.", "ก.ค.", "ส.ค.", "ก.ย.", "ต.ค.", "พ.ย.", "ธ.ค.")
MOST_TEXT = 500_000  # letters that are looked at: some 200 pages
# Programs that read a PDF put Thai marks in the wrong places ("กมภาพ ุ นธั" for "กุมภาพันธ์"): text and patterns are
# compared without any.
_MARKS = "\u0e31\u0e34-\u0e3a\u0e47-\u0e4e"
_ASTRAY, _MARK = re.compile(f" [{_MARKS}]+ ?"), re.compile(f"[{_MARKS}]")
# Thai fonts of Windows keep marks in shifted places under private codes, and some programs write those down.
_SHIFTED = {0xF700: "ฐ", 0xF70F: "ญ"} | dict.fromkeys((*range(0xF701, 0xF70F), *range(0xF710, 0xF71B)), "")
_TO_PLAIN = str.maketrans(dict(zip("๐๑๒๓๔๕๖๗๘๙", "0123456789", strict=True)) | {"ำ": "า"} | _SHIFTED)


def _plain(text: str) -> str:
    return _MARK.sub("", _ASTRAY.sub("", text[:MOST_TEXT].translate(_TO_PLAIN)))


def _pattern(words: str) -> re.Pattern[str]:
    return re.compile(_plain(words), re.IGNORECASE)


_ENGLISH = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    "|nov(?:ember)?|dec(?:ember)?"
)
_THAI = "|".join(MONTHS) + "|" + "|".join(month.replace(".", r"\s?\.?\s?") for month in SHORT_MONTHS)
_YEAR = r"(25[4-9]\d|20[0-4]\d)(?!\d)"
_SHORT_YEAR = r"(25[4-9]\d|20[0-4]\d|[5-8]\d)(?!\d)"
_ERA_WORD = r"(?:พ\s?\.?\s?ศ\s?\.?|ค\s?\.\s?ศ\s?\.|B\.?E\.?|A\.?D\.?)"
_TO = rf"(?:\s*(?:-|–|—|ถึง|to)\s*{_YEAR})?"  # 2566-2570
_DAY_NUMBER, _MONTH_NUMBER = r"(?:0?[1-9]|[12]\d|3[01])", r"(?:0?[1-9]|1[0-2])"
_DAY = rf"(?<!\d){_DAY_NUMBER}(?:st|nd|rd|th)?"
_NUMERIC = rf"(?<![\d/.-]){_DAY_NUMBER}\s?[/.-]\s?{_MONTH_NUMBER}\s?[/.-]\s?"
_FISCAL = _pattern(rf"(?:ปี\s*งบประมาณ|fiscal\s+year|\bFY)\s*(?:{_ERA_WORD})?\s*{_SHORT_YEAR}{_TO}")
_NAMED = (
    _pattern(rf"(?:{_ERA_WORD}|ปี|\byear)\s*(?:{_ERA_WORD})?\s*{_YEAR}{_TO}"),
    _pattern(rf"(?:{_THAI})\s*(?:{_ERA_WORD})?\s*{_SHORT_YEAR}"),
    _pattern(rf"\b(?:{_ENGLISH})\.?,?\s*(?:\d{{1,2}}(?:st|nd|rd|th)?,?\s+)?{_YEAR}"),
    _pattern(_NUMERIC + _YEAR),
    _pattern(rf"(?<![\d/.-])\d{{1,3}}\s?/\s?{_YEAR}"),  # ครั้งที่ 3/2568
    _pattern(r"(?<![\d/.-])(25[4-9]\d|20[0-4]\d)-(?:0[1-9]|1[0-2])(?!\d)"),
)
_DATES = (
    _pattern(rf"{_DAY}\s*(?:เดือน)?\s*(?:{_THAI})\s*(?:{_ERA_WORD})?\s*{_SHORT_YEAR}"),
    _pattern(rf"{_DAY}\s*(?:of\s+)?(?:{_ENGLISH})\.?,?\s*{_YEAR}"),
    _pattern(rf"\b(?:{_ENGLISH})\.?\s*{_DAY},?\s+{_YEAR}"),
    _pattern(_NUMERIC + _YEAR),
    _pattern(rf"(?<![\d/.-]){_DAY_NUMBER}/{_MONTH_NUMBER}/[5-8]\d(?![\d/])"),
    _pattern(r"(?<!\d)(?:25[4-9]\d|20[0-4]\d)-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])(?!\d)"),
)
# The year of a law is not the document's: พระราชบัญญัติคนเข้าเมือง พ.ศ. 2522.
_LAW = _pattern(
    r"(?:พระราชบัญญัติ|พ\.ร\.บ\.|พระราชกำหนด|พ\.ร\.ก\.|พระราชกฤษฎีกา|กฎกระทรวง|ระเบียบ|ข้อบังคับ|รัฐธรรมนูญ"
    rf"|ประมวลกฎหมาย)[^\n]{{0,150}}?{_ERA_WORD}\s*\d{{4}}"
)


def languages(text: str) -> tuple[str, ...]:
    """Those of th and en in which a fair part of the letters is written."""
    thai, english = len(re.findall("[\u0e01-\u0e5b]", text)), len(re.findall("[A-Za-z]", text))
    enough = max(20, (thai + english) * 0.05)
    return tuple(code for code, count in (("th", thai), ("en", english)) if count >= enough)


def fiscal_years(text: str) -> tuple[int, ...]:
    """The Buddhist-era years that the text calls fiscal years."""
    return tuple(sorted(_years(_FISCAL, _plain(text))))


def years(text: str) -> tuple[int, ...]:
    """The Buddhist-era years that the text names: พ.ศ. 2568, ปีงบประมาณ 2567, 28 ก.พ. 68, March 2025, 3/2568."""
    plain = _LAW.sub(" ", _plain(text))
    found = set(_years(_FISCAL, plain))
    for pattern in _NAMED:
        found |= _years(pattern, plain)
    return tuple(sorted(found))


def has_date(text: str) -> bool:
    """Whether a full day, month and year stands in it, in Thai, in English or in numbers."""
    plain = _plain(text)
    return any(pattern.search(plain) for pattern in _DATES)


def _years(pattern: re.Pattern[str], text: str) -> set[int]:
    found: set[int] = set()
    for match in pattern.finditer(text):
        named = [_era(int(group)) for group in match.groups() if group]
        if len(named) == 2 and named[0] <= named[1] <= named[0] + 20:
            named = list(range(named[0], named[1] + 1))
        found.update(named)
    return found


def _era(year: int) -> int:
    if year < 100:
        return year + 2500
    return year if year > 2400 else year + ERA
