"""What is asked before anybody has signed in makes nobody wait."""

import threading

from ita_core import db
from ita_core.web import downloads
from tests.asking import ORIGIN, client
from tests.cast import Cast


def test_who_has_no_ticket_does_not_wait_for_the_write_lock(at_work: Cast):
    held, over = threading.Event(), threading.Event()

    def write() -> None:
        with db.writing():
            held.set()
            over.wait(60)

    writer = threading.Thread(target=write)
    writer.start()
    held.wait(60)
    try:
        answer = client(at_work, "").post("/auth/enter", json={"ticket": "x" * 43}, headers=ORIGIN)
        assert not over.is_set()
    finally:
        over.set()
        writer.join()
    assert answer.status_code == 403
    assert "took too long" in answer.json()["says"]  # no ticket; not that the database is busy


def test_a_number_of_thousands_of_digits_is_refused_before_it_is_read(at_work: Cast):
    anybody = client(at_work, "")
    for path in ("/evidence/{}", "/evidence/1/page/{}", "/uploads/{}/k"):
        assert anybody.get(path.format("9" * 4400)).status_code == 414


def test_one_account_has_only_so_many_files_and_tables_under_way(at_work: Cast, monkeypatch):
    monkeypatch.setattr(downloads, "MOST_LOOKS", 0)
    assert client(at_work, "commander").get("/tables/items.csv").status_code == 429
