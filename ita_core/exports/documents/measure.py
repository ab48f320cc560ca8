"""O23, the office's measure of a fiscal year: the structure of that of 2568, with the plan in force on a day in it.

What the plan says is put in word for word; what the form itself says stands here. It is Thai like the paper it becomes.
"""

from itertools import groupby
from typing import Any

from ita_core.board.progress import ItemFacts
from ita_core.exports.documents import people
from ita_core.exports.documents.model import (
    BODY,
    TABLE,
    TITLE,
    Align,
    Block,
    Cell,
    Document,
    PageBreak,
    Paragraph,
    Row,
    Run,
    Table,
    band,
    body,
    cell,
    head,
    heading,
    plain,
    signature,
)
from ita_core.exports.documents.plan_words import by_when
from ita_core.exports.documents.words import span_lines
from ita_core.models import ItemKind
from ita_core.queries import Snapshot

TITLE_TEXT = "มาตรการยกระดับคุณธรรมและความโปร่งใสภายในหน่วยงาน"
ITA = "การประเมินคุณธรรมและความโปร่งใสในการดำเนินงานของหน่วยงานภาครัฐ (Integrity and Transparency Assessment: ITA)"
MISSION = "บทบาทและภารกิจ"  # how a part of the plan's `about` begins that has its place among the measures
SIGNED = "ลงนามโดย"
_TARGETS, _SIGNS = "กลุ่มเป้าหมาย:", "ตัวชี้วัด"

# What is said of each instrument before the plan's own measures for it.
_INSTRUMENTS = {
    "IIT": (
        "การเก็บรวบรวมข้อมูลแบบวัดการรับรู้ของผู้มีส่วนได้ส่วนเสียภายใน (Internal Integrity and Transparency Assessment: IIT)",
        "ได้คะแนนการประเมินวัดการรับรู้ของผู้มีส่วนได้ส่วนเสียภายใน (IIT)",
    ),
    "EIT": (
        "การเก็บรวบรวมข้อมูลแบบวัดการรับรู้ของผู้มีส่วนได้ส่วนเสียภายนอก (External Integrity and Transparency Assessment: EIT)",
        "ได้คะแนนการประเมินวัดการรับรู้ของผู้มีส่วนได้ส่วนเสียภายนอก (EIT)",
    ),
    "OIT": (
        "การเปิดเผยข้อมูลสาธารณะ (Open Data Integrity and Transparency Assessment: OIT)",
        "ได้คะแนนการเปิดเผยข้อมูลสาธารณะ (OIT)",
    ),
}
# The second of the three parts in which measures are set, where the plan has nothing to list.
_DISCLOSURE = (
    "การกำหนดเจ้าภาพ/ผู้รับผิดชอบ",
    "การจัดทำเว็บไซต์/ปรับปรุงข้อมูลให้เป็นปัจจุบัน",
    "การจัดทำข้อมูลสาธารณะตามเกณฑ์การประเมินและข้อมูลที่เกี่ยวข้องต่าง ๆ",
    "การกำกับติดตามการเผยแพร่ข้อมูลสาธารณะอย่างต่อเนื่อง",
)
_SERVICE_HEAD = head("ด้าน", "ประเด็นที่ต้องปรับปรุง/ยกระดับการพัฒนา", "ผู้รับผิดชอบ")
_HEAD = head("ด้าน", "ประเด็นที่ต้องยกระดับการพัฒนา/ดำเนินการ", "ผู้รับผิดชอบ")
_WIDTHS = (3.6, 7.0, 5.4)


def measure(snapshot: Snapshot) -> Document:
    """The measure by the plan in force on the snapshot's day."""
    plan, year = snapshot.plan.plan, snapshot.plan.plan.fiscal_year
    made = _Measure(snapshot)
    parts = (made.cover, made.opening, made.first, made.second, made.third, made.calendar, made.end)
    blocks = [block for part in parts for block in part()]
    return Document(f"{TITLE_TEXT} ประจำปีงบประมาณ พ.ศ. {year}", plan.office.name, tuple(blocks))


class _Measure:
    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self.plan, self.framework = snapshot.plan.plan, snapshot.plan.framework
        self.office, self.year = self.plan.office.name, self.plan.fiscal_year
        self.ending = f"ประจำปีงบประมาณ พ.ศ. {self.year}"
        self.about = [part.strip() for part in self.plan.about.split("\n\n") if part.strip()]

    def cover(self) -> list[Block]:
        lines = ("Integrity and Transparency Assessment", TITLE_TEXT, self.ending, self.office)
        how: dict[str, Any] = {"align": Align.center, "size": TITLE + 6}
        first, *others = (Run(line, bold=True) for line in lines)
        return [
            Paragraph((first,), space=150.0, **how),
            *(Paragraph((run,), space=18.0, **how) for run in others),
            PageBreak(),
        ]

    def opening(self) -> list[Block]:
        about = self.about[0].split("\n")[0] if self.about else ""
        title = about if about.startswith(TITLE_TEXT) else f"{TITLE_TEXT} {self.ending} ของ{self.office}"
        return [
            heading(title, align=Align.center, size=BODY + 2),
            body(
                f"ตามที่ {self.office} เข้าร่วมการประเมินคุณธรรมและความโปร่งใสในการดำเนินงานของหน่วยงานภาครัฐ "
                "โดยใช้แนวทางและเครื่องมือการประเมินตามที่สำนักงานคณะกรรมการป้องกันและปราบปรามการทุจริตแห่งชาติกำหนด "
                "โดยมุ่งหวังให้หน่วยงานภาครัฐที่เข้ารับการประเมินได้ทราบระดับคุณธรรมและความโปร่งใสของหน่วยงาน "
                "และทำให้หน่วยงานหันมาให้ความสำคัญกับการกำกับดูแลการดำเนินงานให้มีคุณธรรม ทั้งการบริหารงานภายในหน่วยงาน "
                "และการดำเนินงานตามภารกิจของหน่วยงานให้เกิดประโยชน์สูงสุดต่อผู้มารับบริการ ประชาชน และสังคม "
                "รวมไปถึงกระตุ้นให้หน่วยงานภาครัฐ ให้ความสำคัญต่อข้อมูลต่าง ๆ ที่จะต้องมีการเปิดเผยต่อสาธารณชน" + self._last_total()
            ),
            body(f"ทั้งนี้ {self.office} ดำเนินการเตรียมความพร้อมรับ{ITA} ของตรวจคนเข้าเมืองจังหวัด {self.ending} รายละเอียดดังนี้"),
        ]

    def _last_total(self) -> str:
        if not self.plan.scores:
            return ""
        last = max(self.plan.scores, key=lambda one: one.fiscal_year)
        return (
            f" โดยผลการประเมินระดับคุณธรรมและความโปร่งใสในการดำเนินงานของหน่วยงานภาครัฐ "
            f"(Integrity and Transparency Assessment: ITA) ของ{self.office} ประจำปีงบประมาณ พ.ศ. {last.fiscal_year} "
            f"ได้คะแนนเฉลี่ยภาพรวมเท่ากับ {last.total:.2f} คะแนน"
        )

    def first(self) -> list[Block]:
        """The order and the meeting, as the plan's `about` tells them, and what was given to do for each instrument."""
        told = [part for part in self.about[1:] if not part.startswith(MISSION)]
        blocks: list[Block] = [
            heading(f"1. การชี้แจงและให้ข้อมูลเกี่ยวกับ{ITA} ของตรวจคนเข้าเมืองจังหวัด {self.ending} แก่ข้าราชการตำรวจในสังกัด"),
            body(
                "เพื่อให้การดำเนินการประเมินคุณธรรมและความโปร่งใสในการดำเนินงานเป็นไปด้วยความเรียบร้อยบรรลุตามเป้าหมายที่กำหนดไว้ "
                f"{self.office} จึงได้ดำเนินการ ดังนี้"
            ),
            *(body(part) for part in told),
            body("มีองค์ประกอบที่สำคัญอยู่ 3 ประเด็น ได้แก่"),
        ]
        last = max(self.plan.scores, key=lambda one: one.fiscal_year) if self.plan.scores else None
        for number, (code, instrument) in enumerate(self.framework.instruments.items(), 1):
            what, scored = _INSTRUMENTS.get(code, (f"{instrument.title} ({code})", f"ได้คะแนน ({code})"))
            score = last.instruments.get(code) if last else None
            before = f" ในปีงบประมาณ พ.ศ. {last.fiscal_year} {scored} {score:.2f} คะแนน" if last and score else ""
            blocks.append(body(f"{number}. {what}{before} เพื่อปรับปรุงการดำเนินงานให้มีผลการประเมินที่ดียิ่งขึ้นมอบหมายดำเนินการ ดังนี้"))
            told_here = [item for item in self._of(ItemKind.preparation) if item.instrument == code]
            blocks += [plain(f"- {item.demand}", first=FIRST_OF_LIST, space=3.0) for item in told_here]
        return blocks

    def second(self) -> list[Block]:
        rows: list[Row] = []
        for code, instrument in self.framework.instruments.items():
            rows.append(band(instrument.title, 2))
            rows += [
                (cell(f"{number}. {one.title}"), cell(*one.improve.split("\n")))
                for number, one in self.framework.indicators.items()
                if one.instrument == code
            ]
        return [
            heading("2. การศึกษาและวิเคราะห์กรอบการประเมิน และประเด็นที่ตรวจคนเข้าเมืองจังหวัดต้องปรับปรุงและยกระดับการพัฒนา"),
            body(
                f"{self.office} ได้ดำเนินการศึกษาและวิเคราะห์กรอบการประเมิน และประเด็นที่ตรวจคนเข้าเมืองจังหวัด"
                f"ต้องปรับปรุงและพัฒนาโดยเร่งด่วน ในการเตรียมความพร้อมรับ{ITA} ของตรวจคนเข้าเมืองจังหวัด {self.ending} "
                "รายละเอียดดังนี้"
            ),
            Table((4.0, 12.0), head("ตัวชี้วัดการประเมิน ITA", "ประเด็นที่ต้องปรับปรุงและยกระดับพัฒนา"), tuple(rows)),
        ]

    def third(self) -> list[Block]:
        service = self._of(ItemKind.service)
        guide = f"การพัฒนาระดับการให้บริการ (One Stop Service) เพื่ออำนวยความสะดวกประชาชนที่มาใช้บริการโดย{self.office}"
        guide += " ดำเนินการปรับปรุงพัฒนาหน่วยงาน ดังต่อไปนี้"
        told = "การสื่อสาร บทบาทภารกิจและผลการปฏิบัติงานให้กับผู้มารับบริการได้รับทราบ"
        oit = "ยกระดับการเผยแพร่ข้อมูลสาธารณะ (OIT) ตามแบบตรวจการเปิดเผยข้อมูลสาธารณะ"
        return [
            heading(f"3. การกำหนดมาตรการ/กิจกรรม ในการเตรียมความพร้อมรับ{ITA} ของตรวจคนเข้าเมืองจังหวัด {self.ending}"),
            body(
                f"{self.office} ได้ดำเนินการกำหนดมาตรการ/กิจกรรม ในการเตรียมความพร้อมรับ{ITA} ของตรวจคนเข้าเมืองจังหวัด "
                f"{self.ending} ทั้งด้านระบบงานพฤติกรรมและวัฒนธรรมของผู้ปฏิบัติงาน"
                "การสื่อสารสร้างการรับรู้ต่อผู้มีส่วนได้ส่วนเสียภายในและผู้มีส่วนได้ส่วนเสียภายนอก แยกตามตัวชี้วัด "
                "และกำหนดแนวทางยกระดับและความโปร่งใสภายในหน่วยงาน 3 ด้าน ดังต่อไปนี้"
            ),
            body(f"1. {guide}"),
            *(plain(f"{item.code} {item.title}", indent=FIRST_OF_LIST) for item in service),
            body(f"2. {told}"),
            body(f"3. {oit}"),
            *(plain(f"3.{number} {line}", indent=FIRST_OF_LIST) for number, line in enumerate(_DISCLOSURE, 1)),
            PageBreak(),
            heading("แนวทางการยกระดับคุณธรรมและความโปร่งใสภายในหน่วยงาน", align=Align.center, size=BODY + 2),
            heading(f"1. {guide}", 2),
            Table(
                _WIDTHS, _SERVICE_HEAD,
                tuple(self._row(item, f"- {item.title}", people.CONTROLS) for item in service),
            ),
            heading(f"2. {told}", 2),
            *self._communication(),
            *self._mission(),
            heading(f"3. {oit}", 2),
            heading("★ การจัดทำ OIT", 3),
            Table(_WIDTHS, _HEAD, tuple(self._disclosed(item) for item in self._of(ItemKind.oit))),
            heading("★ การจัดทำเว็บไซต์/ปรับปรุงข้อมูลให้เป็นปัจจุบัน", 3),
            Table(_WIDTHS, _HEAD, tuple(self._row(item, item.title) for item in self._of(ItemKind.website))),
            heading("★ การกำกับติดตาม การเผยแพร่ข้อมูลสาธารณะ", 3),
            Table(_WIDTHS, _HEAD, tuple(self._row(item, item.title) for item in self._of(ItemKind.supervision))),
        ]  # fmt: skip

    def _of(self, kind: ItemKind) -> list[ItemFacts]:
        return [item for item in self.snapshot.items if item.kind is kind]

    def _row(self, item: ItemFacts, title: str, checks: str = people.CHECKS, last: str = "") -> Row:
        who = [*people.of_item(self.snapshot, item.id, checks), *([_small(last)] if last else [])]
        return cell(title), _demand(item.demand), Cell(tuple(who or [_small(item.nobody)]))

    def _disclosed(self, item: ItemFacts) -> Row:
        return self._row(item, f"{item.code} {item.title}", last=by_when(self.plan, item))

    def _communication(self) -> list[Block]:
        """One row for all that is told to the same people, by the same signs of success."""
        rows: list[Row] = []
        told = self._of(ItemKind.communication)
        for note, group in groupby(told, key=lambda item: item.requirements[0].note if item.requirements else ""):
            lines = [line.strip() for line in note.split("\n") if line.strip()]
            whom = [line.removeprefix(_TARGETS).strip() for line in lines if line.startswith(_TARGETS)]
            signs = [line for line in lines if not line.startswith(_TARGETS) and line != _SIGNS]
            rows.append((cell(*whom), cell(*(f"- {item.demand}" for item in group)), cell(*signs)))
        return [Table((3.0, 7.5, 5.5), head("กลุ่มเป้าหมาย", "ประเด็นสำคัญ", "ตัวชี้วัด"), tuple(rows))]

    def _mission(self) -> list[Block]:
        blocks: list[Block] = []
        for part in self.about:
            if part.startswith(MISSION):
                first, *lines = part.split("\n")
                blocks += [heading(first, 2), *(body(line.strip()) for line in lines)]
        return blocks

    def calendar(self) -> list[Block]:
        rows: list[Row] = []
        phases = {phase.title: phase.steps for phase in self.plan.calendar(self.framework)}
        for title, steps in groupby(self.snapshot.steps, key=lambda step: step.phase):
            rows.append(band(title, 5))
            for step in steps:
                nobody = self.plan.steps[step.position].nobody
                who = people.of_step(step.supervisors, step.preparers) or [_small(nobody)]
                rows.append(
                    (
                        cell(phases[title][step.position].row, align=Align.center),
                        cell(*span_lines(step.starts, step.ends)),
                        cell(step.title), cell(*step.work.split("\n")), Cell(tuple(who)),
                    )
                )  # fmt: skip
        columns = head("ที่", "ช่วงระยะเวลา", "ขั้นตอน", "การดำเนินงาน", "ผู้รับผิดชอบ")
        return [
            PageBreak(),
            heading(f"กรอบระยะเวลาการดำเนินงาน {self.ending}", 2, align=Align.center),
            Table((0.8, 3.4, 2.4, 4.7, 4.7), columns, tuple(rows)),
        ]

    def end(self) -> list[Block]:
        """Who signs: the officer whom the plan's `about` says to have signed, in its words; else a place for it."""
        signed = next((line for part in self.about for line in part.split("\n") if line.startswith(SIGNED)), "")
        for officer in self.plan.officers.values():
            if officer.name in signed:
                rank, post = signed.removeprefix(SIGNED).split(officer.name, 1)
                return signature(rank.strip(), officer.name, post.strip())
        return signature("", "", f"หัวหน้าหน่วยงาน {self.office}")


FIRST_OF_LIST = 3.0  # cm


def _small(text: str) -> Paragraph:
    return plain(text, size=TABLE)


def _demand(text: str) -> Cell:
    """A demand's lines, those below another drawn in as the plan has them."""
    lines = [line for line in text.split("\n") if line.strip()]
    return Cell(
        tuple(plain(line.strip(), size=TABLE, indent=0.25 * (len(line) - len(line.lstrip()))) for line in lines)
    )
