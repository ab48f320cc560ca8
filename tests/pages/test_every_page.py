"""Every page as every role: it opens, in Thai, without an error; and the queries do not grow with the rows."""

from pathlib import Path

import pytest
import sqlalchemy as sa
from streamlit.testing.v1 import AppTest

from tests.pages.conftest import Office, shown
from tests.pages.work import hand_in

PAGES = sorted(path.stem for path in Path("pages").glob("*.py") if not path.name.startswith("_"))
SIGNED_IN = [page for page in PAGES if page not in {"navigation", "sign_in", "join", "must_enrol"}]
ROLES = ["usa", "khanittha", "piyaporn", "commander", "itap", "admin", "viewer"]


@pytest.mark.parametrize("who", ROLES)
@pytest.mark.parametrize("page", SIGNED_IN)
def test_it_opens(office: Office, page: str, who: str):
    tester = office.open(who, page)
    assert not tester.exception
    assert tester.title or 'class="ita-sentence"' in shown(tester)
    assert not any("{" in element.value for element in (*tester.caption, *tester.markdown))


def test_every_page_in_the_folder_has_an_address():
    from pages import ADDRESSES

    assert sorted(ADDRESSES) == SIGNED_IN


@pytest.mark.parametrize("page", SIGNED_IN)
def test_nobody_sees_anything_but_the_sign_in_page(office: Office, page: str):
    tester = AppTest.from_file(str(Path("pages/navigation.py").resolve()), default_timeout=60)
    tester.user = {}
    tester.query_params["item"] = "O6"
    tester.run()
    assert [one.label for one in tester.text_input] == ["ชื่อผู้ใช้", "รหัสผ่าน"]
    assert "ประจวบ" not in shown(tester)


def test_english_is_one_switch_away_and_stays(office: Office):
    tester = office.open("viewer", "overview")
    language = next(group for group in tester.get("button_group") if group.label == "ภาษา")
    language.set_value("en").run()
    for text in (shown(tester), shown(office.open("viewer", "overview"))):
        assert "On 15 Mar 2025" in text
        assert "โครงสร้าง" in text  # the plan stays Thai


def test_an_officer_sees_the_items_of_their_duties_only(office: Office):
    text = shown(office.open("piyaporn", "overview"))
    assert ">O11</a>" in text
    assert ">O6</a>" not in text


@pytest.mark.parametrize("code", ["O99", "O6", "<script>alert(1)</script>", "' OR 1=1 --", "๙", "[x](https://evil)"])
def test_an_item_that_is_not_there_and_one_that_is_not_yours_look_the_same(office: Office, code: str):
    tester = office.open("piyaporn", "item", item=code)
    assert not tester.exception
    assert f"ไม่พบข้อ “{code}” หรือไม่อยู่ในหน้าที่ของท่าน" in shown(tester)


@pytest.mark.trial
def test_the_number_of_queries_does_not_grow_with_the_rows(office: Office):
    def count(page: str) -> int:
        who = "khanittha" if page != "my_work" else "usa"
        query = {"item": "O6"} if page == "item" else {}
        seen: list[str] = []

        def note(_connection, _cursor, statement, *_more) -> None:
            if statement.startswith("SELECT"):
                seen.append(statement)

        tester = office.open(who, page, **query)
        sa.event.listen(office.engine, "before_cursor_execute", note)
        tester.run()
        sa.event.remove(office.engine, "before_cursor_execute", note)
        assert not tester.exception
        return len(seen)

    counted = []
    for rows in (1, 40):
        for number in range(rows):
            hand_in(office, number + rows * 100)
        counted.append({page: count(page) for page in ("overview", "item", "my_work", "review")})
    assert counted[0] == counted[1]
    assert max(counted[0].values()) < 45


def test_markdown_in_the_address_stays_text(office: Office):
    tester = office.open("piyaporn", "item", item="![x](https://evil)[sign in](https://evil)")
    assert "](https" not in tester.warning[0].value
