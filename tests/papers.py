"""Every PDF that tests make: with words on its pages, of any size, or of objects as they are.

Nothing large is loaded before it is needed: programs whose memory is measured make theirs here too.
"""

import io
import secrets
import zlib


def pdf(text: str = "Report of 15 March 2025", pages: int = 1) -> bytes:
    """By reportlab; a text for each page, or none at all. The same text gives the same bytes."""
    from reportlab.lib.pagesizes import A4
    from reportlab.pdfgen import canvas

    made = io.BytesIO()
    drawn = canvas.Canvas(made, pagesize=A4, invariant=True)
    for number in range(pages):
        if text:
            drawn.drawString(72, 720, f"{text}, page {number + 1}")
        drawn.showPage()
    drawn.save()
    return made.getvalue()


def pdf_of(*objects: str | bytes) -> bytes:
    """A PDF of these objects as they are, the first its catalogue."""
    made, places = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"), []
    for number, content in enumerate(objects, 1):
        places.append(len(made))
        made += b"%d 0 obj\n%b\nendobj\n" % (number, content.encode() if isinstance(content, str) else content)
    start, size = len(made), len(objects) + 1
    made += b"xref\n0 %d\n0000000000 65535 f \n" % size + b"".join(b"%010d 00000 n \n" % place for place in places)
    made += b"trailer\n<< /Root 1 0 R /Size %d >>\nstartxref\n%d\n%%%%EOF\n" % (size, start)
    return bytes(made)


def pdf_with(media_box: str, *more: bytes) -> bytes:
    """One empty page of a size, by hand: programs do not draw pages a kilometre long."""
    return pdf_of(
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< /Type /Page /Parent 2 0 R /MediaBox [{media_box}] >>",
        *more,
    )


def filled_pdf(size: int = 0, *, salt: bytes = b"") -> bytes:
    """One empty page and, unseen, `size` random bytes; without them the same `salt` makes the same file."""
    filler = salt + secrets.token_bytes(size)
    return pdf_with("0 0 595 842", b"<< /Length %d >>\nstream\n%b\nendstream" % (len(filler), filler))


def slow_pdf(megabytes: int = 60) -> bytes:
    """A few kilobytes with nothing forbidden in them, on which an examination works as long as it may: letters packed
    twice, which only our own code unpacks, sign by sign."""
    import pikepdf

    letters = b'!!!!"' * (megabytes * 1024**2 // 5) + b"~>"
    made = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf())) as document:
        stream = pikepdf.Stream(document, b"")
        names = [pikepdf.Name.FlateDecode, pikepdf.Name.FlateDecode, pikepdf.Name.ASCII85Decode]
        stream.write(zlib.compress(zlib.compress(letters)), filter=pikepdf.Array(names))
        document.Root.Extra = document.make_indirect(stream)
        document.save(made)
    return made.getvalue()
