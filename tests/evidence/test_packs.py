"""What a pack asks of a store, and a pack from either kind of it."""

from pathlib import Path

import pytest

from ita_core.errors import NotFound
from ita_core.evidence import bucket as buckets
from ita_core.evidence.objects import Damaged, object_name
from ita_core.evidence.store import open_store
from ita_core.exports import pack
from tests.cast import Cast
from tests.evidence.places import DIGEST, PDF, Place
from tests.exports.packs import Unpacked, chosen, hand_in


def test_what_is_proven_on_its_way_is_the_content_or_refused_at_its_end(place: Place):
    place.store.adopt([PDF], DIGEST)
    assert b"".join(place.store.proven(DIGEST)) == PDF
    changed = bytearray(PDF)
    changed[7] ^= 1
    place.write(object_name(DIGEST), bytes(changed))
    sent = b""
    with pytest.raises(Damaged):
        for part in place.elsewhere().proven(DIGEST):
            sent += part
    assert sent == changed
    with pytest.raises(NotFound):
        list(place.store.proven("0" * 64))


@pytest.mark.parametrize("one_by_one", [0, 50])
def test_what_is_lacking_is_known_one_by_one_and_by_the_list(
    place: Place, one_by_one: int, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(buckets, "LOOKED_UP", one_by_one)
    place.store.adopt([PDF], DIGEST)
    gone = ["f" * 64, "0" * 64]
    assert place.store.lacking([gone[0], DIGEST, gone[1]]) == gone
    assert place.elsewhere().lacking([DIGEST]) == place.store.lacking([]) == []


def test_a_pack_is_made_from_either(place: Place, at_work: Cast, tmp_path: Path):
    for number in range(2):
        hand_in(at_work, number, f"รายงาน {number}.pdf")
    wanted, here = chosen(), place.elsewhere()
    for one in wanted.files:
        here.adopt(open_store().read(one.sha256), one.sha256)
    made = pack.make(wanted, here)
    got = Unpacked.of(b"".join(pack.stream(made, here)), tmp_path)
    assert len(got.evidence) == 2
    assert (got.sha256sum().returncode, got.check().returncode) == (0, 0)
    place.delete(object_name(wanted.files[0].sha256))
    with pytest.raises(pack.PiecesMissing, match=r"รายงาน 0\.pdf"):
        pack.make(wanted, here)
    with pytest.raises(pack.PiecesMissing, match=r"รายงาน 0\.pdf"):  # and where it goes between the look and its turn
        list(pack.stream(made, here))
