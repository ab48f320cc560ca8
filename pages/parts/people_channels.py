"""On People, for the administrator: which channel fails or is not set up, and why; whose address takes nothing."""

import streamlit as st

from ita_core import db, queries, thai
from ita_core.channels import faults, line, mail
from ita_core.language import _
from ita_core.models import Channel
from ita_core.queries import AccountFacts
from ita_core.words import CHANNELS
from pages.parts import marks

PLACE, CHAPTER = "docs/running.md", "E-mail and LINE"  # beside the program: nothing that a browser could open


def draw(listed: list[AccountFacts]) -> None:
    """Nothing where everything is set up and gets out."""
    with db.reading() as session:
        troubles = queries.list_troubles(session)
        unreachable = queries.list_unreachable(session, troubles)
    for one in troubles:
        says = _("{channel}: since {moment} nothing gets out, {number} messages so far. {why}").format(
            channel=_(CHANNELS[one.channel]), moment=thai.moment_text(one.since), number=one.failures,
            why=faults.sentence(one.fault),
        )  # fmt: skip
        st.error(marks.plain(says))
    names = [f"{one.name} ({_(CHANNELS[told.channel])})" for one in listed for told in unreachable.get(one.id, ())]
    if names:
        says = _("Messages to these people come back; they see it on “My account”: {names}")
        st.warning(marks.plain(says.format(names=", ".join(names))))
    lacking = {Channel.mail: mail.missing(), Channel.line: line.missing()}
    not_set_up = [f"{_(CHANNELS[one])}: {', '.join(names)}" for one, names in lacking.items() if names]
    if not_set_up:  # a normal state, and no fault: one quiet line
        says = _("Not set up on this server, so nobody is told by it · {channels} · How: {place}, “{chapter}”")
        st.caption(marks.plain(says.format(channels=" · ".join(not_set_up), place=PLACE, chapter=CHAPTER)))
