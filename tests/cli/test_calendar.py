"""`ita calendar`, as it is typed."""

from pathlib import Path

import vobject

from tests.cli.test_cli import Ita, ita

__all__ = ["ita"]


def test_the_office_s_calendar_and_one_officer_s_are_written(ita: Ita, tmp_path: Path) -> None:
    for name, more in (("all", ["--office"]), ("usa", ["--person", "usa"])):
        done = ita("calendar", *more, "-o", tmp_path / f"{name}.ics", ITA_TODAY="2025-03-15")
        assert (done.returncode, done.stdout) == (0, "")
    whole, own = (vobject.readOne((tmp_path / f"{name}.ics").read_text(encoding="utf-8")) for name in ("all", "usa"))
    uids = [{one.uid.value for one in each.vevent_list} for each in (whole, own)]
    assert uids[1] < uids[0]
    october = {one.summary.value for one in own.vevent_list if "ต.ค. 67" in one.summary.value}
    assert "กำหนดส่ง O6 ผลการปฏิบัติงานของแต่ละสายงาน (ต.ค. 67)" in october
    assert whole.x_wr_calname.value == "งาน ITA: ตม.จว.ประจวบคีรีขันธ์"


def test_links_lead_to_where_it_is_served(ita: Ita, tmp_path: Path) -> None:
    ita("calendar", "-o", tmp_path, ITA_TODAY="2025-03-15", ITA_PUBLIC_URL="https://ita.example")
    text = (tmp_path / "ita-2568-calendar-2568-03-15.ics").read_text(encoding="utf-8")
    assert "URL:https://ita.example/item?item=O6" in text.replace("\n ", "")


def test_what_is_asked_for_wrongly_is_refused(ita: Ita, tmp_path: Path) -> None:
    unknown = ita("calendar", "--person", "nobody", ITA_TODAY="2025-03-15")
    assert unknown.returncode == 1
    assert "usa" in unknown.stderr
    assert ita("calendar", "--person", "usa", "--office").returncode == 2
    assert ita("calendar", "-o", tmp_path / "a.txt").returncode == 2
