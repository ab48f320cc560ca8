"""Everything that is wrong with a plan, at once, where it was pressed."""

import streamlit as st

from ita_core.plan.faults import PlanFaults
from pages.parts import marks


def show(faults: PlanFaults) -> None:
    """One line a fault."""
    st.error("  \n".join(marks.plain(one) for one in faults.faults))
