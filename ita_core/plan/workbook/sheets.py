"""The workbook's sheets and columns: what stands where, in whose words, and what a secretary is told about it.

Titles and headings are Thai in every language: the workbook is a Thai document, and they are how it is read again. A
sheet is also found under another title, by the hidden name `ita_KEY` that the workbook gives it.
"""

from dataclasses import dataclass, field
from enum import Enum

HEADINGS, HELP, FIRST = 1, 2, 3  # rows
MOST_ROWS, MOST_COLUMNS = 10_000, 60
YES, NO = "ใช่", "ไม่ใช่"
ANSWERS = {"true": YES, "false": NO}

KINDS = {"officers": "ข้าราชการตำรวจ", "posts": "ตำแหน่ง", "teams": "คณะ/สายงาน"}
PARTS = {"supervise": "ควบคุม", "prepare": "จัดทำ"}
CADENCES = {"once": "ครั้งเดียว", "monthly": "รายเดือน", "continuous": "ต่อเนื่อง"}
FORMATS = {"pdf": "PDF", "word": "Word", "excel": "Excel", "image": "รูปภาพ"}
LANGUAGES = {"th": "ภาษาไทย", "en": "ภาษาอังกฤษ", "foreign": "ภาษาต่างประเทศ"}
MEASURES = {
    "service": "การให้บริการ One Stop Service",
    "communication": "การสื่อสาร",
    "website": "เว็บไซต์",
    "supervision": "การกำกับติดตาม",
    "preparation": "การเตรียมความพร้อม",
}


# What shows a step done; of an item's evidence the code follows: หลักฐานครบ S1.
SIGNS = {
    "items_filed": "ลงระบบ ITAP ครบทุกข้อ",
    "iit_minimum": "ผู้ตอบ IIT ครบขั้นต่ำ",
    "eit_minimum": "ผู้ตอบ EIT ครบขั้นต่ำ",
    "meeting_held": "ประชุมแล้ว",
    "scores_announced": "บันทึกคะแนนที่ประกาศแล้ว",
    "stakeholders_listed": "นำเข้ารายชื่อ EIT (2) แล้ว",
}
SIGN_OF_ITEM = "หลักฐานครบ"


class Kind(Enum):
    """What a cell of a column holds."""

    text = "text"
    code = "code"  # text that Excel likes to take for a number
    number = "number"
    day = "day"


@dataclass(frozen=True)
class Column:
    """One column; `choices` names a list of the sheet of choices, or "people"."""

    key: str
    heading: str
    help: str
    width: int
    kind: Kind = Kind.text
    choices: str = ""
    only: bool = True  # nothing but what is to choose
    told: bool = False  # to be seen, not to be changed: it is not read
    many: bool = False  # several columns, numbered
    younger: bool = False  # a workbook from before there was such a column is read without it


@dataclass(frozen=True)
class Sheet:
    """One sheet; `frozen` are the columns that stay when it is moved sideways."""

    key: str
    title: str
    columns: tuple[Column, ...]
    frozen: int = 1
    filtered: bool = True
    days: tuple[str, ...] = field(default=())  # columns where weekends and holidays show
    lately: bool = False  # workbooks that were exported before it was added lack it: what is there stays then


_REQUIREMENT = (
    Column("requirement", "รหัสองค์ประกอบ", "ห้ามเปลี่ยนของเดิม แถวใหม่เว้นว่างได้", 18, Kind.code),
    Column("name", "องค์ประกอบ", "สิ่งที่ต้องแสดง", 42),
    Column("note", "คำอธิบาย", "เว้นว่างได้", 42),
    Column("cadence", "รอบการรายงาน", "เลือกจากรายการ เว้นว่าง = ตามข้อ", 14, choices="cadences"),
    Column("periods", "เดือนที่รายงาน", "เช่น ต.ค. 2567 – มี.ค. 2568 เฉพาะรายเดือน", 26),
    Column("formats", "รูปแบบไฟล์", "คั่นด้วยจุลภาค เว้นว่าง = รูปแบบใดก็ได้", 16, choices="formats", only=False),
    Column("languages", "ภาษา", "คั่นด้วยจุลภาค", 22, choices="languages", only=False),
    Column("minimum", "จำนวนอย่างน้อย", "เว้นว่าง = 1", 10, Kind.number),
    Column("nil", "ไม่มีให้รายงานได้", "ใช่ = ตอบว่า “ไม่มี” ได้", 12, choices="answers"),
)

OFFICE = Sheet("office", "หน่วยงาน", (
    Column("what", "รายการ", "ห้ามแก้ไขคอลัมน์นี้", 26),
    Column("value", "ข้อมูล", "กรอกที่นี่", 80),
    Column("told", "คำแนะนำ", "ดูประกอบ ไม่ต้องกรอก", 50, told=True),
), filtered=False)  # fmt: skip
# Rows of the sheet of the office: key, what it is called, what is told, and what its cell holds.
OFFICE_ROWS = (
    ("plan", "รหัสแผน", "อักษรอังกฤษตัวเล็ก ตัวเลข และขีด", Kind.code),
    ("framework", "รหัสกรอบการประเมิน", "ห้ามเปลี่ยน: กรอบอยู่ในระบบ", Kind.code),
    ("fiscal_year", "ปีงบประมาณ", "พ.ศ. เช่น 2568", Kind.number),
    ("code", "รหัสหน่วยงาน", "อักษรอังกฤษตัวเล็ก ตัวเลข และขีด", Kind.code),
    ("name", "ชื่อหน่วยงาน", "", Kind.text),
    ("short", "ชื่อย่อ", "", Kind.text),
    ("website", "เว็บไซต์", "เว้นว่างได้", Kind.text),
    ("target", "เป้าหมายคะแนน", "0–100", Kind.number),
    ("about", "เกี่ยวกับแผน", "ขึ้นบรรทัดใหม่ด้วย Alt+Enter", Kind.text),
)

PEOPLE = Sheet("people", "บุคคล", (
    Column("key", "รหัส", "ห้ามเปลี่ยนของเดิม คนใหม่เว้นว่างได้", 18, Kind.code),
    Column("kind", "ประเภท", "เลือกจากรายการ", 20, choices="kinds"),
    Column("rank", "ยศ", "เฉพาะข้าราชการตำรวจ", 14, choices="ranks", only=False),
    Column("name", "ชื่อ", "ชื่อเดียวกันซ้ำไม่ได้", 34),
    Column("title", "ตำแหน่ง", "เว้นว่างได้", 34),
    Column("since", "ยศและชื่อนี้ตั้งแต่", "วันที่ เว้นว่างได้", 18, Kind.day),
    Column("aliases", "ชื่ออื่นที่พบ", "บรรทัดละชื่อ (Alt+Enter)", 34),
    Column("members", "สมาชิก", "เฉพาะตำแหน่ง/คณะ บรรทัดละชื่อ", 34, choices="people", only=False),
    Column("confirm", "รอยืนยันชื่อ", "ใช่ = ผู้ดูแลต้องยืนยัน", 12, choices="answers"),
), frozen=4)  # fmt: skip

ITEMS = Sheet("items", "ข้อและองค์ประกอบ", (
    Column("item", "ข้อ", "O1–O24 แถวละหนึ่งองค์ประกอบ", 14, Kind.code),
    Column("title", "ชื่อข้อ", "แก้แถวเดียวก็พอ", 34),
    *_REQUIREMENT,
    Column("own", "ของหน่วยงาน", "ดูประกอบ: ต่างจากกรอบการประเมิน", 18, told=True),
), frozen=2)  # fmt: skip
OWN = "หน่วยงานกำหนดเอง"

DUTIES = Sheet("duties", "หน้าที่", (
    Column("item", "ข้อ", "รหัสข้อหรือมาตรการ แถวละหนึ่งคน", 14, Kind.code),
    Column("title", "ชื่อข้อ", "ดูประกอบ ไม่ต้องกรอก", 44, told=True),
    Column("part", "หน้าที่", "เลือกจากรายการ", 16, choices="parts"),
    Column("who", "ผู้รับผิดชอบ", "เลือกจากแผ่นงาน “บุคคล”", 36, choices="people"),
    Column("task", "งานที่ทำ", "คำในเอกสาร เว้นว่างได้", 24),
    Column("nobody", "เหตุที่ไม่มีผู้รับผิดชอบ", "กรอกเมื่อไม่มีผู้ควบคุมหรือผู้จัดทำ", 46),
), frozen=2)  # fmt: skip

DEADLINES = Sheet("deadlines", "กำหนดส่ง", (
    Column("item", "ข้อ", "รหัสข้อหรือมาตรการ", 14, Kind.code),
    Column("title", "ชื่อข้อ", "ดูประกอบ ไม่ต้องกรอก", 50, told=True),
    Column("period", "เดือนที่รายงาน", "เว้นว่าง = ไม่ใช่รายเดือน", 18),
    Column("due", "กำหนดส่ง", "วันที่ เว้นว่าง = ตามแผนเดิม สีส้ม = วันหยุด", 22, Kind.day),
), frozen=2, days=("due",))  # fmt: skip

MEASURES_SHEET = Sheet("measures", "มาตรการ", (
    Column("item", "รหัสมาตรการ", "เช่น P1 หรือ 1.4", 12, Kind.code),
    Column("kind", "ประเภท", "เลือกจากรายการ", 20, choices="measures"),
    Column("instrument", "เครื่องมือ", "เลือกจากรายการ เว้นว่างได้", 12, choices="instruments"),
    Column("title", "มาตรการ", "แถวแรกของมาตรการก็พอ", 42),
    Column("demand", "รายละเอียด", "แถวแรกของมาตรการก็พอ", 60),
    *_REQUIREMENT,
), frozen=1)  # fmt: skip

CALENDAR = Sheet("calendar", "ปฏิทิน", (
    Column("phase", "ช่วง", "ขั้นตอนที่อยู่ช่วงเดียวกันใช้ชื่อเดียวกัน", 26),
    Column("number", "ขั้นตอนที่", "1, 2, 3 … ตลอดปี", 9, Kind.number),
    Column("row", "ลำดับในเอกสาร", "เว้นว่างได้", 10, Kind.code),
    Column("instrument", "เครื่องมือ", "เว้นว่างได้", 12, choices="instruments"),
    Column("starts", "เริ่ม", "วันที่", 18, Kind.day),
    Column("ends", "สิ้นสุด", "วันที่", 18, Kind.day),
    Column("title", "ขั้นตอน", "", 42),
    Column("work", "รายละเอียด", "", 60),
    Column("supervise", "ผู้ควบคุม", "ชื่อ หรือ ชื่อ (งานที่ทำ)", 32, choices="people", only=False, many=True),
    Column("prepare", "ผู้จัดทำ", "ชื่อ หรือ ชื่อ (งานที่ทำ)", 32, choices="people", only=False, many=True),
    Column("nobody", "เหตุที่ไม่มีผู้รับผิดชอบ", "กรอกเมื่อไม่มีผู้ควบคุมหรือผู้จัดทำ", 40),
    Column("shown_by", "ถือว่าเสร็จเมื่อ", "เลือก หรือ “หลักฐานครบ” ตามด้วยรหัสข้อ เว้นว่าง = บันทึกด้วยตนเอง", 32,
           choices="signs", only=False, younger=True),
), frozen=2, days=("starts", "ends"))  # fmt: skip

FIGURES = Sheet("figures", "การคาดการณ์", (
    Column("group", "หมวด", "ห้ามแก้ไขคอลัมน์นี้", 30),
    Column("what", "รายการ", "ห้ามแก้ไขคอลัมน์นี้", 44),
    Column("value", "ค่าที่สมมติ", "ตัวเลข 0–100 กรอกที่นี่", 16, Kind.number),
    Column("source", "ที่มา", "แถวแรกของหมวด เว้นว่างได้", 70),
), frozen=2, lately=True)  # fmt: skip
# What its groups and values are called.
GROUPS = {
    "weights": "น้ำหนักของเครื่องมือ (ร้อยละ)",
    "levels": "เกณฑ์ของระดับผลการประเมิน",
    "stages": "คะแนนของข้อตามขั้นที่ทำถึง",
    "left": "คะแนนที่เหลือเมื่อปิดระบบโดยยังไม่ลง ITAP",
    "bands": "ความคลาดเคลื่อนจากปีก่อน (บวกลบ)",
}
STAGES = {
    "not_started": "ยังไม่เริ่ม",
    "preparing": "กำลังจัดทำ",
    "in_review": "ส่งครบ รอตรวจ",
    "complete": "ครบถ้วน",
    "approved": "อนุมัติแล้ว",
    "published": "เผยแพร่แล้ว",
    "filed": "ลงระบบ ITAP แล้ว",
}
ENDS = {
    "low": "อย่างน้อย",
    "likely": "น่าจะได้",
    "high": "อย่างมาก",
    "total_min": "คะแนนรวมอย่างน้อย",
    "each_min": "ทุกเครื่องมืออย่างน้อย",
}

SHEETS = (OFFICE, PEOPLE, ITEMS, DUTIES, DEADLINES, MEASURES_SHEET, CALENDAR, FIGURES)
CHOICES = "ตัวเลือก"  # the sheet of what can be chosen; it is not read


def defined(sheet: Sheet) -> str:
    """The hidden name by which a sheet is found under another title."""
    return f"ita_{sheet.key}"
