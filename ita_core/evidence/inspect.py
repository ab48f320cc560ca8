"""Is this file what it says, and is it safe? Decided by its content, never by its name or the sender's word.

The looking is done by `examine`, in a process of its own with limits; here its answer becomes a kind with what was
noticed, or a sentence that says what is wrong and what to do. A file that brings the process down is refused like any
other.
"""

import json
import threading
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any

from ita_core.errors import Refused
from ita_core.evidence import child
from ita_core.evidence.kinds import TAKEN, FileKind
from ita_core.evidence.noticed import Noticed
from ita_core.language import N_, _

MEMORY, PROCESSOR_SECONDS, SECONDS = 512 * 1024**2, 15, 30
_turns = threading.BoundedSemaphore(2)  # as many at once as the machine has processors
# To decode a whole photograph takes more, so that they come one at a time: however many people send one at once, all
# examining of this process takes 2 GB at most, 2 × 512 MB and this one.
PHOTOGRAPH_MEMORY = 1024**3
_photographs = threading.BoundedSemaphore(1)


class EmptyFile(Refused):
    says = N_("“{file}” is empty (0 bytes). Choose the right file and send it again.")


class TooLarge(Refused):
    says = N_("“{file}” is larger than {limit} MB. Make it smaller or split it, and send it again.")


class UnknownKind(Refused):
    says = N_(
        "“{file}” is not a kind of file that is taken. Send PDF, Word, Excel, PowerPoint, JPEG, PNG, WEBP or MP4."
    )


class NotWhatItSays(Refused):
    says = N_("“{file}” is named like {claimed}, but it is {found}. Give it its right name, or save it anew.")


class CannotBeChecked(Refused):
    says = N_("“{file}” could not be checked: it is too intricate. Save it anew or make it smaller, and send it again.")


class CutOff(Refused):
    says = N_("“{file}” ends half-way: a part of it is missing. Take the complete original and send it again.")


class Broken(Refused):
    says = N_("“{file}” is damaged inside. Open it, save it anew under another name, and send that.")


class TwoKinds(Refused):
    says = N_("“{file}” is two kinds of file in one. Open it in its program, save it anew, and send that.")


class PasswordProtected(Refused):
    says = N_("“{file}” is protected by a password or encrypted. Remove the protection and send it again.")


class Bomb(Refused):
    says = N_("“{file}” unpacks to far more than its size. Save it anew without what is empty, or split it.")


class StrangeZip(Refused):
    says = N_("“{file}” is not packed as office programs do it. Open it in its program, save it anew, and send that.")


class TooManyPixels(Refused):
    says = N_("“{file}” holds a picture with too many pixels. Make the picture smaller and send it again.")


class Template(Refused):
    says = N_("“{file}” is a template or a slide show, not a document. Save it as {suffix} and send it again.")


class Macros(Refused):
    says = N_("“{file}” has macros. Save it as {suffix} and send it again.")


class Controls(Refused):
    says = N_("“{file}” has ActiveX controls. Delete them, or save it as PDF, and send it again.")


class Embedded(Refused):
    says = N_(
        "“{file}” has another file or a program embedded in it. Delete that or paste it as a picture and send it again."
    )


class LinkedWorkbook(Refused):
    says = N_(
        "“{file}” takes data from other files. In Excel choose Data > Edit Links > Break Link, save it, "
        "and send it again."
    )


class LinkedContent(Refused):
    says = N_(
        "“{file}” takes content from other files or addresses. Insert that content into the document itself, save it, "
        "and send it again."
    )


class FetchesData(Refused):
    says = N_(
        "“{file}” fetches data from elsewhere by itself (a query, a connection or a function such as IMAGE). In Excel "
        "delete it under Data > Queries & Connections, or paste its values in its place, save it, and send it again."
    )


class OddLink(Refused):
    says = N_(
        "“{file}” has a link that leads neither to a web page nor to a mail address, but to a script, a program or "
        "another machine's files, or that hides where it leads (an @ before the website's name). Remove that link and "
        "send it again."
    )


class AddIn(Refused):
    says = N_("“{file}” brings an add-in along. Remove it, or save it as PDF, and send it again.")


class RemoteTemplate(Refused):
    says = N_(
        "“{file}” takes its template from another machine. Attach the template Normal instead, save it, "
        "and send it again."
    )


class CommandField(Refused):
    says = N_(
        "“{file}” has a DDE field or formula, which can start programs. Delete it or replace it by its value, "
        "and send it again."
    )


class ActionProgram(Refused):
    says = N_("“{file}” has a button that starts a program or macro. Remove that action and send it again.")


class DocumentType(Refused):
    says = N_("“{file}” has a document type declaration (DOCTYPE) inside. Save it anew in its program and send that.")


class PdfScript(Refused):
    says = N_("“{file}” has scripts (JavaScript) in it. Print it to a new PDF and send that.")


class PdfAction(Refused):
    says = N_("“{file}” would start a program or send data away. Print it to a new PDF and send that.")


class PdfByItself(Refused):
    says = N_("“{file}” would do something by itself when it is opened or read. Print it to a new PDF and send that.")


class PdfAttachment(Refused):
    says = N_("“{file}” has files attached inside. Remove them and send each by itself.")


class PdfMedia(Refused):
    says = N_("“{file}” has film, sound or 3D objects in it. Print it to a new PDF, and send films by themselves.")


class PdfForm(Refused):
    says = N_("“{file}” is a form made of XML (XFA). Print it to a new PDF and send that.")


class NoPages(Refused):
    says = N_("“{file}” has no pages. Choose the right file and send it again.")


REFUSALS: dict[str, type[Refused]] = {
    "unknown": UnknownKind,
    "cut_off": CutOff,
    "broken": Broken,
    "two_kinds": TwoKinds,
    "encrypted": PasswordProtected,
    "bomb": Bomb,
    "strange": StrangeZip,
    "pixels": TooManyPixels,
    "template": Template,
    "macros": Macros,
    "controls": Controls,
    "embedded": Embedded,
    "linked_workbook": LinkedWorkbook,
    "linked": LinkedContent,
    "fetches": FetchesData,
    "address": OddLink,
    "add_in": AddIn,
    "template_outside": RemoteTemplate,
    "dde": CommandField,
    "action": ActionProgram,
    "doctype": DocumentType,
    "scripts": PdfScript,
    "launch": PdfAction,
    "by_itself": PdfByItself,
    "attachments": PdfAttachment,
    "media": PdfMedia,
    "xfa": PdfForm,
    "no_pages": NoPages,
}


@dataclass(frozen=True, slots=True)
class Inspected:
    """A file that may be kept."""

    kind: FileKind
    noticed: Noticed


def inspect(path: Path, name: str) -> Inspected:
    """What the file at `path`, sent under `name`, is, and what was noticed in it.

    Raises EmptyFile, UnknownKind, NotWhatItSays, CannotBeChecked, and what REFUSALS names.
    """
    if path.stat().st_size == 0:
        raise EmptyFile(file=name)
    found = _examined(path, name)
    if "refused" in found:
        raise REFUSALS[found["refused"]](file=name, **found["detail"])
    kind = next(kind for kind in TAKEN if kind.suffix == found["kind"])
    suffix = PurePath(name).suffix.lower()
    if suffix not in kind.suffixes:
        raise NotWhatItSays(file=name, claimed=suffix or _("a file without an ending"), found=" / ".join(kind.suffixes))
    return Inspected(kind, Noticed.from_json(found["facts"]))


def jpeg_of(path: Path, name: str) -> bytes:
    """The HEIC at `path`, sent under `name`, as a JPEG. Raises CannotBeChecked, Broken."""
    try:
        made = _run("ita_core.evidence.examine.heic", path, memory=PHOTOGRAPH_MEMORY, turns=_photographs)
    except child.Ended as trouble:
        raise CannotBeChecked(file=name) from trouble
    if not made:
        raise Broken(file=name)
    return made


def _examined(path: Path, name: str) -> dict[str, Any]:
    try:
        found = json.loads(_run("ita_core.evidence.examine", path, memory=MEMORY, turns=_turns))
    except (child.Ended, ValueError) as trouble:
        raise CannotBeChecked(file=name) from trouble
    if not isinstance(found, dict) or not (found.get("refused") in REFUSALS or "kind" in found):
        raise CannotBeChecked(file=name)
    return found


def _run(module: str, path: Path, *, memory: int, turns: threading.BoundedSemaphore) -> bytes:
    """What the child makes of the file. Raises child.Ended."""
    allowed = child.processor_seconds(path.stat().st_size, PROCESSOR_SECONDS)
    return child.run(
        module, str(path.resolve()), memory=memory, processor_seconds=allowed, seconds=SECONDS, turns=turns
    )
