"""The one module that reaches into Streamlit (1.67): what it offers no public way to ask or to say.

Pages and the rest of the core know nothing of this; `app.py` gives it to the gate. All of it is to be called on the
event loop's thread.
"""

from typing import Any

from google.protobuf.message import DecodeError
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.runtime import Runtime, app_session
from streamlit.runtime.scriptrunner import RerunData, ScriptRunner

from ita_core import turns
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


class OneAtATime(ScriptRunner):
    """Runs a session's script in its turn: the script itself, what is called by a press, and parts of a page."""

    def __init__(self, *args: Any, **named: Any) -> None:
        self._place = turns.Place()
        super().__init__(*args, **named)

    def request_stop(self) -> None:
        super().request_stop()
        turns.leave(self._place)

    def _run_script(self, rerun_data: RerunData) -> None:
        with turns.turn(self._place):
            # The run before this one, told to end, may still be in what its press called, with the session locked; it
            # cannot end without the turn.
            if not self._session_state._lock.acquire(blocking=False):
                with turns.waiting():
                    self._session_state._lock.acquire()
            self._session_state._lock.release()
            super()._run_script(rerun_data)

    def _maybe_handle_execution_control_request(self) -> None:
        super()._maybe_handle_execution_control_request()
        turns.breathe()


def one_at_a_time() -> None:
    """Let all sessions of this process run their scripts in turn. To be called before there is one."""
    app_session.ScriptRunner = OneAtATime  # type: ignore[misc]
