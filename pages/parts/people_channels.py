"""On People, for the administrator: which channel fails, since when and why; whose address takes nothing."""

import streamlit as st

from ita_core import db, queries, thai
from ita_core.channels import faults
from ita_core.language import _
from ita_core.queries import AccountFacts
from ita_core.words import CHANNELS
from pages.parts import marks


def draw(listed: list[AccountFacts]) -> None:
    """Nothing where everything gets out."""
    with db.reading() as session:
        troubles = queries.list_troubles(session)
        unreachable = queries.list_unreachable(session)
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
