"""What happened in the demonstration, up to 15 March 2568: invented work of the plan's officers, as plain data.

It is written so that every state, stage and decision occurs, and that the board looks like a real one in March: most
monthly reports in time, some late, one line of work forgotten, a manual that nobody has begun. Officers are named by
their keys in the plan, requirements by theirs in the framework. `build.py` plays it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from ita_core.board.campaigns import Terms

DAY = date(2025, 3, 15)
HANDOVER = date(2025, 1, 20)  # the acting commander hands over to the commander
SITE = "https://www.prachuap-immigration.com/ita/2568"

# Teams and posts that the plan names without members; "all officers" and three sections are left for the administrator.
MEMBERS = {
    "inspector": ("khanittha",),
    "ita-team": ("angsuson", "narisara", "aithanya"),
    "supply": ("phailin", "aphinporn"),
    "foreigner-service": ("narisara", "thanet"),
}


@dataclass(frozen=True, slots=True)
class Paper:
    """One hand-in: of whom, when, for which slots, as what; and what became of it.

    `form` is a key of `documents.FORMATS`, or "link" or "nil". Without `keys` it covers all the item's requirements.
    """

    item: str
    by: str
    on: date
    form: str
    name: str = ""  # the file's name without its ending, or the note of a link or nil statement
    keys: tuple[str, ...] = ()
    period: str = ""
    languages: tuple[str, ...] = ("th",)
    ordinals: tuple[int, ...] = (1,)
    path: str = ""  # of a link, below the office's site
    decided: date | None = None
    reviewer: str = "khanittha"
    returned: str = ""  # the reason; empty: accepted
    withdrawn: date | None = None
    said: tuple[tuple[str, date, str], ...] = ()  # who asked or answered what about it, at the end of which day


@dataclass(frozen=True, slots=True)
class Step:
    """What the commander or the keeper of ITAP did with a whole item."""

    item: str
    on: date
    what: str  # approve, publish, file


def _d(text: str) -> date:
    return date.fromisoformat(text)


# month → (handed in, decided in time, decided late): working days around the 1st of the month that follows
MONTHS = {
    "2024-10": (_d("2024-11-01"), _d("2024-11-01"), _d("2024-11-04")),
    "2024-11": (_d("2024-11-29"), _d("2024-11-29"), _d("2024-12-02")),
    "2024-12": (_d("2024-12-30"), _d("2024-12-30"), _d("2025-01-02")),
    "2025-01": (_d("2025-01-31"), _d("2025-01-31"), _d("2025-02-03")),
    "2025-02": (_d("2025-02-28"), _d("2025-02-28"), _d("2025-03-03")),
}
THAI_MONTHS = {"2024-10": "ต.ค.67", "2024-11": "พ.ย.67", "2024-12": "ธ.ค.67", "2025-01": "ม.ค.68", "2025-02": "ก.พ.68"}

O10_SAID = (
    ("nattawat", _d("2025-03-06"), "ตัวเลขในไฟล์ Word ตรงกับไฟล์ PDF ที่รับแล้วหรือไม่"),
    ("patthama", _d("2025-03-07"), "ตรงกัน ส่งออกจากไฟล์เดียวกัน เมื่อวันที่ 5 มี.ค. 68"),
    ("nattawat", _d("2025-03-13"), "ตารางที่ 2 ยังไม่รวมคดีของวันที่ 28 ก.พ. ขอให้ตรวจสอบอีกครั้ง"),
)


def papers() -> Iterator[Paper]:
    """Every hand-in of the demonstration; `build.py` puts them in the order of time."""
    for period in MONTHS:
        yield from _monthly(period)
    yield from _once()
    yield from _measures()


def _monthly(period: str) -> Iterator[Paper]:
    month = THAI_MONTHS[period]
    on, in_time, late = MONTHS[period]
    yield from _o6(period, month, on, in_time, late)

    def o10(form: str, when: date, decided: date | None) -> Paper:
        by = "usa" if period == "2024-12" else "patthama"
        name = f"สถิติผลการดำเนินงาน {month}"
        return Paper("O10", by, when, form, name, period=period, decided=decided, reviewer="nattawat")

    yield o10("pdf", on, late if period == "2025-01" else in_time)
    if period == "2025-02":
        yield replace(o10("word", _d("2025-03-06"), None), said=O10_SAID)
    else:
        yield o10("word", on, late if period == "2025-01" else in_time)

    yield Paper(
        "O12", "usa", on, "pdf", f"รายงานเงินกองทุนสืบสวนสอบสวน {month}", period=period, reviewer="nattawat",
        decided=late if period in {"2024-11", "2025-02"} else in_time,
    )  # fmt: skip
    yield from _procurement(period, month, on, in_time, late)
    if period == "2024-12":
        yield Paper(
            "O16", "rakchanu", on, "pdf", f"สถิติเรื่องร้องเรียนการทุจริต {month}", ("statistics",), period, decided=late
        )
    else:
        said = f"ไม่มีเรื่องร้องเรียนการทุจริตในเดือน {month}"
        yield Paper("O16", "rakchanu", on, "nil", said, ("statistics",), period, decided=in_time)


def _o6(period: str, month: str, on: date, in_time: date, late: date) -> Iterator[Paper]:
    name = f"รายงานผลการปฏิบัติงาน {month}"
    lines: tuple[str, ...] = ("investigation", "foreigners", "inspection", "administration")
    if period == "2024-11":  # returned, mended, accepted: late
        yield Paper(
            "O6", "aphinporn", on, "pdf", name, lines, period, decided=late, reviewer="pramote",
            returned="ภาพกิจกรรมไม่ครบทั้ง 4 สายงาน ขาดงานตรวจบุคคลและพาหนะ",
        )  # fmt: skip
        mended = f"{name} (แก้ไข)"
        yield Paper("O6", "aphinporn", _d("2024-12-03"), "pdf", mended, lines, period, decided=_d("2024-12-04"))
        yield Paper("O6", "aphinporn", on, "word", name, lines, period, decided=late, reviewer="pramote")
        return
    if period == "2025-02":  # the line of work that was forgotten
        lines = ("investigation", "foreigners", "administration")
    reviewer = {"2024-10": "nattawat", "2024-12": "pramote"}.get(period, "khanittha")
    decided = late if period == "2024-10" else in_time
    for form in ("pdf", "word"):
        yield Paper("O6", "suphawan", on, form, name, lines, period, decided=decided, reviewer=reviewer)


def _procurement(period: str, month: str, on: date, in_time: date, late: date) -> Iterator[Paper]:
    if period == "2024-11":
        said = f"ไม่มีการจัดซื้อจัดจ้างในเดือน {month}"
        yield Paper("O13", "phailin", on, "nil", said, period=period, decided=in_time)
        yield Paper("O14", "phailin", on, "nil", said, period=period, decided=in_time)
        return
    notices = f"ประกาศจัดซื้อจัดจ้าง {month}"
    if period == "2025-01":
        shown = ("procurement-plan", "invitation")
        yield Paper("O13", "phailin", on, "pdf", notices, shown, period, decided=late)
        yield Paper(
            "O13", "aphinporn", on, "pdf", f"ประกาศผลการจัดซื้อจัดจ้าง {month}", ("results",), period,
            decided=_d("2025-02-04"), returned="ประกาศยังไม่มีลายมือชื่อผู้อนุมัติ และไม่ระบุวัน/เดือน/ปีที่ประกาศ",
        )  # fmt: skip
    else:
        yield Paper("O13", "phailin", on, "pdf", notices, period=period, decided=in_time)
    summary = f"สรุปผลการจัดซื้อจัดจ้าง {month} (สขร.1)"
    yield Paper("O14", "phailin", on, "pdf", summary, period=period, decided=in_time)
    if period < "2025-01":  # the Word files of January and February are the ones that are missed
        decided = late if period == "2024-12" else in_time
        yield Paper("O14", "aphinporn", on, "word", summary, period=period, decided=decided)


def _once() -> Iterator[Paper]:
    d = _d
    # O1: approved, then the strength was handed in anew, so that the approval lapsed
    yield Paper(
        "O1",
        "angsuson",
        d("2025-01-15"),
        "pdf",
        "แผนผังโครงสร้าง ตม.จว.ประจวบคีรีขันธ์",
        ("structure",),
        decided=d("2025-01-17"),
    )
    yield Paper(
        "O1", "rakchanu", d("2025-01-21"), "excel", "อัตรากำลังพล ณ 1 ม.ค.68", ("strength",), decided=d("2025-01-22")
    )
    yield Paper("O1", "angsuson", d("2025-02-03"), "pdf", "ทำเนียบผู้บริหาร", ("executives",), decided=d("2025-02-05"))
    yield Paper(
        "O1", "angsuson", d("2025-02-10"), "link", "หน้าติดต่อผู้บริหารบนเว็บไซต์", ("contact",), path="contact-executive",
        decided=d("2025-02-13"),
    )  # fmt: skip
    yield Paper(
        "O1", "rakchanu", d("2025-03-10"), "excel", "อัตรากำลังพล ณ 1 มี.ค.68", ("strength",), decided=d("2025-03-12")
    )

    names = "รายนามผู้บริหารและหัวหน้าสายงาน"
    yield Paper("O2", "angsuson", d("2025-01-22"), "pdf", names, ("names", "dated"), decided=d("2025-01-24"),
                returned="ไม่ระบุวัน/เดือน/ปีที่จัดทำ")  # fmt: skip
    yield Paper(
        "O2", "angsuson", d("2025-01-27"), "pdf", f"{names} ณ 27 ม.ค.68", ("names", "dated"), decided=d("2025-01-28")
    )
    yield Paper("O2", "angsuson", d("2025-02-06"), "graphic", "แผนที่พื้นที่รับผิดชอบ", ("area",), decided=d("2025-02-07"))

    yield Paper(
        "O3",
        "narisara",
        d("2025-02-18"),
        "pdf",
        "กฎหมายที่ประชาชนควรรู้",
        ("laws",),
        decided=d("2025-02-20"),
        reviewer="pramote",
    )
    yield Paper("O3", "sarawut", d("2025-03-10"), "pdf", "กฎหมายแยกหมวดหมู่", ("categories",))

    yield Paper("O4", "angsuson", d("2025-02-04"), "pdf", "ข้อมูลการติดต่อ ตม.จว.ประจวบคีรีขันธ์",
                ("name", "address", "telephone", "email"), decided=d("2025-02-06"))  # fmt: skip

    yield Paper(
        "O5",
        "usa",
        d("2025-01-28"),
        "photo",
        "กิจกรรมร่วมกับชุมชน ม.ค.68",
        ("results",),
        decided=d("2025-01-30"),
        reviewer="pramote",
    )
    yield Paper("O5", "angsuson", d("2025-02-11"), "link", "เพจ Facebook และ Line Official Account", ("channels",),
                path="social", decided=d("2025-02-13"), reviewer="nattawat")  # fmt: skip
    yield Paper("O5", "narisara", d("2025-03-12"), "link", "โพสต์ QR Code แบบวัด EIT", ("assessment",), path="eit")

    # O7: nobody has begun
    thai_manual = ("criteria", "documents", "procedure", "duration", "fees")
    yield Paper(
        "O8",
        "narisara",
        d("2025-02-17"),
        "pdf",
        "คู่มือประชาชน ภาษาไทย",
        thai_manual,
        decided=d("2025-02-19"),
        reviewer="pramote",
    )
    yield Paper("O8", "thanet", d("2025-02-20"), "link", "คู่มือแยกตามหมวดหมู่งานบริการ", ("categories",), path="manual",
                decided=d("2025-02-21"), reviewer="nattawat")  # fmt: skip
    yield Paper("O8", "sarawut", d("2025-02-26"), "pdf", "Service Manual (English)",
                ("documents", "procedure", "duration"), languages=("foreign",), decided=d("2025-03-03"),
                reviewer="pramote")  # fmt: skip
    yield Paper("O8", "aphinporn", d("2025-02-27"), "pdf", "Criteria for Extension of Stay (English)", ("criteria",),
                languages=("foreign",), decided=d("2025-03-04"), reviewer="nattawat",
                returned="คำแปลภาษาอังกฤษไม่ตรงกับต้นฉบับภาษาไทย ข้อ 3 และข้อ 5")  # fmt: skip

    for key, path, on in (
        ("extension", "e-extension", "2025-01-13"),
        ("visa", "e-voa", "2025-01-13"),
        ("ninety-days", "90-days", "2025-01-15"),
        ("residence", "tm30", "2025-01-22"),
    ):
        yield Paper("O9", "aithanya", d(on), "link", "หน้าระบบบนเว็บไซต์", (key,), path=path, decided=d("2025-01-24"))

    for form in ("pdf", "excel"):
        yield Paper(
            "O11",
            "piyaporn",
            d("2025-01-16"),
            form,
            "แผนการใช้จ่ายงบประมาณ 2568",
            ("budget-plan",),
            decided=d("2025-01-21"),
        )
    yield Paper(
        "O11",
        "piyaporn",
        d("2025-03-11"),
        "pdf",
        "ผลการใช้จ่ายงบประมาณ ไตรมาส 1",
        ("results",),
        withdrawn=d("2025-03-11"),
    )

    for key, name, by in (
        ("appraisal", "หลักเกณฑ์การประเมินผลการปฏิบัติงาน ตร.", "angsuson"),
        ("promotion", "หลักเกณฑ์การเลื่อนขั้นเงินเดือน ตร.", "rakchanu"),
        ("development", "หลักเกณฑ์การพัฒนากำลังพล ตร.", "rakchanu"),
    ):
        yield Paper("O15", by, d("2025-03-11"), "pdf", name, (key,), decided=d("2025-03-13"))

    yield Paper("O16", "rakchanu", d("2024-12-16"), "link", "แบบแจ้งเรื่องร้องเรียนออนไลน์", ("channel",), path="complaint",
                decided=d("2024-12-18"))  # fmt: skip
    yield Paper(
        "O16", "rakchanu", d("2024-12-17"), "pdf", "มาตรการคุ้มครองผู้ร้องเรียน", ("protection",), decided=d("2024-12-18")
    )

    policy = "ประกาศนโยบายต่อต้านการรับสินบน"
    yield Paper(
        "O17", "aithanya", d("2025-02-03"), "pdf", policy, ("announcement", "purpose", "dated"), decided=d("2025-02-05")
    )
    yield Paper("O17", "aithanya", d("2025-02-06"), "pdf", "Anti-Bribery Policy (English)", ("announcement",),
                languages=("en",), decided=d("2025-02-10"))  # fmt: skip
    yield Paper(
        "O17",
        "aithanya",
        d("2025-02-10"),
        "graphic",
        "Infographic No Gift Policy ภาษาไทย",
        ("infographic",),
        decided=d("2025-02-11"),
    )
    yield Paper("O17", "aithanya", d("2025-02-10"), "graphic", "Infographic No Gift Policy (English)", ("infographic",),
                languages=("en",), decided=d("2025-02-11"))  # fmt: skip
    yield Paper(
        "O17", "aithanya", d("2025-02-13"), "photo", "ป้าย No Gift Policy ณ จุดบริการ", ("sign",), decided=d("2025-02-17")
    )
    yield Paper("O17", "aithanya", d("2025-02-13"), "link", "โพสต์ No Gift Policy", ("social-media",),
                path="no-gift-policy", decided=d("2025-02-17"))  # fmt: skip

    for number, (on, decided, name) in enumerate(
        (
            ("2024-12-09", "2024-12-11", "ผกก. ร่วมกิจกรรมวันต่อต้านคอร์รัปชันสากล"),
            ("2025-01-06", "2025-01-08", "ผกก. มอบนโยบายไม่รับของขวัญ"),
            ("2025-02-14", "2025-02-18", "ผกก. ประกาศเจตนารมณ์ต่อต้านการรับสินบน"),
        ),
        start=1,
    ):
        yield Paper("O18", "aithanya", d(on), "photo", name, ordinals=(number,), decided=d(decided))

    yield Paper("O19", "aithanya", d("2025-03-11"), "pdf", "กระบวนงานที่มีความเสี่ยงต่อการรับสินบน", ("process",))
    yield Paper("O19", "aithanya", d("2025-03-13"), "pdf", "เกณฑ์การประเมินความเสี่ยง", ("criteria",))

    # O20: not begun; it reports on O19
    yield Paper("O21", "aithanya", d("2025-03-04"), "pdf", "คู่มือมาตรฐานทางจริยธรรม", ("manual",), decided=d("2025-03-06"))
    yield Paper(
        "O21",
        "aithanya",
        d("2025-03-05"),
        "graphic",
        "Do & Don't ตม.จว.ประจวบคีรีขันธ์",
        ("conduct",),
        decided=d("2025-03-06"),
    )

    guide = ("property-kinds", "property-control")
    yield Paper("O22", "phailin", d("2025-03-03"), "pdf", "แนวทางจัดการทรัพย์สินของราชการ", guide, decided=d("2025-03-05"))
    gifts = ("donations-accepting", "donations-control")
    yield Paper("O22", "aphinporn", d("2025-03-04"), "pdf", "หลักเกณฑ์การรับของบริจาค", gifts, decided=d("2025-03-05"))
    yield Paper("O22", "aphinporn", d("2025-03-10"), "word", "แบบยืมทรัพย์สินของราชการ", ("property-lending",),
                decided=d("2025-03-12"), returned="แนบแบบยืมพัสดุฉบับเก่า ให้ใช้แบบที่ปรับปรุง พ.ศ.2567")  # fmt: skip

    yield Paper(
        "O23",
        "aithanya",
        d("2025-01-06"),
        "pdf",
        "คำสั่งที่ 1/2568 แต่งตั้งคณะทำงานขับเคลื่อน ITA",
        ("order",),
        decided=d("2025-01-08"),
    )
    yield Paper("O23", "aithanya", d("2025-01-06"), "photo", "ประชุมชี้แจง ITA ครั้งที่ 1 3 ม.ค.68", ("briefing",),
                decided=d("2025-01-08"), reviewer="pramote")  # fmt: skip
    yield Paper("O23", "aithanya", d("2025-03-07"), "pdf", "ผลการวิเคราะห์กรอบการประเมิน 2568", ("analysis",))
    # O24: not begun; it reports on O23


def _measures() -> Iterator[Paper]:
    d = _d
    for code, by, name in (
        ("1.1", "narisara", "จุดบริการและป้ายชื่อผู้ปฏิบัติ"),
        ("1.2", "phailin", "ป้ายประชาสัมพันธ์จุดบริการ"),
        ("1.4", "phailin", "ป้าย No Gift Policy"),
    ):
        yield Paper(code, by, d("2025-02-05"), "photo", name, decided=d("2025-02-07"), reviewer="pramote")
    yield Paper("W1", "angsuson", d("2025-01-27"), "graphic", "หน้าแรกเว็บไซต์ ม.ค.68", decided=d("2025-01-29"))
    yield Paper("W2", "angsuson", d("2025-02-24"), "graphic", "ประวัติการปรับปรุงเว็บไซต์ ก.พ.68", decided=d("2025-02-25"))
    yield Paper("S1", "aithanya", d("2025-01-06"), "photo", "มอบคำสั่งคณะทำงาน", decided=d("2025-01-08"))
    yield Paper(
        "S2",
        "angsuson",
        d("2025-01-06"),
        "photo",
        "ประชุมขับเคลื่อน ITA 3 ม.ค.68",
        decided=d("2025-01-22"),
        reviewer="thianchai",
    )


# Waiting for the commander on the day: O1 (lapsed), O15 and O21; O2 is approved, O17 published, O9 filed.
STEPS = (
    Step("O9", _d("2025-01-29"), "approve"),
    Step("O9", _d("2025-01-30"), "publish"),
    Step("O9", _d("2025-02-04"), "file"),
    Step("O1", _d("2025-02-20"), "approve"),
    Step("O17", _d("2025-02-20"), "approve"),
    Step("O17", _d("2025-02-21"), "publish"),
    Step("O2", _d("2025-02-26"), "approve"),
    *(Step(code, _d("2025-02-26"), "approve") for code in ("1.1", "1.2", "1.4", "W1", "W2", "S1", "S2")),
)


@dataclass(frozen=True, slots=True)
class Look:
    """What the timer found at an item's address in the morning of a day; `words` are told apart by number."""

    item: str
    on: date
    words: int = 1  # 0: the website answered that there is no such page


# O9's page was added to on 10 March; O17's was moved by the website's keeper on the 13th, and nobody has noticed yet.
CERTIFICATE = _d("2025-05-20")  # when that of the office's website ends
LOOKS = (
    *(Look("O9", _d(on)) for on in ("2025-02-03", "2025-02-10", "2025-02-17", "2025-02-24", "2025-03-03")),
    *(Look("O9", _d(on), 2) for on in ("2025-03-10", "2025-03-13", "2025-03-14")),
    *(Look("O17", _d(on)) for on in ("2025-02-24", "2025-03-03", "2025-03-10")),
    *(Look("O17", _d(on), 0) for on in ("2025-03-13", "2025-03-14")),
)


# Figures of the demonstration, none of them the office's; `.example` is nobody's website.
CAMPAIGN = Terms(
    _d("2025-01-01"), _d("2025-06-30"), population=62, minimum=40, url="https://itap.example/demo/iit-2568",
    lines=("งานสืบสวนปราบปราม", "งานบริการคนต่างด้าว", "งานตรวจบุคคลและพาหนะ", "งานอำนวยความสะดวก/ธุรการ"),
)  # fmt: skip
EXTERNAL = Terms(_d("2025-01-01"), _d("2025-06-30"), population=24)  # EIT(2), for which the assessor asks people
# Nobody: invented, and marked as such. No telephone number in Thailand has a 0 after its area's (02-0xx …).
STAKEHOLDERS = tuple(
    {
        "name": f"ผู้ประสานงานตัวอย่าง {number}", "organisation": f"{what} (ข้อมูลสาธิต {number})", "kind": kind,
        "phone": f"0200000{number:02}", "email": f"demo{number}@stakeholders.example",
    }
    for number, (what, kind) in enumerate(
        [("โรงแรมสมมุติ", "ผู้ประกอบการ")] * 5 + [("สถานประกอบการสมมุติ", "ผู้ประกอบการ")] * 3
        + [("ผู้รับบริการสมมุติ", "ผู้รับบริการ")] * 8 + [("ร้านค้าคู่สัญญาสมมุติ", "คู่สัญญา")] * 4
        + [("หน่วยงานสมมุติ", "หน่วยงานของรัฐ")] * 3 + [("เทศบาลสมมุติ", "องค์กรปกครองส่วนท้องถิ่น")],
        start=1,
    )
)  # fmt: skip
RESPONSES = {  # by the end of a day, in each line of work: one of them has not begun
    _d("2025-01-31"): (2, 1, 0, 1),
    _d("2025-02-14"): (3, 2, 0, 2),
    _d("2025-02-28"): (4, 3, 0, 3),
    _d("2025-03-14"): (5, 4, 0, 4),
}


@dataclass(frozen=True, slots=True)
class Tick:
    """A step of the calendar that its preparer said is done: its number, who, when and on which day it was."""

    step: int
    by: str
    on: date
    day: date
    note: str


# Step 3, which ended on 31 January, nobody has said to be done; step 4 the list of stakeholders shows done.
TICKS = (Tick(2, "aithanya", _d("2025-01-10"), _d("2025-01-09"), "ลงทะเบียนและยืนยันผู้ประสานงานในระบบ ITAP แล้ว"),)


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting from `begins` to `ends` (hour, minute); the first is the office's own of 3 January 2568."""

    on: date
    by: str
    begins: tuple[int, int]
    ends: tuple[int, int]
    there: tuple[str, ...]
    guests: str = ""


@dataclass(frozen=True, slots=True)
class Order:
    """A directive of the meeting of that day; reported by the first it was given to, and settled."""

    on: date
    to: tuple[str, ...]
    due: date
    text: str
    item: str = ""
    reported: date | None = None
    word: str = ""
    done: date | None = None


_SUPERVISORS = ("pramote", "nattawat", "khanittha")
_PREPARERS = ("angsuson", "narisara", "thanet", "sarawut", "phailin", "aphinporn", "aithanya", "rakchanu", "usa")
MEETINGS = (
    Meeting(_d("2025-01-03"), "setthaphat", (9, 30), (11, 40), ("setthaphat", *_SUPERVISORS, *_PREPARERS)),
    Meeting(_d("2025-02-03"), "thianchai", (13, 30), (14, 50), ("thianchai", *_SUPERVISORS, *_PREPARERS[:6])),
    Meeting(
        _d("2025-03-03"), "thianchai", (13, 30), (14, 45), ("thianchai", *_SUPERVISORS, *_PREPARERS), "ผู้แทน บก.ตม.3"
    ),
)
ORDERS = (
    Order(
        _d("2025-01-03"), ("narisara", "angsuson", "sarawut"), _d("2025-02-21"),
        "ยกร่างคู่มือการปฏิบัติงานสำหรับเจ้าหน้าที่ให้แล้วเสร็จก่อนครบกำหนด", "O7",
    ),
    Order(
        _d("2025-02-03"), ("ita-team",), _d("2025-02-28"),
        "ประชาสัมพันธ์ช่องทางการตอบแบบวัด IIT ให้ครบทุกสายงาน", reported=_d("2025-02-27"),
        word="แจ้งในแถวและติดประกาศครบทุกสายงานแล้ว", done=_d("2025-03-03"),
    ),
    Order(
        _d("2025-02-03"), ("phailin",), _d("2025-02-14"),
        "แก้ไขประกาศผลการจัดซื้อจัดจ้าง ม.ค.68 ให้มีลายมือชื่อผู้อนุมัติและวันที่ประกาศ", "O13",
    ),
    Order(
        _d("2025-03-03"), ("narisara",), _d("2025-03-12"), "เผยแพร่ QR Code แบบวัด EIT ในทุกช่องทางของหน่วยงาน", "O5",
        reported=_d("2025-03-12"), word="เผยแพร่ทางเว็บไซต์ เฟซบุ๊ก และไลน์แล้ว",
    ),
    Order(_d("2025-03-03"), ("aithanya",), _d("2025-03-25"), "เร่งการประเมินความเสี่ยงการรับสินบน แล้วรายงานผล O20", "O19"),
)  # fmt: skip
