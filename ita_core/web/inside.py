"""The one module that reaches into Streamlit (1.67): what it offers no public way to ask or to say.

Pages and the rest of the core know nothing of this; `app.py` gives it to the gate. All of it is to be called on the
event loop's thread.
"""

from google.protobuf.message import DecodeError
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.runtime import Runtime

from ita_core.web.gate import LONGEST_QUERY, USER_KEY

# What our pages' browsers send. Not among it: `load_git_info`, which answers anybody with names of files here;
# `clear_cache` and `set_run_on_save`, the developer's menu; `file_urls_request`, Streamlit's own uploads;
# `backend_operation_request`, elements that no page of ours has; the `debug_…` of its own tests.
WANTED = frozenset({"rerun_script", "stop_script", "app_heartbeat"})


def owner_of(session_id: str) -> str | None:
    """The sign-in to which a Streamlit session belongs; None where there is no such session."""
    if not Runtime.exists():
        return None
    found = Runtime.instance()._session_mgr.get_session_info(session_id)
    owner = found.session._user_info.get(USER_KEY) if found else None
    return str(owner) if owner else None


def close(owner: str) -> None:
    """Shut down this owner's sessions for good: they are not put among those that wait for their browser."""
    if not Runtime.exists():
        return
    runtime = Runtime.instance()
    for found in runtime._session_mgr.list_sessions():
        if found.session._user_info.get(USER_KEY) == owner:
            runtime.close_session(found.session.id)


def is_wanted(message: bytes) -> bool:
    """Whether a page of ours sends such a message.

    Raises ValueError for what is no message at all, or names more than an address of ours.
    """
    read = BackMsg()
    try:
        read.ParseFromString(message)
    except DecodeError:
        raise ValueError("no message of Streamlit's") from None
    if len(read.rerun_script.query_string.encode()) > LONGEST_QUERY:
        raise ValueError("no address of ours")
    return read.WhichOneof("type") in WANTED
