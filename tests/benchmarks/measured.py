"""The product's own server, with an empty page beside its pages to measure against: `?empty=1`.

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
import runpy
import streamlit as st

if "empty" in st.query_params:
    st.title("empty")
else:
    runpy.run_path(__file__.replace("measured", "navigation"), run_name="__main__")
"""

pages = Path(tempfile.mkdtemp()) / "pages"
shutil.copytree(ROOT / "pages", pages)
(pages / "measured.py").write_text(SCRIPT, encoding="utf-8")
app = st.App(
    pages / "measured.py",
    routes=[*product.routes.routes(), *product.downloads.routes()],
    middleware=[product.gate()],
    lifespan=product.lifespan,
)
