"""The empty page, or whatever the product shows."""

import runpy
from pathlib import Path

import streamlit as st

if "empty" in st.query_params:
    st.write("empty")
else:
    runpy.run_path(str(Path(__file__).parents[2] / "pages" / "navigation.py"))
