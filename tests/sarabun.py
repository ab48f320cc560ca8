"""Makes the font of our PDF documents from Sarabun: `python -m tests.sarabun FOLDER`, where Sarabun's TTF files lie.

typst tells a reader of its PDF what each glyph says. Where one Thai letter and its marks are several glyphs, it tells
it for the whole letter; and where one of them is set higher or lower than the others, it tells it twice: สั่สั่ง. So
each letter that Thai can write gets a glyph of its own, composed of Sarabun's glyphs at the very places that HarfBuzz
gives them, and one rule that takes it for the letter. Nothing looks different.

Sarabun (Cadson Demak, SIL Open Font License without a reserved name) was taken from npm's @expo-google-fonts/sarabun
0.4.1; the license lies beside the fonts.
"""

import sys
from itertools import product
from pathlib import Path

import uharfbuzz as hb
from fontTools.otlLib.builder import buildLigatureSubstSubtable, buildLookup
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables import otTables
from fontTools.ttLib.tables._g_l_y_f import Glyph, GlyphComponent

FONTS = Path(__file__).parents[1] / "ita_core" / "exports" / "documents" / "fonts"
NAME = "Sarabun ITA"
CONSONANTS = [chr(code) for code in range(0xE01, 0xE2F)]
VOWELS, TONES, SARA_AM = "ัิีึืุู", "่้๊๋", "ำ"
MARKS = [
    *VOWELS,
    *TONES,
    *"็์ํฺ๎",
    *(vowel + tone for vowel, tone in product(VOWELS, TONES)),
    "ิ์",
    "ุ์",
    "็่",
    *(tone + SARA_AM for tone in ["", *TONES]),
]
DROPPED = ("DSIG", "gasp", "fpgm", "prep", "cvt ")  # a signature of the other font, and hints for old screens


def shaped(font: hb.Font, text: str) -> tuple[list[tuple[str, int, int]], int]:
    """Each glyph with its place, and how wide all are."""
    buffer = hb.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    hb.shape(font, buffer)
    x, found = 0, []
    for glyph, place in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
        found.append((font.glyph_to_string(glyph.codepoint), x + place.x_offset, place.y_offset))
        x += place.x_advance
    return found, x


def composed(source: Path) -> TTFont:
    """The font with a glyph for every letter with marks, and the rule that takes it before all others."""
    made, font = TTFont(source), hb.Font(hb.Face(hb.Blob.from_file_path(str(source))))
    letters, glyphs, of = made.getBestCmap(), made["glyf"], {}
    for consonant, marks in product(CONSONANTS, MARKS):
        parts, width = shaped(font, consonant + marks)
        # HarfBuzz takes SARA AM apart before any rule is asked, and sets its ring below the tone.
        typed = consonant + ("ํ" + marks[:-1] + "า" if marks.endswith(SARA_AM) else marks)
        glyph = Glyph()
        glyph.numberOfContours, glyph.components = -1, []
        for name, x, y in parts:
            if glyphs[name].numberOfContours:
                part = GlyphComponent()
                part.glyphName, part.x, part.y, part.flags = name, x, y, 0x4
                glyph.components.append(part)
        name = "thai" + "".join(f"{ord(sign) - 0xE00:02x}" for sign in typed)
        glyphs[name] = glyph
        glyph.recalcBounds(glyphs)
        made["hmtx"][name] = (width, glyph.xMin)
        of[tuple(letters[ord(sign)] for sign in typed)] = name
    first_of_all(made["GSUB"].table, buildLookup([buildLigatureSubstSubtable(of)]))
    made["post"].formatType = 3.0  # no names of glyphs
    for table in DROPPED:
        if table in made:
            del made[table]
    for record in made["name"].names:
        if record.nameID in {1, 3, 4, 6, 16}:
            joined = "".join(NAME.split()) if record.nameID == 6 else NAME
            record.string = str(record).replace("Sarabun", joined)
    return made


def first_of_all(gsub: otTables.GSUB, lookup: otTables.Lookup) -> None:
    """Puts a lookup before the others, which rules of theirs call by number, and has `ccmp` ask for it."""
    _renumber(gsub.LookupList, set())
    gsub.LookupList.Lookup.insert(0, lookup)
    gsub.LookupList.LookupCount += 1
    seen = set()
    for record in gsub.FeatureList.FeatureRecord:
        feature = record.Feature
        if id(feature) in seen:
            continue
        seen.add(id(feature))
        feature.LookupListIndex = [*([0] * (record.FeatureTag == "ccmp")), *(n + 1 for n in feature.LookupListIndex)]
        feature.LookupCount = len(feature.LookupListIndex)


def _renumber(part: object, seen: set[int]) -> None:
    if id(part) in seen:
        return
    seen.add(id(part))
    if isinstance(part, otTables.SubstLookupRecord):
        part.LookupListIndex += 1
    elif isinstance(part, list):
        for one in part:
            _renumber(one, seen)
    elif hasattr(part, "__dict__"):
        for one in vars(part).values():
            _renumber(one, seen)


if __name__ == "__main__":
    for weight in ("Regular", "Bold"):
        [source] = Path(sys.argv[1]).rglob(f"*_*{weight}.ttf" if weight == "Regular" else "*_700Bold.ttf")
        composed(source).save(FONTS / f"Sarabun-ITA-{weight}.ttf")
