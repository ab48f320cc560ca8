"""DOCX, XLSX, PPTX: packages of parts with content types and relationships (ECMA-376).

What could act is found by what makes it act: a content type, a relationship, a field, a formula, an action; never by
the file's name. A part of XML may have no document type declaration. A workbook behind a chart is a package inside
the package and is examined in the same way.
"""

import html
import io
import posixpath
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import datetime
from typing import BinaryIO, ClassVar
from urllib.parse import unquote
from xml.parsers import expat

from ita_core.evidence import kinds
from ita_core.evidence.examine import address, text
from ita_core.evidence.examine.objection import Budget, Objection
from ita_core.evidence.examine.packed import MOST_UNPACKED, Packed
from ita_core.evidence.kinds import FileKind
from ita_core.evidence.noticed import Noticed

DEEPEST = 2  # a chart's workbook in a document; one more in that
_OFFICE = "application/vnd.openxmlformats-officedocument."
_MAIN = {
    _OFFICE + "wordprocessingml.document.main+xml": kinds.DOCX,
    _OFFICE + "spreadsheetml.sheet.main+xml": kinds.XLSX,
    _OFFICE + "presentationml.presentation.main+xml": kinds.PPTX,
}
_TEMPLATES = {
    _OFFICE + "wordprocessingml.template.main+xml": kinds.DOCX,
    _OFFICE + "spreadsheetml.template.main+xml": kinds.XLSX,
    _OFFICE + "presentationml.template.main+xml": kinds.PPTX,
    _OFFICE + "presentationml.slideshow.main+xml": kinds.PPTX,
}
_MACRO_KINDS = {"word": kinds.DOCX, "excel": kinds.XLSX, "powerpoint": kinds.PPTX}
_DOCUMENT_TYPES = ("wordprocessingml.", "spreadsheetml.", "presentationml.")  # in content types: what programs run
_MACRO_TYPES = ("vbaproject", "macroenabled", "macrosheet", "vbadata", "dialogsheet", "sheet.binary")
_MACRO_RELATIONS = {"vbaproject", "wordvbadata", "xlmacrosheet", "xlintlmacrosheet", "dialogsheet", "attachedtoolbars"}
_PROGRAMS = (b"MZ", b"\x7fELF", b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe", b"#!/", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
             b"%PDF-", b"{\\rtf", b"Rar!", b"7z\xbc\xaf")  # fmt: skip
_PROGRAM_ENDINGS = (".exe", ".dll", ".scr", ".com", ".bat", ".cmd", ".ps1", ".vbs", ".vbe", ".js", ".jse", ".wsf",
                    ".hta", ".lnk", ".msi", ".jar", ".reg", ".htm", ".html", ".mht", ".rtf")  # fmt: skip
# Content types and relationships: Office's own add-ins, a ribbon or toolbar of the file's own.
_ADD_IN_TYPES = ("webextension", "usercustomization", "keymapcustomizations")
_ADD_IN_RELATIONS = {"webextension", "webextensiontaskpanes", "taskpanes", "extensibility", "usercustomization",
                     "keymapcustomizations"}  # fmt: skip
# Pictures that IMAGE() fetched, with their addresses; what RTD and the cube's functions wait for.
_FETCHING_TYPES = ("rdrichvaluewebimage", "volatiledependencies")
_FETCHING_RELATIONS = {"rdrichvaluewebimage", "volatiledependencies"}
_LINKED_DATA = ("_linkedentity", "_webimage")  # of rich values: stocks, places; pictures by their address
_ADD_IN_PROPERTIES = {"_assemblylocation", "_assemblyname"}  # a customisation by Visual Studio's tools loads from there
_ACTING_FIELDS = {"LINK", "IMPORT", "INCLUDE", "INCLUDETEXT", "DATABASE", "RD"}
_SWITCHES_WITH_WORDS = {"\\l", "\\o", "\\t", "\\b", "\\c", "\\r"}  # of INCLUDEPICTURE and HYPERLINK: no place follows
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]+:|\\\\|//", re.IGNORECASE)
_FETCHING = (
    "WEBSERVICE|FILTERXML|IMAGEM?|STOCKHISTORY|FIELDVALUE|RTD|CUBE[A-Z]+|TRANSLATE|DETECTLANGUAGE|COPILOT|PY|IMPORTTEXT"
    "|IMPORTCSV|IMPORTXML|IMPORTHTML|IMPORTDATA|IMPORTFEED|IMPORTRANGE|GOOGLEFINANCE|SQL\\.REQUEST|CALL|REGISTER(?:\\.ID)?"
    "|EXEC|EXECUTE|INITIATE|POKE|REQUEST|FOPEN|FILES|DIRECTORY|DDE"
)
# Called, or handed to another function by its name: MAP(A1:A9, _xleta.IMAGE).
_CALLED = rf"(?:(?:{_FETCHING})\s*\(|_xl(?:fn|eta|ws)\.(?:{_FETCHING})(?![A-Z0-9_.]))"
_CALLS_OUT = re.compile(rf"(?<![A-Z0-9_]){_CALLED}", re.IGNORECASE)
_LEADS = re.compile(r"(?<![A-Z0-9_.])HYPERLINK\s*\(\s*\"([^\"]*)\"", re.IGNORECASE)
_LINKS = re.compile(r"(?<![A-Z0-9_.])HYPERLINK\s*\(", re.IGNORECASE)
_INDIRECT = re.compile(r"(?<![A-Z0-9_.])INDIRECT\s*\(", re.IGNORECASE)
# In a text that INDIRECT takes for a place.
_ELSEWHERE = re.compile(r"\\\\|//|file:|\[[^\[\]]*\.[a-z]{3,4}\]", re.IGNORECASE)
# Words in a formula that makes a link, wherever they stand in it: "Note: …" is none.
_ODD_PLACE = re.compile(
    r"\\\\|//|(?:file|javascript|vbscript|data|mhtml|ms-[a-z-]+|search-ms|shell|ftp|smb|ldap):", re.IGNORECASE
)
# Another workbook by its place, not by the number of a link that the package declares: programs read that, too.
_OTHER_WORKBOOK = re.compile(r"(?<![\w.\])'])\[(?!\d+\])[^'\[\]]+\][\w.:]*!")
_OTHER_IN_QUOTES = re.compile(r"\[(?!\d+\])[^\[\]]+\]")
_IN_QUOTES = re.compile(r"'((?:[^']|'')*+)'(!?)")
_FORMULAS = {"f", "definedName", "formula", "formula1", "formula2", "calculatedColumnFormula", "totalsRowFormula"}
_XML_ENDINGS = (".xml", ".vml", ".svg")
# Parts of XML by another ending that no program reads as a document: Excel on a Mac keeps a printer's settings so.
_KEPT_AS_XML = {"printersettings"}
# What is looked at by its name, and the relationships by which programs load such a part.
_CALLED_BY_NAME: tuple[tuple[Callable[[str], bool], set[str]], ...] = (
    (lambda low: low.endswith(".vml"), {"vmldrawing", "legacydrawing", "legacydrawinghf", "vmldiagramdrawing"}),
    (lambda low: low.endswith(".svg"), {"image"}),
    (lambda low: low.startswith("customxml/"), {"customxml", "customxmlprops", "customxmlproperties"}),
    (lambda low: low == "docprops/app.xml", {"extended-properties", "extendedproperties"}),
)
_SHEET_NAME = re.compile(r"'(?:[^'\"\[\]]|'')*+'(!?)")
# In a part's bytes: a formula with a sign that needs a look, or another coding than UTF-8.
_SUSPECT_IN_SHEET = re.compile(
    rb"<(?:[^\s<>:/]+:)?(?:f(?:ormula[12]?)?|calculatedColumnFormula|totalsRowFormula)(?:\s[^<>]*)?>"
    rb"[^<]*?(?:\||&#|<[!?])|\x00",
    re.IGNORECASE,
)
# The same for functions, links and elements that may act. Slow: only where one of the words stands.
_NAMED_IN_SHEET = re.compile(
    (
        r"<(?:[^\s<>:/]+:)?(?:f(?:ormula[12]?)?|calculatedColumnFormula|totalsRowFormula)(?:\s[^<>]*)?>"
        rf"[^<]*?(?:{_CALLED}|\][^<!\]]*!|HYPERLINK\s*\((?!\"(?:https?:[^\"@<\x80-\xff]*\"|\#))"
        r"|INDIRECT\s*\([^<]*?(?://|\\\\|file:|\[))"
        r"|<(?:[^\s<>:/]+:)?hyperlink\s[^<>]*?\slocation\s*=\s*[\"'][^\"'<>]*?(?:\\\\|//|:|&)"
        r"|<(?:[^\s<>:/]+:)?(?:connection|queryTable|pivotCacheDefinition|webPublish(?:Item|Object)|DataMashup|webextension"
        r"|taskpanes?|customUI|DataBinding|webPr|textPr|import|include)[\s/>]"
        r"|_linkedentity|_webimage|_Assembly"
    ).encode(),
    re.IGNORECASE,
)
_WORDS_IN_SHEET = (
    b"WEBSERVICE", b"FILTERXML", b"IMAGE", b"STOCKHISTORY", b"FIELDVALUE", b"RTD", b"CUBE", b"TRANSLATE",
    b"DETECTLANGUAGE", b"COPILOT", b"PY", b"IMPORT", b"GOOGLEFINANCE", b"REQUEST", b"CALL", b"REGISTER", b"EXEC",
    b"INITIATE", b"POKE", b"FOPEN", b"FILES", b"DIRECTORY", b"DDE", b"]", b"HYPERLINK", b"CONNECTION", b"QUERYTABLE",
    b"PIVOTCACHEDEFINITION", b"WEBPUBLISH", b"DATAMASHUP", b"WEBEXTENSION", b"TASKPANE", b"CUSTOMUI", b"_LINKEDENTITY",
    b"_WEBIMAGE", b"_ASSEMBLY", b"INDIRECT", b"LOCATION", b"DATABINDING", b"WEBPR", b"TEXTPR",
)  # fmt: skip
# VML is often no XML: a picture or filling that is taken from an address.
_VML_SOURCE = re.compile(rb"\s((?:\w+:)?(?:src|althref|href))\s*=\s*[\"']([^\"'<>]{0,2000})", re.IGNORECASE)
# A drawing (SVG) may be a page of the web in small.
_PROGRAMS_OF_SVG = {"script", "handler", "listener", "foreignObject", "iframe", "object", "embed", "audio", "video"}
_TAKEN_BY_STYLE = re.compile(r"@import|image-set\(|url\(\s*[\"']?\s*(?!#|data:|[\s\"'])", re.IGNORECASE)
_ESCAPED_IN_STYLE = re.compile(r"\\(?:([0-9a-f]{1,6})\s?|(.))", re.IGNORECASE)  # CSS Syntax, section 4.3.7
LONGEST_TAG = 64 * 1024  # whatever is longer is looked at element by element
_INLINE = re.compile(rb"<(?:\w+:)?t(?:\s[^>]*)?>([^<]+)<")  # openpyxl writes texts into the cells
_TEXT_PARTS = ("document.main+xml", "header+xml", "footer+xml", "footnotes+xml", "slide+xml", "sharedstrings+xml")


def examine(source: BinaryIO) -> tuple[FileKind, Noticed]:
    """What the package is and what was noticed in it.

    Raises Objection.
    """
    package = _Package(source, Budget(MOST_UNPACKED), depth=0)
    return package.kind, package.read()


class _Package:
    def __init__(self, source: BinaryIO, budget: Budget, depth: int) -> None:
        self._packed, self._budget, self._depth = Packed(source, budget), budget, depth
        names = self._packed.names
        if "[Content_Types].xml" not in names or "_rels/.rels" not in names:
            raise Objection("unknown")
        self._types = _Types(self._parsed("[Content_Types].xml"))
        self.kind, self._main = self._what_it_is()
        self._embedded: set[str] = set()  # parts that a relationship calls a package
        self._called: dict[str, set[str]] = {}  # part → what relationships call it: programs load it as that
        self._text, self._sheets, self._slides = _Text(), 0, 0
        self._pages: int | None = None
        self._made_at: str | None = None

    def _what_it_is(self) -> tuple[FileKind, str]:
        """By the relationship that names the main part, and that part's content type: its name may be any."""
        targets = [
            target
            for kind, target, external in _relations(self._parsed("_rels/.rels"))
            if kind == "officedocument" and not external
        ]
        if len(targets) != 1:
            raise Objection("unknown")
        main = posixpath.normpath("/" + targets[0]).lstrip("/")
        if main not in self._packed.names:
            raise Objection("broken")
        is_a = self._types.of(main)
        if is_a in _MAIN:
            return _MAIN[is_a], main
        if is_a in _TEMPLATES:
            raise Objection("template", suffix=_TEMPLATES[is_a].suffix)
        if "macroenabled" in is_a:
            program = next((kind for word, kind in _MACRO_KINDS.items() if word in is_a), kinds.DOCX)
            raise Objection("macros", suffix=program.suffix)
        raise Objection("unknown")

    def _parsed(self, name: str) -> Iterator[tuple[str, dict[str, str]]]:
        """The elements of a small part, with their attributes, both without namespaces."""
        found: list[tuple[str, dict[str, str]]] = []
        _feed(self._packed.pieces(name), lambda element, attributes: found.append((element, attributes)))
        return iter(found)

    def read(self) -> Noticed:
        """Every part, once through."""
        self._check_names()
        # What a relationship says is the plainer answer: it comes before what stands in the parts.
        for name in sorted(self._packed.names, key=lambda name: not name.lower().endswith(".rels")):
            self._read_part(name)
        if self._embedded:
            raise Objection("embedded")
        words = self._text.whole()
        date = text.has_date(words)
        return Noticed(
            pages=self._pages if self.kind is kinds.DOCX else None,
            sheets=self._sheets or None,
            slides=self._slides if self.kind is kinds.PPTX else None,
            has_text=bool(words.strip()) or (None if self.kind is kinds.XLSX else False),
            text_languages=text.languages(words),
            years=text.years(words),
            fiscal_years=text.fiscal_years(words),
            has_date=date or (None if self.kind is kinds.XLSX else False),  # a sheet keeps its dates as numbers
            made_at=self._made_at,
        )

    def _check_names(self) -> None:
        for name in self._packed.names:
            is_a, low = self._types.of(name), name.lower()
            if any(sign in is_a for sign in _DOCUMENT_TYPES) and _is_read_by_name(low):
                raise Objection("strange")
            if any(sign in is_a for sign in _MACRO_TYPES) or "vbaproject" in low or "/macrosheets/" in low:
                raise Objection("macros", suffix=self.kind.suffix)
            if "activex" in is_a or "/activex/" in low:
                raise Objection("controls")
            if "oleobject" in is_a or low.endswith(_PROGRAM_ENDINGS):
                raise Objection("embedded")
            if "externallink" in is_a:
                raise Objection("linked_workbook")
            if any(sign in is_a for sign in _ADD_IN_TYPES):
                raise Objection("add_in")
            if any(sign in is_a for sign in _FETCHING_TYPES):
                raise Objection("fetches")

    def _read_part(self, name: str) -> None:
        low, is_a = name.lower(), self._types.of(name)
        if name == "[Content_Types].xml":
            return
        if low.endswith(".rels"):
            self._check_relations(name)
            return
        self._slides += is_a.endswith("presentationml.slide+xml")
        pieces = self._packed.pieces(name)
        first = next(pieces, b"")
        if first.startswith(b"PK\x03\x04"):
            self._check_inside(first, pieces)
            self._embedded.discard(low)
        elif first.lstrip(b"\xef\xbb\xbf").startswith(_PROGRAMS):
            raise Objection("embedded")
        elif low.endswith(_XML_ENDINGS) or is_a.endswith(("+xml", "/xml")):
            self._read_xml(name, _chained(first, pieces))
        elif _is_xml(first) and self._called.get(low, set()) - _KEPT_AS_XML:
            raise Objection("strange")  # it is loaded for what a relationship calls it, whatever its name says
        else:
            for _piece in pieces:
                pass

    def _check_inside(self, first: bytes, pieces: Iterable[bytes]) -> None:
        if self._depth >= DEEPEST:
            raise Objection("bomb")
        inside = io.BytesIO(first + b"".join(pieces))
        try:
            _Package(inside, self._budget, self._depth + 1).read()
        except Objection as objection:
            if objection.code in {"unknown", "template", "cut_off"}:  # something else in a zip
                raise Objection("embedded") from None
            raise

    def _check_relations(self, part: str) -> None:
        folder = posixpath.dirname(posixpath.dirname(part))
        for kind, target, external in _relations(self._parsed(part)):
            if kind in _MACRO_RELATIONS:
                raise Objection("macros", suffix=self.kind.suffix)
            if kind in {"control", "activexcontrolbinary"}:
                raise Objection("controls")
            if kind in _ADD_IN_RELATIONS:
                raise Objection("add_in")
            if kind in _FETCHING_RELATIONS:
                raise Objection("fetches")
            if external or _ADDRESS.match(target):
                _check_outside(kind, target)
            elif kind == "externallink":
                raise Objection("linked_workbook")
            elif kind in {"oleobject", "afchunk"}:
                raise Objection("embedded")
            if not external:
                low = posixpath.normpath(posixpath.join("/", folder, unquote(target))).lstrip("/").lower()
                self._called.setdefault(low, set()).add(kind)
                if not _is_named_as(low, kind):
                    raise Objection("strange")
                if kind == "package":
                    self._embedded.add(low)

    def _read_xml(self, name: str, pieces: Iterator[bytes]) -> None:
        low, is_a = name.lower(), self._types.of(name)
        if not self._packed.size(name):
            return
        if low == "docprops/app.xml" or "extended-properties" in is_a or "core-properties" in is_a:
            self._read_properties(pieces)
        elif low.endswith(".vml") or is_a.endswith("vmldrawing"):
            _feed(_watched_vml(pieces), None)
        elif low.endswith(".svg") or is_a.startswith("image/svg"):
            svg = _Svg()
            _feed(pieces, svg.start, svg.end, svg.data)
        elif low.startswith("customxml/"):
            custom = _Custom()
            _feed(pieces, custom.start, None, custom.data)
        elif self.kind is kinds.XLSX and name != self._main and not is_a.endswith("sharedstrings+xml"):
            self._read_sheet(name, pieces)
        else:
            self._read_content(name, pieces)

    def _read_content(self, name: str, pieces: Iterator[bytes]) -> None:
        content = _Content(self.kind, self._text if self._types.of(name).endswith(_TEXT_PARTS) else None)
        _feed(pieces, content.start, content.end, content.data)
        content.close()
        if name == self._main:
            self._sheets = content.sheets

    def _read_sheet(self, name: str, pieces: Iterator[bytes]) -> None:
        """Sheets are large and a plain search is quick: only one with a suspect sign is read element by element."""
        suspect = False

        def watched() -> Iterator[bytes]:
            nonlocal suspect
            before = b""
            for piece in pieces:
                before += piece
                suspect = suspect or _is_suspect(before)
                before = before[max(before.rfind(b"<", 0, max(before.rfind(b"<"), 0)), 0) :]  # its last two tags
                suspect = suspect or len(before) > LONGEST_TAG
                for words in _INLINE.findall(piece) if self._text.wants_more else ():
                    self._text.add(html.unescape(words.decode("utf-8", "replace")) + "\n")
                yield piece

        _feed(watched(), None)
        if suspect:
            self._read_content(name, self._packed.pieces(name, again=True))

    def _read_properties(self, pieces: Iterable[bytes]) -> None:
        said: dict[str, str] = {}
        inside: list[str] = []

        def data(letters: str) -> None:
            if inside and inside[-1] in {"Pages", "created"}:
                said[inside[-1]] = (said.get(inside[-1], "") + letters)[:40]
            elif inside and inside[-1] == "HyperlinkBase":  # where links without a scheme begin
                said["base"] = (said.get("base", "") + letters)[:2000]

        _feed(pieces, lambda element, _attributes: inside.append(element), lambda _element: inside.pop(), data)
        if not address.is_plain(said.get("base", ""), disk=True):
            raise Objection("address")
        if said.get("Pages", "").strip().isdecimal():
            self._pages = int(said["Pages"])
        if "created" in said:
            with suppress(ValueError):
                self._made_at = datetime.fromisoformat(said["created"].strip()).isoformat()


def _is_read_by_name(low: str) -> bool:
    """Whether a part is looked at for what its name says it is: then it may not be a document to its program."""
    return low.endswith(".rels") or any(named(low) for named, _kinds in _CALLED_BY_NAME)


def _is_named_as(low: str, kind: str) -> bool:
    """Whether a part that is looked at for what its name says it is, is nothing else to the program that loads it."""
    for named, kinds_ in _CALLED_BY_NAME:
        if named(low):
            return kind in kinds_
    return True


def _is_xml(first: bytes) -> bool:
    """Whether it begins as XML does, in any coding; a font's letters, which are mixed, hardly do by chance."""
    return re.match(rb"[\xef\xbb\xbf\xff\xfe\s]*<[?!\w][\w-]{2}", first[:200].replace(b"\0", b"")) is not None


def _is_suspect(piece: bytes) -> bool:
    if _SUSPECT_IN_SHEET.search(piece):
        return True
    upper = piece.upper()
    return any(word in upper for word in _WORDS_IN_SHEET) and _NAMED_IN_SHEET.search(piece) is not None


def _watched_vml(pieces: Iterable[bytes]) -> Iterator[bytes]:
    before = b""
    for piece in pieces:
        before += piece.replace(b"\0", b"")  # UTF-16, too
        for name, place in _VML_SOURCE.findall(before):
            _check_place(name.decode().lower(), html.unescape(place.decode("utf-8", "replace")))
        before = before[-4000:]
        yield piece


def _check_place(name: str, place: str) -> None:
    """`o:href` names a picture, `href` alone a link."""
    if name != "href":
        _check_source(place)
    elif not address.is_plain(place, disk=True):
        raise Objection("address")


def _check_source(place: str) -> None:
    if address.is_far(place):
        raise Objection("linked")


def _check_outside(kind: str, target: str) -> None:
    place = unquote(target).strip().lower()
    if kind == "hyperlink":
        if not address.is_plain(target, disk=True):
            raise Objection("address")
        return
    if kind == "attachedtemplate":
        # Word notes where the template lay on the author's disk; on another machine there is none.
        place = place.replace("\\", "/")
        if re.match(r"file:(?:///|//localhost/|/)?(?!/)", place) or not _ADDRESS.match(place):
            return
        raise Objection("template_outside")
    if kind.startswith(("externallinkpath", "xlexternallinkpath", "xlpathmissing", "xllibrary", "xlstartup")):
        raise Objection("linked_workbook")
    raise Objection("linked")


def _chained(first: bytes, rest: Iterable[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest


class _Types:
    """[Content_Types].xml: what each part is, in small letters."""

    def __init__(self, elements: Iterable[tuple[str, dict[str, str]]]) -> None:
        self._by_ending: dict[str, str] = {}
        self._by_name: dict[str, str] = {}
        for element, attributes in elements:
            is_a = attributes.get("ContentType", "").strip().lower()
            if element == "Default":
                self._by_ending[attributes.get("Extension", "").lower()] = is_a
            elif element == "Override":
                self._by_name[unquote(attributes.get("PartName", "")).lstrip("/").lower()] = is_a

    def of(self, name: str) -> str:
        low = name.lower()
        return self._by_name.get(low) or self._by_ending.get(posixpath.splitext(low)[1].lstrip("."), "")


def _relations(elements: Iterable[tuple[str, dict[str, str]]]) -> Iterator[tuple[str, str, bool]]:
    """Of each relationship: the last word of its type in small letters, its target, whether that is outside."""
    for element, attributes in elements:
        if element == "Relationship":
            kind = attributes.get("Type", "").rstrip("/").rpartition("/")[2].lower()
            yield kind, attributes.get("Target", "").strip(), attributes.get("TargetMode", "").lower() == "external"


class _Text:
    """The words of several parts, up to a limit."""

    def __init__(self) -> None:
        self._kept: list[str] = []
        self._left = text.MOST_TEXT

    @property
    def wants_more(self) -> bool:
        return self._left > 0

    def add(self, letters: str) -> None:
        if self.wants_more:
            self._kept.append(letters)
            self._left -= len(letters)

    def whole(self) -> str:
        return "".join(self._kept)


class _Content:
    """Follows a part's elements: Word's fields, Excel's formulas, PowerPoint's actions; and keeps its words."""

    def __init__(self, kind: FileKind, words: _Text | None) -> None:
        self._kind, self._words = kind, words
        self._fields: list[list[str] | None] = []  # what each open field says so far; None once its result began
        self._inside = ""
        self._formula: list[str] = []
        self._refreshes = False
        self.sheets = 0

    def start(self, element: str, attributes: dict[str, str]) -> None:
        self._inside = element
        if element.startswith("hlink"):
            _check_slide_link(element, attributes)
        elif element in _FORMULAS:
            self._formula = []
        elif element in {"tab", "br"} and self._words is not None:
            self._words.add(" ")
        elif follow := self._FOLLOWED.get(element):
            follow(self, attributes)
        elif check := _IN_CONTENT.get(element):
            check(attributes)
        else:
            _check_element(element, attributes)

    def data(self, letters: str) -> None:
        if self._inside in {"t", "delText"}:
            if self._words is not None:
                self._words.add(letters)
        elif self._inside in {"instrText", "delInstrText"}:
            if self._fields and (field := self._fields[-1]) is not None:
                field.append(letters)
            else:
                _check_field(letters)
        elif self._inside in _FORMULAS:
            self._formula.append(letters)

    def end(self, element: str) -> None:
        if element in {"p", "si", "tr"} and self._words is not None:
            self._words.add("\n")
        elif element in _FORMULAS and self._kind is kinds.XLSX:
            _check_formula("".join(self._formula))
        self._inside = ""

    def close(self) -> None:
        """Fields that never end are looked at too."""
        for field in self._fields:
            _check_field("".join(field or ""))

    def _sheet(self, _attributes: dict[str, str]) -> None:
        self.sheets += 1

    def _pivot_cache(self, attributes: dict[str, str]) -> None:
        self._refreshes = _says_yes(attributes, "refreshOnLoad")

    def _cache_source(self, attributes: dict[str, str]) -> None:
        if self._refreshes and attributes.get("type") == "external":  # one over the workbook's own cells may
            raise Objection("fetches")

    def _field_character(self, attributes: dict[str, str]) -> None:
        kind = attributes.get("fldCharType", "")
        if kind == "begin":
            if self._fields and (field := self._fields[-1]) is not None and not "".join(field).strip(' "'):
                raise Objection("dde")  # the field's name is itself computed: only who hides something writes that
            self._fields.append([])
        elif self._fields:
            field = self._fields[-1]
            if field is not None:
                _check_field("".join(field))
                self._fields[-1] = None
            if kind == "end":
                self._fields.pop()
                if self._fields and (around := self._fields[-1]) is not None:
                    around.append(" ? ")  # the result of the field inside

    _FOLLOWED: ClassVar[dict[str, Callable[["_Content", dict[str, str]], None]]] = {
        "fldChar": _field_character,
        "sheet": _sheet,
        "pivotCacheDefinition": _pivot_cache,
        "cacheSource": _cache_source,
    }


class _Custom:
    """Follows an office's own data beside a document: a panel may be fetched for it as the document is opened."""

    def __init__(self) -> None:
        self._inside = ""

    def start(self, element: str, _attributes: dict[str, str]) -> None:
        self._inside = element
        _check_element(element, {})

    def data(self, letters: str) -> None:
        if self._inside == "xsnLocation":
            _check_source(letters)


class _Svg:
    """Follows a drawing's elements: what it shows stands in it, and nothing in it acts."""

    def __init__(self) -> None:
        self._style: list[str] | None = None

    def start(self, element: str, attributes: dict[str, str]) -> None:
        if element in _PROGRAMS_OF_SVG or any(name.lower().startswith("on") for name in attributes):
            raise Objection("embedded")
        if element == "style":
            self._style = []
        for name, value in attributes.items():
            if name in {"href", "src"} and element == "a":
                if not address.is_plain(value, disk=True):
                    raise Objection("address")
            elif name in {"href", "src", "base"}:  # from `xml:base` on, places without a scheme are read
                if not value.strip().lower().startswith("data:image/"):
                    _check_source(value)
            elif name == "attributeName" and value.rpartition(":")[2].strip().lower() in {"href", "src"}:
                raise Objection("embedded")  # an animation that changes where a link leads
            elif _takes(value):
                raise Objection("linked")

    def data(self, letters: str) -> None:
        if self._style is not None:
            self._style.append(letters)

    def end(self, element: str) -> None:
        if element == "style" and self._style is not None:
            if _takes("".join(self._style)):
                raise Objection("linked")
            self._style = None


def _takes(style: str) -> bool:
    """Whether a style takes something from elsewhere; its escapes are read as a browser reads them."""
    plain = _ESCAPED_IN_STYLE.sub(lambda sign: chr(min(int(sign[1], 16), 0x10FFFF)) if sign[1] else sign[2], style)
    return _TAKEN_BY_STYLE.search(plain) is not None


def _check_element(element: str, attributes: dict[str, str]) -> None:
    """Raises Objection for an element that makes its file act, in whatever part it stands."""
    if element in _NEVER:
        raise Objection(_NEVER[element])
    if check := _WATCHED.get(element):
        check(attributes)
    if "href" in attributes:  # of a shape in VML
        _check_place("href", attributes["href"])


def _check_slide_link(element: str, attributes: dict[str, str]) -> None:
    action = attributes.get("action", "").lower()
    if action.startswith(("ppaction://program", "ppaction://macro", "ppaction://ole")):
        raise Objection("action")
    moves = action.startswith(("ppaction://hlinks", "ppaction://noaction", "ppaction://customshow"))
    leads = bool(action or attributes.get("id")) and not moves
    if element in {"hlinkHover", "hlinkMouseOver"} and leads:
        raise Objection("action")  # without a click
    if not address.is_plain(attributes.get("invalidUrl", ""), disk=True) or _ODD_PLACE.search(action[13:]):
        raise Objection("address")


def _check_hyperlink(attributes: dict[str, str]) -> None:
    if _ODD_PLACE.match(attributes.get("location", "").strip()):
        raise Objection("address")


def _check_command(attributes: dict[str, str]) -> None:
    if attributes.get("type") == "verb":
        raise Objection("action")  # an embedded object's


def _refuse_exchange(_attributes: dict[str, str]) -> None:
    raise Objection("dde")


def _check_binding(attributes: dict[str, str]) -> None:
    if _says_yes(attributes, "FileBinding"):
        raise Objection("fetches")


def _check_web_source(attributes: dict[str, str]) -> None:
    """Where a connection takes its data."""
    if address.is_far(attributes.get("url", "")) or address.is_far(attributes.get("sourceFile", "")):
        raise Objection("fetches")


def _check_connection(attributes: dict[str, str]) -> None:
    if _says_yes(attributes, "refreshOnLoad") or attributes.get("interval", "").strip().lstrip("+0"):
        raise Objection("fetches")


def _check_structure(attributes: dict[str, str]) -> None:
    if attributes.get("t", "").lower().startswith(_LINKED_DATA):
        raise Objection("fetches")


def _check_property(attributes: dict[str, str]) -> None:
    if attributes.get("name", "").lower() in _ADD_IN_PROPERTIES:
        raise Objection("add_in")


def _check_drawn(attributes: dict[str, str]) -> None:
    for name in ("src", "althref", "href"):  # `o:href`
        _check_source(attributes.get(name, ""))


def _check_merge(attributes: dict[str, str]) -> None:
    """A mail merge: Word asks its source as it opens the document."""
    if attributes.get("val", "").strip():
        raise Objection("linked")


def _check_schema(attributes: dict[str, str]) -> None:
    """Of Word's library: a manifest names programs to fetch."""
    for name in ("manifestLocation", "schemaLocation"):
        _check_source(attributes.get(name, ""))


# Elements that are refused wherever they stand …
_NEVER = {
    "DataMashup": "fetches",
    "webPublishItem": "fetches",
    "webPublishObject": "fetches",
    "webextension": "add_in",
    "taskpanes": "add_in",
    "taskpane": "add_in",
    "customUI": "add_in",
    "webVideoPr": "linked",  # a page of the web that plays a film, in the place of a picture
}
# … and those whose attributes are looked at.
_WATCHED: dict[str, Callable[[dict[str, str]], None]] = {
    "s": _check_structure,
    "property": _check_property,
    "schema": _check_schema,
    **dict.fromkeys(("connection", "queryTable"), _check_connection),
    **dict.fromkeys(("imagedata", "fill", "stroke", "image"), _check_drawn),
    **dict.fromkeys(("connectString", "udl"), _check_merge),
}
# The same in what a document shows: elsewhere these names are an office's own.
_IN_CONTENT: dict[str, Callable[[dict[str, str]], None]] = {
    "fldSimple": lambda attributes: _check_field(attributes.get("instr", "")),
    "hyperlink": _check_hyperlink,
    "cmd": _check_command,
    "DataBinding": _check_binding,
    **dict.fromkeys(("ddeLink", "ddeItem"), _refuse_exchange),
    **dict.fromkeys(("webPr", "textPr"), _check_web_source),
    **dict.fromkeys(("import", "include"), _check_schema),  # of the schema that a workbook's map is made of
}


def _says_yes(attributes: dict[str, str], name: str) -> bool:
    return attributes.get(name, "").strip().lower() in {"1", "true", "on"}


def _check_field(code: str) -> None:
    code = re.sub("[\u201c-\u201f]", '"', code)
    first = re.match(r'[\s"]*([^\s"\\]*)', code)  # a quote or a switch may follow it without a blank
    name = first[1].upper() if first else ""
    if name in {"DDE", "DDEAUTO"}:
        raise Objection("dde")
    if name in _ACTING_FIELDS:
        raise Objection("linked")
    if name == "HTMLCONTROL":
        raise Objection("controls")
    if name == "INCLUDEPICTURE" and any(place.startswith("?") or address.is_far(place) for place in _places(code)):
        raise Objection("linked")
    if name == "HYPERLINK" and not all(address.is_plain(place, disk=True) for place in _places(code)):
        raise Objection("address")


def _places(code: str) -> Iterator[str]:
    """What follows a field's name but its switches and their words: Word takes switches before a place, too."""
    skip = True  # the field's name
    for quoted, plain in re.findall(r'"([^"]*)"?|([^\s"]+)', code):
        word = (quoted or plain).strip()
        if not skip and word and (quoted or not re.fullmatch(r"\\[a-z*!#@]", plain, re.IGNORECASE)):
            yield word.replace("\\\\", "\\") if not word.startswith("\\\\") else word
        skip = plain.lower() in _SWITCHES_WITH_WORDS or plain in {"\\*", "\\#", "\\@"}


def _check_formula(formula: str) -> None:
    outside = _SHEET_NAME.sub(lambda name: "" if name[1] else name[0], formula)
    # A name like 'a"b'! would shift what is taken for text: looked at in both ways.
    plain = re.sub(r'"[^"]*"', "", outside)
    if _CALLS_OUT.search(plain) or _CALLS_OUT.search(re.sub(r"\"[^\"]*\"|'[^'\[\]]*'!", "", formula)):
        raise Objection("fetches")
    if not all(address.is_plain(place, disk=True) for place in _LEADS.findall(formula)):
        raise Objection("address")
    if _LINKS.search(formula):
        words = re.findall(r'"([^"]*)"', re.sub(r'"\s*&\s*"', "", formula))
        if any(_ODD_PLACE.match(place) and not address.is_plain(place, disk=True) for place in words):
            raise Objection("address")
    if _INDIRECT.search(formula) and any(map(_ELSEWHERE.search, re.findall(r'"([^"]*)"', formula))):
        raise Objection("linked_workbook")
    plain = re.sub(r'"[^"]*"', "", formula)
    in_quotes = [name for name, of_sheet in _IN_QUOTES.findall(plain) if of_sheet]
    if _OTHER_WORKBOOK.search(_IN_QUOTES.sub("", plain)) or any(map(_OTHER_IN_QUOTES.search, in_quotes)):
        raise Objection("linked_workbook")
    for quoted in re.findall(r"'[^']*'", plain):
        if "|" in quoted and re.search(r"[\\/?*:]", quoted):  # no sheet is called that
            raise Objection("dde")
    if "|" in re.sub(r"'[^']*'", "", plain):
        raise Objection("dde")


def _feed(
    pieces: Iterable[bytes],
    start: Callable[[str, dict[str, str]], object] | None,
    end: Callable[[str], object] | None = None,
    data: Callable[[str], object] | None = None,
) -> None:
    """Parse a part, its names without namespaces; with no `start`, only to its first element, the rest is just read.

    Raises Objection where a document type is declared: entities, near or far, begin there.
    """
    opened = False

    def started(element: str, attributes: dict[str, str]) -> None:
        nonlocal opened
        opened = True
        if start is not None:
            start(_local(element), {_local(name): value for name, value in attributes.items()})

    parser = _parser()
    parser.StartElementHandler = started
    if end is not None:
        parser.EndElementHandler = lambda element: end(_local(element))
    if data is not None:
        parser.CharacterDataHandler = data
    try:
        for piece in pieces:
            if start is not None or not opened:
                parser.Parse(piece, False)
        if start is not None or not opened:
            parser.Parse(b"", True)
    except expat.ExpatError:
        if start is not None or not opened:
            raise Objection("broken") from None
        for _piece in pieces:  # VML is often no XML further on; to the end nevertheless, its size is counted
            pass


def _parser() -> expat.XMLParserType:
    """One that objects to a document type and to a style sheet for the whole part."""

    def doctype(*_declared: object) -> None:
        raise Objection("doctype")

    def instruction(name: str, _said: str) -> None:
        if name.lower() == "xml-stylesheet":  # it may lie elsewhere, and what it makes of the part is not looked at
            raise Objection("linked")

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = doctype
    parser.ProcessingInstructionHandler = instruction
    return parser


def _local(name: str) -> str:
    return name.rpartition(" ")[2]
