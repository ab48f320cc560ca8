"""Addresses on the office's website: asked safely (`fetching`), and what their answers say (`reading`, `finding`).

Nothing here knows of items, accounts or rights, and nothing is asked under a lock of the database.
"""
