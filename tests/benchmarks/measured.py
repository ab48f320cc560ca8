"""The product's own server, with empty pages beside its pages, and a note of how long each run of the script took.

Streamlit finds pages beside the script it runs, so the script stands in a copy of their folder.
"""

import shutil
import sys
import tempfile
from pathlib import Path

import streamlit as st

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

import app as product  # noqa: E402

SCRIPT = """
from tests.benchmarks import script

script.run(globals())
"""

pages = Path(tempfile.mkdtemp()) / "pages"
shutil.copytree(ROOT / "pages", pages)
(pages / "measured.py").write_text(SCRIPT, encoding="utf-8")
app = st.App(
    pages / "measured.py",
    routes=product.ROUTES,
    middleware=[product.gate(), product.light()],
    lifespan=product.lifespan,
)
