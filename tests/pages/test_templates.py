"""The templates: what is put into them is text, never HTML; each is one that something draws."""

import ast
import re
from pathlib import Path

import pytest
from jinja2 import Environment, UndefinedError, nodes
from markupsafe import Markup

from ita_core import language
from pages.parts import templates

TEMPLATES = sorted(templates.TEMPLATES.rglob("*.html"))
PYTHON = sorted(Path("pages").rglob("*.py"))
HOME = Path("pages/parts/templates.py")
EVIL = "<script>alert(1)</script>\" onclick='x'"


def named(path: Path) -> str:
    return str(path.relative_to(templates.TEMPLATES))


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_no_template_lets_unescaped_text_through(path: Path):
    source = path.read_text(encoding="utf-8")
    tree = Environment(autoescape=True).parse(source)
    used = {one.name for one in tree.find_all(nodes.Filter)}
    assert used <= {"escape", "format", "join", "length", "unbroken"}
    assert not list(tree.find_all((nodes.MarkSafe, nodes.MarkSafeIfAutoescape, nodes.ScopedEvalContextModifier)))
    assert not re.search(r"\s[\w-]+=\{\{", source), "an attribute without quotes"


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_no_template_has_what_the_policy_forbids(path: Path):
    source = path.read_text(encoding="utf-8").lower()
    assert "<script" not in source
    assert not re.search(r"\son\w+=", source)
    assert "javascript:" not in source


@pytest.mark.parametrize("path", PYTHON, ids=str)
def test_no_python_makes_html(path: Path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            assert not re.search(r"</?[a-z]+[ >]", node.value), f"line {node.lineno}"
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id != "Markup" or path == HOME, f"line {node.lineno}"
        if isinstance(node, ast.AnnAssign):
            assert "Markup" not in ast.unparse(node.annotation), f"line {node.lineno}"


def test_every_template_is_drawn_by_something():
    python = "\n".join(path.read_text(encoding="utf-8") for path in PYTHON)
    drawn = set(re.findall(r'(?:render|show)\(\s*"([\w/]+)"', python))
    drawn |= {f"meeting/{name}" for name in re.findall(r'(?:Part|tables)\("(\w+)"', python)}
    sources = "\n".join(path.read_text(encoding="utf-8") for path in TEMPLATES)
    drawn |= set(re.findall(r'(?:include|import) "([\w/]+)\.html"', sources))
    assert {named(path).removesuffix(".html") for path in TEMPLATES} == drawn


def test_what_is_put_in_is_escaped_in_text_and_attributes():
    drawn = templates.render("link", address=EVIL, text=EVIL)
    assert "<script" not in drawn
    assert drawn.count("&lt;script&gt;") == 2
    assert drawn.count('"') == 4
    assert "'" not in drawn


def test_a_text_whose_days_are_kept_whole_is_escaped_all_the_same():
    drawn = templates.render("clarification", facts=[("<b>", "<i>8 Feb 2025")], against=[], supports=[], judged=[],
                             code="O1")  # fmt: skip
    assert "<dt>&lt;b&gt;</dt><dd>&lt;i&gt;8\u00a0Feb\u00a02025</dd>" in drawn


def test_what_a_template_lacks_is_an_error():
    with pytest.raises(UndefinedError):
        templates.render("link", address="/item")


def test_a_line_s_end_beside_a_tag_is_no_blank():
    drawn = templates.render("received", id=1, name="a b", about="c\n d")
    assert (
        drawn
        == '<div class="ita-lines ita-received" id="received-1" tabindex="-1"><b>a b</b><br><small>c\n d</small></div>'
    )
    source = '<ul>\n  {% for x in "ab" %}\n    <li>{{ x }} y\n    </li>\n  {% endfor %}\n</ul>\n'
    made = Environment(autoescape=True, extensions=[templates.LineBreaks]).from_string(source)
    assert made.render() == "<ul><li>a y</li><li>b y</li></ul>"


def test_the_reader_s_language_is_asked_each_time_it_is_drawn():
    said = []
    for one in ("th", "en"):
        language.use(one)
        said.append(templates.render("past", day="x"))
    language.use("th")
    assert "Back to today" in said[1]
    assert "Back to today" not in said[0]
    assert isinstance(said[0], Markup)
