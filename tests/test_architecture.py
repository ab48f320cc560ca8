"""The rules of design.md section 3: dependencies run one way, pure modules stay pure, pages stay thin."""

import ast
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
CORE = sorted(path for path in (ROOT / "ita_core").rglob("*.py") if "migrations" not in path.parts)
PAGES = sorted((ROOT / "pages").rglob("*.py"))
PURE = sorted((ROOT / "ita_core" / "board").glob("*.py")) + [
    ROOT / "ita_core" / name for name in ("access.py", "days.py", "evidence/suggest.py")
]
IMPURE_MODULES = {"sqlmodel", "sqlalchemy", "alembic", "socket", "http", "httpx", "urllib.request", "time", "requests"}
# What pure modules may use of ours: nothing that knows a database, the clock, or the reader's language.
PURE_OURS = {"access", "board", "days", "evidence", "models"}
# The rooms of `ita_core`, from the ground up: a room may use those on the lines before its own, and no other.
FLOORS = [
    {"models", "language", "days", "turns", "former", "waiting"},
    {"errors", "thai", "access", "audit"},
    {"typed", "board", "dump", "charts"},
    {"settings", "seals"},
    {"db", "plan", "privacy"},
    {"evidence", "channels"},
    {"accounts", "links", "proof", "words"},
    {"queries"},
    {"exports", "workflow"},
    {"demo", "start"},
    {"web", "cli"},
]


def imports(path: Path) -> set[str]:
    """Every module a file imports, at its top or inside a function."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def package(module: str) -> str:
    return module.split(".")[0]


@pytest.mark.parametrize("path", CORE, ids=lambda path: str(path.relative_to(ROOT)))
def test_the_core_knows_no_streamlit_and_no_pages(path: Path):
    if path == ROOT / "ita_core" / "web" / "inside.py":  # the one module that reaches into Streamlit, for app.py
        return
    # streamlit-authenticator imports streamlit
    assert not {package(module) for module in imports(path)} & {"streamlit", "streamlit_authenticator", "pages"}


@pytest.mark.parametrize("path", PURE, ids=lambda path: str(path.relative_to(ROOT)))
def test_pure_modules_reach_no_database_clock_or_network(path: Path):
    used = imports(path)
    assert not used & IMPURE_MODULES
    assert rooms_used(path) <= PURE_OURS
    calls = {
        node.func.attr
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    }
    assert not calls & {"now", "today", "utcnow", "monotonic", "perf_counter"}


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_pages_build_no_query(path: Path):
    assert not {package(module) for module in imports(path)} & {"sqlmodel", "sqlalchemy"}


@pytest.mark.parametrize("path", CORE, ids=lambda path: str(path.relative_to(ROOT)))
def test_only_the_engine_and_the_store_know_where_things_lie(path: Path):
    names = {
        node.attr for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Attribute)
    }
    if path.name not in {"db.py", "settings.py"} and "demo" not in path.parts:
        assert "database_url" not in names
    if path.name not in {"store.py", "settings.py"} and "demo" not in path.parts:
        assert not names & {"evidence_url", "cache_folder"}


def room(module: str) -> str:
    """The folder of `ita_core` that a module lies in, or itself where it lies in none."""
    return module.split(".")[1]


def rooms_used(path: Path) -> set[str]:
    """The rooms of `ita_core` that a module imports from, its own among them."""
    names = {room(module) for module in imports(path) if module.startswith("ita_core.")}
    return {name for name in names if any((ROOT / "ita_core").glob(f"{name}*"))}


@pytest.mark.parametrize("path", CORE, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_room_uses_only_what_lies_below_it(path: Path):
    if path == ROOT / "ita_core" / "__init__.py":
        return
    mine = room(".".join(path.relative_to(ROOT).with_suffix("").parts))
    [floor] = [number for number, rooms in enumerate(FLOORS) if mine in rooms]
    assert rooms_used(path) - {mine} <= set().union(*FLOORS[:floor])


def test_every_room_stands_on_one_floor():
    there = {room(".".join(path.relative_to(ROOT).with_suffix("").parts)) for path in CORE} - {"__init__"}
    assert sorted(name for floor in FLOORS for name in floor) == sorted(there)


def test_no_module_is_reached_from_itself():
    """graphlib raises CycleError with the modules of a circle."""
    known = {".".join(path.relative_to(ROOT).with_suffix("").parts): path for path in CORE}
    graph = {name: imports(path) & set(known) - {name} for name, path in known.items()}
    assert len(list(TopologicalSorter(graph).static_order())) == len(known)


@pytest.mark.parametrize("path", [*CORE, *PAGES], ids=lambda path: str(path.relative_to(ROOT)))
def test_nothing_catches_everything_and_no_html_is_let_through(path: Path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.ExceptHandler):
            assert node.type is not None, f"line {node.lineno}"
            assert not (isinstance(node.type, ast.Name) and node.type.id in {"Exception", "BaseException"})
        if isinstance(node, ast.keyword):
            assert node.arg != "unsafe_allow_html"


def test_no_cache_of_streamlit_holds_a_users_data():
    for path in PAGES:
        assert "st.cache_" not in path.read_text(encoding="utf-8"), path.name


def test_importing_the_domain_loads_no_screen():
    """The command and the exports must be quick: pandas, altair and streamlit belong to the screens."""
    import subprocess

    code = "import sys, ita_core.board.progress, ita_core.queries, ita_core.workflow; print('\\n'.join(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT).stdout
    assert not {"streamlit", "pandas", "altair"} & set(loaded.split())


@pytest.mark.parametrize("path", CORE, ids=lambda path: str(path.relative_to(ROOT)))
def test_rows_are_written_by_the_session_which_seals_them(path: Path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    called = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    if path.name not in {"db.py", "dump.py", "comparing.py", "seals.py"}:  # they read, or put back what was sealed
        assert not called & {"connection", "bulk_save_objects", "bulk_insert_mappings", "bulk_update_mappings"}
