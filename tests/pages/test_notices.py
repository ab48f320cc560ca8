"""What concerns one, on its page and in the head of every other."""

from tests.pages.conftest import Office, shown
from tests.pages.work import hand_in


def test_the_head_says_how_much_is_new_until_the_list_was_opened(office: Office):
    hand_in(office, 1)
    assert "แจ้งเตือนใหม่" in shown(office.open("khanittha", "review"))
    page = office.open("khanittha", "notices")
    for _again in range(2):  # drawn anew by itself, what is new stays marked, and is not counted
        assert "หลักฐานที่ท่านต้องตรวจ" in shown(page)
        assert "แจ้งเตือนใหม่" not in shown(page)
        assert [one for one in page.get("html") if 'class="ita-new"' in one.value]
        page = page.run()
    assert "แจ้งเตือนใหม่" not in shown(office.open("khanittha", "review"))


def test_whoever_comes_back_finds_nothing_marked_as_new(office: Office):
    hand_in(office, 1)
    page = office.open("khanittha", "notices")
    page.switch_page("review.py").run()
    page.switch_page("notices.py").run()
    assert "หลักฐานที่ท่านต้องตรวจ" in shown(page)
    assert 'class="ita-new"' not in shown(page)
    hand_in(office, 2, "เพิ่ม.pdf")
    page.switch_page("review.py").run()
    page.switch_page("notices.py").run()
    assert 'class="ita-new"' in shown(page)


def test_whom_nothing_concerns_is_told_so(office: Office):
    text = shown(office.open("viewer", "notices"))
    assert "ขณะนี้ไม่มีเรื่องที่เกี่ยวกับท่าน" in text
    assert "แจ้งเตือนใหม่" not in text
