"""How soon a password would be guessed: by zxcvbn, which knows English words, names, dates and keyboards, and by what
it doesn't know: Thai words and names, the Kedmanee keyboard, Buddhist-era years, and what this office is called."""

import json
import re
import sys
import threading
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import pairwise

from zxcvbn_rs_py import zxcvbn

from ita_core.evidence import child
from ita_core.evidence.examine.text import MONTHS

# The logarithm to base 10 of the guesses it takes: what zxcvbn calls "very unguessable", as ten letters by chance are.
# From 8 on it calls a password safe where guessing is slow, as here; but what it knows no word of ("huahin2568") it
# takes for chance, and a person who knows the place does not.
ENOUGH = 9.99
LONGEST = 32  # letters that are looked at: the time grows with their square, and what they give is enough or never
MEMORY = 1024**3
_turns = threading.BoundedSemaphore(1)
COMMONEST = 20_000  # Thai words: an educated speaker knows about as many
LEAST_LETTERS = 3  # of a word about somebody: shorter ones are parts of everything

# Key by key from ` to /, without and with Shift: what a key gives on an English keyboard, and on the Thai one.
_ENGLISH = "`1234567890-=qwertyuiop[]\\asdfghjkl;'zxcvbnm,./" + '~!@#$%^&*()_+QWERTYUIOP{}|ASDFGHJKL:"ZXCVBNM<>?'
_KEDMANEE = "_ๅ/-ภถุึคตจขชๆไำพะัีรนยบลฃฟหกดเ้่าสวงผปแอิืทมใฝ" + '%+๑๒๓๔ู฿๕๖๗๘๙๐"ฎฑธํ๊ณฯญฐ,ฅฤฆฏโฌ็๋ษศซ.()ฉฮฺ์?ฒฬฦ'
_TO_ENGLISH = str.maketrans(_KEDMANEE, _ENGLISH)
_TO_KEDMANEE = str.maketrans(_ENGLISH, _KEDMANEE)
_DIGITS = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")
_MONTHS = re.compile(r"[\s.]*(?:" + "|".join(map("({})".format, MONTHS)) + r")[\s.]*")
_SEPARATORS = re.compile(r"[-\s._]")  # of telephone and identity numbers, and of names
_BUDDHIST_YEAR = re.compile(r"2[45]\d\d")
# Not \W: Thai vowels above and below a letter are no letters to `re`.
_BETWEEN_WORDS = re.compile(r"[\s._,:;/\\()\"'@ฯ–-]+")
# What Thai people are found to use beside the words of books.
_COMMON = (
    *("รหัสผ่าน", "รหัส", "สวัสดี", "สวัสดีครับ", "สวัสดีค่ะ", "ตำรวจ", "ภูธร", "ตรวจคนเข้าเมือง", "ตม", "สตม", "ผู้กำกับ"),
    *("สารวัตร", "ประเทศไทย", "คนไทย", "กรุงเทพ", "รักเธอ", "รักนะ", "คิดถึง", "ที่รัก", "แม่", "พ่อ", "โปร่งใส", "คุณธรรม"),
    *("police", "royalthaipolice", "immigration", "thailand", "thai", "bangkok", "sawasdee", "sawatdee", "krub"),
    *("rakthai", "tamruat", "rtp", "ita", "itap", "oit", "nogift", "nogiftpolicy", "songkran"),
    *("loykrathong", "phithaksantirat", "pitaksantirat", "พิทักษ์สันติราษฎร์", "สงกรานต์", "ลอยกระทง", "policeno1"),
    *("191", "1155", "1178", "1599", "tm6", "tm7", "tm8", "tm28", "tm30", "tm47", "ตม47", "ตม30", "ตม7"),
    # Of the first office's province, until a plan names what lies around its own.
    *("หัวหิน", "ปราณบุรี", "กุยบุรี", "สามร้อยยอด", "เขาสามร้อยยอด", "ทับสะแก", "บางสะพาน", "ด่านสิงขร", "สิงขร", "อ่าวมะนาว"),
    *("huahin", "pranburi", "kuiburi", "samroiyot", "samroiyod", "khaosamroiyot", "khaosamroiyod", "thapsakae"),
    *("bangsaphan", "dansingkhon", "singkhon", "aomanao", "prachuap", "prachuab", "prachuapkhirikhan"),
)  # fmt: skip


def is_guessable(password: str, about: Iterable[str] = ()) -> bool:
    """Whether somebody who tries what is likely first would soon have this password.

    `about` is what a guesser knows: names of its owner and the office. Takes a second or two, in a process of its own:
    zxcvbn lets no other thread of this one run meanwhile.

    Raises child.Ended, SlowUnderLock inside `db.writing`.
    """
    given = json.dumps([password, list(about)]).encode()
    return child.run(__name__, memory=MEMORY, processor_seconds=10, seconds=20, turns=_turns, given=given) == b"1"


def main() -> None:
    """In the child: 1 or 0 for what stands on standard input."""
    password, about = json.load(sys.stdin)
    sys.stdout.write("1" if judged(password, about) else "0")


def judged(password: str, about: Iterable[str]) -> bool:
    """As `is_guessable`, in this process."""
    about = list(about)
    known = [*_words(about), *_words(_in_latin_letters(about)), *_common()]
    return any(zxcvbn(reading, known).guesses_log10 < ENOUGH for reading in readings(password[:LONGEST]))


def readings(password: str) -> set[str]:
    """The password as it is, and as the same keys would write it on the other keyboard; Thai digits, months and years
    as in the West, where zxcvbn looks for them."""
    typed = password.replace("เเ", "แ").replace("\u0e4d\u0e32", "\u0e33")  # spelt by two keys what one gives
    ways = {typed, typed.translate(_TO_ENGLISH), typed.translate(_TO_KEDMANEE)}
    ways |= {way.translate(_DIGITS) for way in ways}
    ways |= {_SEPARATORS.sub("", way) for way in ways}
    ways |= {_MONTHS.sub(lambda month: f"/{month.lastindex}/", way) for way in ways}
    ways |= {_BUDDHIST_YEAR.sub(lambda year: str(int(year[0]) - 543), way) for way in ways}
    return ways


def _in_latin_letters(about: Iterable[str]) -> Iterator[str]:
    """Thai names as an identity card writes them (Royal Institute's system), by words."""
    from pythainlp.transliterate import romanize

    for text in about:
        yield " ".join(romanize(word, engine="royin") for word in _BETWEEN_WORDS.split(text) if word)


def _words(about: Iterable[str]) -> Iterator[str]:
    """Each word, and each two that follow one another, without the space: first name and surname are one thing."""
    for text in about:
        words = [word.lower() for word in _BETWEEN_WORDS.split(text) if word]
        for word in (text.lower(), *words, *(one + other for one, other in pairwise(words))):
            if len(word) >= LEAST_LETTERS:
                yield word


@lru_cache(maxsize=1)
def _common() -> tuple[str, ...]:
    """Thai words and names, the commonest first."""
    from pythainlp.corpus import provinces, thai_family_names, thai_female_names, thai_male_names, tnc

    by_number = sorted(tnc.word_freqs(), key=lambda found: -found[1])
    words = [word for word, _number in by_number if len(word) > 1][:COMMONEST]
    of_provinces: list[dict[str, str]] = provinces(details=True)  # type: ignore[assignment]  # said to be texts
    places = [province[name] for province in of_provinces for name in ("name_th", "name_en")]
    names = [*_words(places), *thai_male_names(), *thai_female_names(), *thai_family_names()]
    return tuple(dict.fromkeys([*_COMMON, *words, *sorted(names)]))
