"""The product's own server with one more page that draws nothing, to measure against: `?empty=1`."""

from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware

import app as product

app = st.App(
    Path(__file__).with_name("script.py"),
    routes=[*product.routes.routes(), *product.downloads.routes()],
    middleware=[Middleware(product.Gate, owner_of=product.owner_of, script_hashes=product.inline_script_hashes())],
    lifespan=product.lifespan,
)
