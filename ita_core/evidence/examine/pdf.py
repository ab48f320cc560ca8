"""PDF: every object of the document is looked at for what could act, every stream unpacked and counted; by pikepdf.

What may act is listed by ISO 32000-1:2008, tables 198 (types of action) and 194 to 197 (what sets one off without a
click), and by ISO 32000-2:2020, which adds GoToDp and RichMediaExecute. Of these a click may lead to a place in the
document or to a plain address (`address`); by itself nothing may happen but that the page shown is another.

Then, by pdfium, what the pages say. That is for the hints only, so it ends after some pages or seconds.
"""

import re
import time
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Stream

from ita_core.evidence import kinds
from ita_core.evidence.examine import address, text, unpacking
from ita_core.evidence.examine.objection import Budget, Objection
from ita_core.evidence.kinds import FileKind
from ita_core.evidence.noticed import Noticed

TAIL = 1024  # bytes from the end in which a reader looks for the end's mark
LARGEST_STREAM, MOST_UNPACKED, MOST_OF_PICTURES = 128 * 1024**2, 512 * 1024**2, 2 * 1024**3
MOST_PIXELS = 400_000_000  # of one picture: a plan in A0 that was scanned finely in black and white
PAGES_READ, PAGES_LOOKED_AT, SECONDS, MOST_EMPTY = 5, 300, 3.0, 20
_BROKEN = (pikepdf.PdfError, ValueError, TypeError, KeyError, AttributeError, IndexError, RuntimeError, OverflowError,
           OSError)  # fmt: skip
_ACTIONS = {
    "/JavaScript": "scripts",
    "/Launch": "launch",
    "/ImportData": "launch",
    "/SubmitForm": "launch",
    "/GoToE": "attachments",
    "/Rendition": "media",
    "/RichMediaExecute": "media",
    "/GoTo3DView": "media",
    "/Movie": "media",
    "/Sound": "media",
}
_AT_OPENING = {"/GoTo", "/GoToDp"}  # no other action may stand in the catalogue's OpenAction
_BY_EVENT = {*_AT_OPENING, "/Hide", "/SetOCGState", "/Trans", "/ResetForm", "/NOP"}  # … in an AA or a Next
_TURNING = {"/NextPage", "/PrevPage", "/FirstPage", "/LastPage"}  # Named: readers know more, which print and save
_LONGEST_CHAIN = 100  # actions one behind the other
_PLACES = ("/UF", "/F", "/Unix", "/DOS", "/Mac")  # of a file's specification
_ANNOTATIONS = {
    "/FileAttachment": "attachments",
    "/RichMedia": "media",
    "/Movie": "media",
    "/Sound": "media",
    "/Screen": "media",
    "/3D": "media",
}
_AS_LETTERS = {"/ASCII85Decode", "/A85", "/ASCIIHexDecode", "/AHx"}
# Of qpdf's warnings: a file mended by guessing, and a key that stands twice where it decides what happens.
_READ_IN_TWO_WAYS = re.compile(
    "reconstruct|duplicated key /(?:OpenAction|AA|A|S|N|D|F|UF|FS|Win|Next|JS|URI|Subtype|Names|EmbeddedFiles|EF|AF|XFA"
    "|AcroForm|Annots|Root|Pages|Kids|Contents|Filter|NA|PA);"
)
# Searched in each object as qpdf writes it down, names without escapes; where one stands, the object is walked through.
_SUSPECT = re.compile(
    rb"/(?:JavaScript|JS|Launch|ImportData|SubmitForm|GoToE|GoToR|Rendition|RichMedia\w*|GoTo3DView|Movie|Sound|3D|Screen"
    rb"|FileAttachment|EmbeddedFiles?|EF|AF|XFA|Thread|URI|OpenAction|AA|Next|NA|PA|Ref|OPI)(?![A-Za-z0-9])"
)


def examine(path: Path, source: BinaryIO) -> tuple[FileKind, Noticed]:
    """Raises Objection."""
    size = source.seek(0, 2)
    source.seek(max(size - TAIL, 0))
    tail = source.read()
    if b"%%EOF" not in tail or b"startxref" not in tail:
        raise Objection("cut_off")
    try:
        with pikepdf.open(path, access_mode=pikepdf.AccessMode.stream, suppress_warnings=True) as document:
            if document.is_encrypted:
                raise Objection("encrypted")
            _check(document)
            pages, made_at = len(document.pages), _made_at(document)
            if any(map(_READ_IN_TWO_WAYS.search, map(str, document.get_warnings()))):
                raise Objection("broken")  # each program would mend it in its own way, and see another document
    except pikepdf.PasswordError:
        raise Objection("encrypted") from None
    except _BROKEN:
        raise Objection("broken") from None
    if pages == 0:
        raise Objection("no_pages")
    return kinds.PDF, _facts(path, pages, made_at)


def _check(document: pikepdf.Pdf) -> None:
    budget, for_pictures = Budget(MOST_UNPACKED), Budget(MOST_OF_PICTURES)
    for thing in document.objects:
        if isinstance(thing, Stream):
            written = thing.stream_dict.unparse()
            if _SUSPECT.search(written):
                _walk(thing.stream_dict)
            _check_stream(thing, budget, for_pictures)
        elif isinstance(thing, (Dictionary, Array)):
            if _SUSPECT.search(thing.unparse(resolved=True)):
                _walk(thing)
        elif isinstance(thing, Name) and str(thing) in _ACTIONS:  # a name by reference: only who hides it writes that
            raise Objection(_ACTIONS[str(thing)])
    _walk(document.trailer)


def _walk(top: Object) -> None:
    """The object and what stands directly in it; what it refers to comes by itself."""
    waiting = [top]
    while waiting:
        thing = waiting.pop()
        if isinstance(thing, Array):
            waiting.extend(inner for inner in thing if isinstance(inner, (Dictionary, Array)) and not inner.is_indirect)
        elif isinstance(thing, Dictionary):
            _check_dictionary(thing)
            for inner in thing.values():
                if isinstance(inner, (Dictionary, Array)) and not inner.is_indirect:
                    waiting.append(inner)


def _check_dictionary(thing: Object) -> None:
    _check_action(thing)
    _check_events(thing)
    annotation = thing.get("/Subtype")
    if isinstance(annotation, Name) and str(annotation) in _ANNOTATIONS:
        raise Objection(_ANNOTATIONS[str(annotation)])
    if isinstance(thing.get("/JS"), (pikepdf.String, Stream)):
        raise Objection("scripts")
    if isinstance(thing.get("/XFA"), (Array, Stream, pikepdf.String)):
        raise Objection("xfa")
    # A picture in better quality, to be fetched when it is printed (14.11.7): one for each version of OPI.
    if isinstance(pictures := thing.get("/OPI"), Dictionary) and any(
        isinstance(one, Dictionary) and _is_far(one.get("/F")) for one in pictures.values()
    ):
        raise Objection("linked")
    if _has_files(thing):
        raise Objection("attachments")


def _check_events(thing: Object) -> None:
    """Raises Objection for an action that needs no click of its own."""
    if "/OpenAction" in thing:
        _check_by_itself(thing.get("/OpenAction"), _AT_OPENING)
    if isinstance(events := thing.get("/AA"), Dictionary):
        for event in events.values():
            _check_by_itself(event, _BY_EVENT)
    if isinstance(thing.get("/S"), Name) and "/Next" in thing:
        _check_by_itself(thing.get("/Next"), _BY_EVENT)
    # A step of a presentation; its type may be left out. PA is in a link, too: there it is only noted.
    for key in ("/NA", "/PA"):
        if thing.get("/Type") == Name.NavNode or key == "/NA" or thing.get("/Subtype") != Name.Link:
            _check_by_itself(thing.get(key), _BY_EVENT)


def _has_files(thing: Object) -> bool:
    """Whether files are attached here."""
    if thing.get("/Type") == Name.EmbeddedFile or isinstance(thing.get("/EF"), Dictionary):
        return True
    listed, tree = thing.get("/AF"), thing.get("/EmbeddedFiles")
    one = isinstance(listed, Dictionary) and listed.get("/Type") != Name.Font  # a font may be called AF
    if one or (isinstance(listed, Array) and len(listed)):
        return True
    return isinstance(tree, Dictionary) and any(len(tree.get(key, [])) for key in ("/Names", "/Kids"))


def _check_action(thing: Object) -> None:
    """Raises Objection for what no click may do either, wherever the action stands."""
    action, base = thing.get("/S"), thing.get("/URI")
    if isinstance(action, Name):
        if str(action) in _ACTIONS:
            raise Objection(_ACTIONS[str(action)])
        if str(action) in {"/GoToR", "/Thread"}:
            if _is_far(thing.get("/F")):
                raise Objection("linked")
            if any(map(address.is_program, _said_places(thing.get("/F")))):
                raise Objection("launch")
    if isinstance(base, Dictionary):  # the catalogue's: addresses without a scheme are read from there
        base = base.get("/Base")
    if isinstance(base, pikepdf.String) and not address.is_plain(str(base)):
        raise Objection("address")


def _check_by_itself(action: Object | None, allowed: set[str]) -> None:
    """Raises Objection for an action, or one in the chain behind it, that nobody clicked and that is not allowed so."""
    waiting, seen = [action], 0
    while waiting:
        one = waiting.pop()
        if isinstance(one, Array) and one is not action:
            continue
        if isinstance(one, Array):
            # In an OpenAction it is a place; in a Next, actions.
            waiting.extend(inner for inner in one if isinstance(inner, Dictionary) and "/S" in inner)
        elif isinstance(one, Dictionary) and "/S" in one:
            seen += 1
            _check_action(one)
            kind = str(one.get("/S"))
            turning = kind == "/Named" and str(one.get("/N")) in _TURNING
            if seen > _LONGEST_CHAIN or (kind not in allowed and not (turning and allowed is _BY_EVENT)):
                raise Objection("by_itself")
            following = one.get("/Next")
            waiting.extend(following if isinstance(following, Array) else [following])


def _is_far(place: Object | None) -> bool:
    """Whether a file's specification names a place on another machine, for any of the systems that it speaks to.

    `/server/share/file` is one, too (ISO 32000-1, 7.11.2): a disk has one letter there.
    """
    if isinstance(place, Dictionary) and place.get("/FS") == Name.URL:  # 7.11.5
        return True
    return any(address.is_far(one) or re.match(r"/[^/]{2,}/.", one) for one in _said_places(place))


def _said_places(place: Object | None) -> list[str]:
    """What a file's specification says to each system."""
    places = [place.get(key) for key in _PLACES] if isinstance(place, Dictionary) else [place]
    return [str(one) for one in places if isinstance(one, pikepdf.String)]


def _check_stream(stream: Object, budget: Budget, for_pictures: Budget) -> None:
    if "/F" in stream.stream_dict:
        raise Objection("linked")  # its content lies in another file
    drawn = stream.get("/Ref")
    if isinstance(drawn, Dictionary) and "/F" in drawn:
        raise Objection("linked")  # a page of another file, drawn in its place
    filters = _filters(stream)
    is_picture = stream.get("/Subtype") == Name.Image
    limit = LARGEST_STREAM
    if is_picture:
        width, height = int(stream.get("/Width", 0)), int(stream.get("/Height", 0))
        if width * height > MOST_PIXELS:
            raise Objection("pixels")
        limit = width * height * 8 + 1024**2  # four colours in 16 bits
    raw = stream.read_raw_bytes()
    while filters and filters[0] in _AS_LETTERS:
        raw = _from_letters(raw, filters.pop(0))
    if not filters or filters[0] not in unpacking.FILTERS:
        return
    size = 0
    for piece in unpacking.unpacked(raw, filters):
        size += len(piece)
        (for_pictures if is_picture else budget).take(len(piece))
        if size > limit:
            raise Objection("bomb")


def _from_letters(raw: bytes, name: str) -> bytes:
    """By qpdf, which is quick: some programs write whole photographs so. It becomes smaller, but for signs of zeros."""
    if raw.count(b"z") * 4 > LARGEST_STREAM:
        raise Objection("bomb")
    with pikepdf.new() as scratch:
        alone = Stream(scratch, b"")
        alone.write(raw, filter=Name(name))
        return alone.read_bytes(pikepdf.StreamDecodeLevel.generalized)


def _filters(stream: Object) -> list[str]:
    found = stream.get("/Filter")
    if isinstance(found, Name):
        return [str(found)]
    if isinstance(found, Array):
        return [str(name) for name in found]
    return []


def _made_at(document: pikepdf.Pdf) -> str | None:
    found = None
    with suppress(*_BROKEN):
        found = re.match(r"(?:D:)?(\d{14})(?:(Z)|([+-]\d\d)'?(\d\d)?)?", str(document.docinfo.get("/CreationDate", "")))
    if found is None:
        return None
    zone = f"{found[3]}{found[4] or '00'}" if found[3] else "+0000" if found[2] else "+0700"
    with suppress(ValueError):
        return datetime.strptime(found[1] + zone, "%Y%m%d%H%M%S%z").isoformat()
    return None


def _facts(path: Path, pages: int, made_at: str | None) -> Noticed:
    try:
        said, has_text, empty = _read(path)
    except (OSError, ValueError, RuntimeError):  # pdfium reads it differently from qpdf: nothing to hint at
        return Noticed(pages=pages, made_at=made_at)
    return Noticed(
        pages=pages,
        has_text=has_text,
        text_languages=text.languages(said),
        years=text.years(said),
        fiscal_years=text.fiscal_years(said),
        has_date=text.has_date(said) if has_text else None,
        empty_pages=tuple(empty[:MOST_EMPTY]),
        made_at=made_at,
    )


def _read(path: Path) -> tuple[str, bool | None, list[int]]:
    """The first pages' text, whether any page has text (None: not all were looked at), and the empty pages."""
    import pypdfium2

    said: list[str] = []
    empty: list[int] = []
    has_text = False
    ends = time.monotonic() + SECONDS
    with pypdfium2.PdfDocument(path) as document:
        for number in range(len(document)):
            if number >= PAGES_LOOKED_AT or time.monotonic() > ends:
                return "\n".join(said), has_text or None, empty
            page = document[number]
            if not pypdfium2.raw.FPDFPage_CountObjects(page) and not pypdfium2.raw.FPDFPage_GetAnnotCount(page):
                empty.append(number + 1)
            elif number < PAGES_READ or not has_text:
                letters = page.get_textpage().get_text_bounded()
                has_text = has_text or bool(letters.strip())
                if number < PAGES_READ:
                    said.append(letters[: text.MOST_TEXT])
            page.close()
    return "\n".join(said), has_text, empty
