"""Passwords and user names: what is taken, what is guessed, and what a comparison costs."""

import pytest
import sqlalchemy as sa

from ita_core import accounts, db
from ita_core.accounts import guessable, passwords
from ita_core.evidence import child
from ita_core.models import Office
from tests.accounts.acts import HERE, NOW, PASSWORD, joined, officer

ABOUT = ("somchai.police", "ร.ต.อ. สมชาย ใจดี", "ตม.จว.ประจวบคีรีขันธ์", "prachuap")
REAL_COST = accounts.BCRYPT_COST


@pytest.fixture
def real_hashes(_quick_hashes: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "BCRYPT_COST", REAL_COST)


@pytest.mark.parametrize(
    "password",
    [
        "",
        "nine char",
        " " * 12,
        " leading space",
        "trailing space ",
        "ก" * 25,
        "a" * 73,
        "has a\0nul in it",
        "half of \ud83d a sign",
        "Somchai.Police",
        "1234567890",
        "password123",
        "p@ssw0rd2568",
        "a" * 72,
        "ก" * 24,
        "😀" * 10,
        "qwertyuiop",
        "ฟหกดด่าสวง",  # the middle row of a Thai keyboard
        "ๆไำพะัีรนย",  # the upper one
        "l;ylfu8iy[",  # สวัสดีครับ, with the keyboard left at English
        "สวัสดีครับ",
        "รหัสผ่าน1234",
        "รหัสผ่านของฉัน",
        "ประเทศไทย2568",
        "๑๕๐๓๒๕๖๘๑๑",
        "15/03/2568",
        "ตำรวจตำรวจตำรวจ",
        "somchai2510",
        "สมชายใจดี2510",
        "prachuap2568",
        "prachuap2568!",
        "prachuapkhirikhan",
        "ประจวบคีรีขันธ์68",
        "ตม.ประจวบ2568",
        "chiangmai2566",
        "huahin2568",
        "Wichai@2519",
        "15 มีนาคม 2568",
        "081-234-5678",
        "3-7704-00123-45-6",
    ],
)
def test_a_password_against_the_policy_is_refused_with_a_sentence(password: str) -> None:
    with pytest.raises(accounts.BadPassword) as refused:
        accounts.new_password(password, about=ABOUT)
    assert str(refused.value)


IN_ITS_OWN_PROCESS = guessable.is_guessable


@pytest.mark.parametrize(("password", "found"), [("1234567890", True), ("khoksamrong", True), ("xK9#mQ2vLp", False)])
def test_a_process_of_its_own_judges_alike(password: str, found: bool) -> None:
    assert IN_ITS_OWN_PROCESS(password, ["โคกสำโรง", "khoksamrong"]) is found
    assert guessable.judged(password, ["โคกสำโรง", "khoksamrong"]) is found


@pytest.mark.parametrize(
    "password",
    [
        *("Usa.Minam.2530", "Usa@prachuap2568", "ด่านสิงขร2568", "khaosamroiyod2568", "kuiburi-pranburi"),
        *("Songkran13042568", "nogiftpolicy2568", "tm47tm30tm28", "PoliceNo1Prachuap", "ตมประจวบ1178"),
    ],
)
def test_what_somebody_who_knows_the_place_and_the_owner_tries_is_guessed(password: str) -> None:
    assert guessable.judged(password, ["usa", "ด.ต.หญิง อุษา มีนาม", "ตรวจคนเข้าเมืองจังหวัดประจวบคีรีขันธ์", "ตม.จว.ประจวบคีรีขันธ์"])


def test_a_guessable_password_is_refused_with_what_to_do() -> None:
    assert "three or four words" in str(accounts.password_fault("1234567890"))


def test_a_password_that_could_not_be_judged_in_time_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def late(_password: str, _about: object) -> bool:
        raise child.Ended("killed", in_time=False)

    monkeypatch.setattr(guessable, "is_guessable", late)
    assert "server is busy" in str(accounts.password_fault("xK9#mQ2vLp"))


def test_what_is_known_of_the_owner_and_the_office_is_no_password(engine: sa.Engine) -> None:
    """The same words are good enough elsewhere: it is the names that make them guessable."""
    with db.writing(engine) as session:
        officer(session)
        session.exec(sa.update(Office).values(name="ตม.จว.โคกสำโรง", code="bmxkhoksamrong"))
    with db.reading(engine) as session:
        about = accounts.words_of_office(session)
    for password in ("bmxkhoksamrong", "bmxKhokSamrong68"):
        assert accounts.password_fault(password) is None
        assert accounts.password_fault(password, about)


@pytest.mark.parametrize(
    "password",
    [
        "two words and ไทย",
        "แมวนอนบนหลังคา",
        "กระต่ายเก้าอี้ฝนตก",
        "รหัสทดลอง 2568 ยาวพอ",
        "xK9#mQ2vLp",
        "kra tai khao kao yuk yai kra jok nam taan som oh blue wheels run seven89",
    ],
)
def test_a_password_within_the_policy_is_taken_and_matches_itself_only(password: str) -> None:
    assert accounts.password_fault(password, ABOUT) is None
    hashed = accounts.hash_password(password)
    assert accounts.password_matches(password, hashed)
    assert not accounts.password_matches(password[:-1], hashed)
    assert not accounts.password_matches(password + "x", hashed)


@pytest.mark.parametrize("typed", ["x" * 5000, "ก" * 100, "a\0b", "\ud800", ""])
def test_what_bcrypt_cannot_take_is_a_wrong_password_not_an_error(typed: str) -> None:
    assert not accounts.password_matches(typed, accounts.NO_HASH)


@pytest.mark.usefixtures("real_hashes")
def test_the_hash_nobody_has_costs_what_a_real_one_costs() -> None:
    assert accounts.NO_HASH.split("$")[2] == accounts.hash_password(PASSWORD).split("$")[2]


def test_known_and_unknown_names_are_compared_at_the_same_cost(engine: sa.Engine) -> None:
    """Each try costs one comparison of bcrypt, whose time is set by the cost that stands in the hash."""
    with db.writing(engine) as session:
        for name in ("somchai", "shut"):
            joined(session, name).password_hash = accounts.NO_HASH.replace("jvDg", "jvDh")
        accounts.disable(session, by=None, account_id=2, now=NOW)
        found = [
            accounts.begin_try(session, username=name, address=HERE, clock=lambda: NOW).password_hash
            for name in ("somchai", "nobody", "shut", "no such name at all")
        ]
    assert {one.split("$")[2] for one in found} == {str(REAL_COST)}
    assert [one == accounts.NO_HASH for one in found] == [False, True, True, True]


@pytest.mark.parametrize("username", ["", "ab", "x" * 33, "สมชาย", "a b c", "a/b", "<b>", "admin\0", "somchai\n\nx"])
def test_a_user_name_of_other_characters_is_refused(username: str) -> None:
    with pytest.raises(accounts.BadUsername):
        accounts.clean_username(username)


def test_a_user_name_is_kept_in_lower_case() -> None:
    assert accounts.clean_username(" Som.Chai-1_ ") == "som.chai-1_"


def test_no_password_is_hashed_or_compared_under_the_write_lock(engine: sa.Engine) -> None:
    for slow in (
        lambda: accounts.hash_password(PASSWORD),
        lambda: accounts.new_password(PASSWORD),
        lambda: accounts.password_matches(PASSWORD, accounts.NO_HASH),
    ):
        with pytest.raises(db.SlowUnderLock), db.writing(engine):
            slow()
