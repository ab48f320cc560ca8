"""ASGI around Streamlit: the gate that every request passes, and routes of our own."""
