"""The one module that reaches into Streamlit and streamlit-authenticator: what they offer no public way to ask or say.

Everything of theirs that is used without being promised stands in PARTS, or is looked for where it is changed (`page`,
TEST_IDS); `check` goes through it at the start and says what is gone. Pages ask it who is here and for the sign-in
form; `app.py` gives the sessions to the gate, whose questions are asked on the event loop's thread.
"""

import importlib
import inspect
import logging
import re
import threading
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit
from google.protobuf.message import DecodeError, Message
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.runtime import Runtime, app_session
from streamlit.runtime.scriptrunner import RerunData, ScriptRunner, get_script_run_ctx

from ita_core import turns
from ita_core.errors import Refused
from ita_core.language import N_
from ita_core.web.gate import LONGEST_QUERY, USER_KEY

logging.disable(logging.WARNING)  # it looks for a session of somebody's while it is imported: here, for sign_in.py
import streamlit_authenticator.models  # noqa: E402, F401

logging.disable(logging.NOTSET)

# What our pages' browsers send. Not among it: `load_git_info`, which answers anybody with names of files here;
# `clear_cache` and `set_run_on_save`, the developer's menu; `file_urls_request`, Streamlit's own uploads;
# `backend_operation_request`, elements that no page of ours has; the `debug_…` of its own tests.
WANTED = frozenset({"rerun_script", "stop_script", "app_heartbeat"})
GATHERED = 0.03  # seconds that what a script draws is gathered before it is sent: most runs end before

# "module: what of it": a name, the arguments that a function must take, or the names that its code must use, for what
# is set by an `__init__` or looked up where we put ours. With what it is for.
PARTS = {
    "streamlit.runtime:Runtime.exists": "the sessions",
    "streamlit.runtime:Runtime.instance": "the sessions",
    "streamlit.runtime:Runtime.close_session(session_id)": "ending the sessions of who signed out",
    "streamlit.runtime:Runtime.__init__[_session_mgr]": "the sessions",
    "streamlit.runtime.websocket_session_manager:WebsocketSessionManager.list_sessions": "the sessions",
    "streamlit.runtime.websocket_session_manager:WebsocketSessionManager.get_session_info": "the sessions",
    "streamlit.runtime.app_session:AppSession.__init__[_user_info,_event_loop]": "whose a session is",
    "streamlit.runtime.app_session:AppSession._create_scriptrunner[ScriptRunner]": "one script at a time",
    "streamlit.runtime.app_session:AppSession._call_soon_on_event_loop(callback)": "what is drawn, sent together",
    "streamlit.runtime.app_session:AppSession._on_scriptrunner_event[_call_soon_on_event_loop]":
        "what is drawn, sent together",
    "streamlit.runtime.app_session:AppSession._create_new_session_message[_populate_theme_msg,_populate_config_msg]":
        "light runs",
    "streamlit.runtime.app_session:_populate_theme_msg(msg,section)": "light runs",
    "streamlit.runtime.app_session:_populate_config_msg(msg)": "light runs",
    "streamlit.runtime.scriptrunner:ScriptRunner.__init__[_session_state]": "one script at a time",
    "streamlit.runtime.scriptrunner:ScriptRunner._run_script(rerun_data)": "one script at a time",
    "streamlit.runtime.scriptrunner:ScriptRunner._run_script_thread[_run_script]": "one script at a time",
    "streamlit.runtime.scriptrunner:ScriptRunner._enqueue_forward_msg[_maybe_handle_execution_control_request]":
        "one script at a time",
    "streamlit.runtime.scriptrunner:ScriptRunner._maybe_handle_execution_control_request()": "one script at a time",
    "streamlit.runtime.scriptrunner:ScriptRunner.request_stop()": "one script at a time",
    "streamlit.runtime.state.safe_session_state:SafeSessionState.on_script_will_rerun[_lock]": "one script at a time",
    "streamlit.runtime.scriptrunner:ScriptRunner._run_script_thread[user_info]": "who is here",
    "streamlit.proto.BackMsg_pb2:BackMsg.RERUN_SCRIPT_FIELD_NUMBER": "what browsers may send",
    "streamlit.proto.BackMsg_pb2:BackMsg.STOP_SCRIPT_FIELD_NUMBER": "what browsers may send",
    "streamlit.proto.BackMsg_pb2:BackMsg.APP_HEARTBEAT_FIELD_NUMBER": "what browsers may send",
    "streamlit_authenticator.models:AuthenticationModel.__init__[credentials]": "the sign-in form",
    "streamlit_authenticator.models:AuthenticationModel.check_credentials(username,password)": "the sign-in form",
    "streamlit_authenticator.models:AuthenticationModel.login[check_credentials]": "the sign-in form",
}  # fmt: skip
# By which our styles and scripts find parts of Streamlit's page.
TEST_IDS = frozenset({
    "InputInstructions", "stAlert", "stApp", "stAppViewContainer", "stButton", "stButtonGroup", "stCaptionContainer",
    "stColumn", "stElementContainer", "stElementToolbar", "stExpandSidebarButton", "stExpander", "stForm", "stHeader",
    "stHorizontalBlock", "stHtml", "stIconMaterial", "stLayoutWrapper", "stMain", "stMainBlockContainer",
    "stMainMenu", "stMarkdownContainer", "stMultiSelectTagsContainer", "stPopover", "stPopoverBody",
    "stPopoverButton", "stSidebar", "stSidebarCollapseButton", "stSidebarNavItems", "stSidebarNavLink", "stTabs",
    "stText", "stTextArea", "stToast", "stToastContainer", "stToolbar", "stTopNavLink", "stTopNavPopoverBody",
    "stVerticalBlock",
})  # fmt: skip
_PART = re.compile(r"([\w.]+):([\w.]+)(?:\((.*)\)|\[(.*)\])?")
_TEST_ID = re.compile(rb"[\"'`](st[A-Z]\w+|InputInstructions)[\"'`]")


class PartGone(Refused):
    """What `app.py` says and ends with: half of it would go on, and nobody would see which half."""

    says = N_("Streamlit {version} does not have {part} any more, which is used for {use}: install the version before.")


def gone(part: str, use: str) -> PartGone:
    """The refusal to start without this part."""
    return PartGone(version=streamlit.__version__, part=part, use=use)


def check(static: Path | None = None) -> None:
    """Raises PartGone for the first that is not there."""
    for part, use in PARTS.items():
        if not _is_there(part):
            raise gone(part, use)
    missing = set(TEST_IDS)
    scripts = (static or Path(streamlit.__file__).parent / "static") / "static" / "js"
    for script in sorted(scripts.glob("*.js"), key=lambda path: (not path.name.startswith("index."), path.name)):
        missing -= {found.decode() for found in _TEST_ID.findall(script.read_bytes())}
        if not missing:
            return
    raise gone(", ".join(sorted(missing)), "the look of the pages")


def _is_there(part: str) -> bool:
    found = _PART.fullmatch(part)
    assert found, part
    module, path, arguments, used = found.groups()
    try:
        thing: Any = importlib.import_module(module)
        for name in path.split("."):
            thing = getattr(thing, name)
    except (ImportError, AttributeError):
        return False
    if arguments is not None:
        return [name for name in inspect.signature(thing).parameters if name != "self"] == _names(arguments)
    code = inspect.unwrap(thing).__code__ if used is not None else None
    return code is None or set(_names(used)) <= {*code.co_names, *code.co_varnames, *_inner_names(code)}


def _names(listed: str) -> list[str]:
    return [name for name in listed.split(",") if name]


def _inner_names(code: Any) -> set[str]:
    """Of the functions in it, and the keywords it calls with."""
    found: set[str] = set()
    for constant in code.co_consts:
        if isinstance(constant, tuple):
            found |= {one for one in constant if isinstance(one, str)}
        elif inspect.iscode(constant):
            found |= {*constant.co_names, *_inner_names(constant)}
    return found


# --- sessions ---------------------------------------------------------------------------------------------------------


def owner_here() -> str:
    """The sign-in that the running script's session belongs to, "" for nobody's: what `st.user` holds, which looks for
    a file of secrets at every question."""
    context = get_script_run_ctx()
    return str(context.user_info.get(USER_KEY) or "") if context else ""


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


# --- one script at a time ---------------------------------------------------------------------------------------------


class Outbox:
    """What a session's scripts have drawn and the event loop's thread has not been told yet.

    Streamlit wakes that thread for each of some thirty messages of a run, and each time both threads wait for Python's
    lock. So the first one sets a clock, and the rest goes together: then, at the run's end, or before it waits.
    """

    def __init__(self, session: app_session.AppSession) -> None:
        self._session = session
        self._waiting: deque[Callable[[], None]] = deque()
        self._clock_is_set = False
        self.runs = 0  # of this session, going on

    def put(self, message: Callable[[], None]) -> None:
        self._waiting.append(message)
        if not self.runs:
            self.send()
        elif not self._clock_is_set:
            self._clock_is_set = True
            _wake(self._session, self._later)

    def send(self) -> None:
        if self._waiting:
            _wake(self._session, self._empty)

    def _later(self) -> None:
        self._session._event_loop.call_later(GATHERED, self._empty)

    def _empty(self) -> None:
        self._clock_is_set = False
        while self._waiting:
            self._session._event_loop.call_soon(self._waiting.popleft())


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
            _here.place, _here.outbox = self._place, None
            try:
                super()._run_script(rerun_data)
            finally:
                self._place.before_waiting = None
                if _here.outbox:
                    _here.outbox.runs -= 1
                    _here.outbox.send()
                _here.place = _here.outbox = None

    def _maybe_handle_execution_control_request(self) -> None:
        super()._maybe_handle_execution_control_request()
        turns.breathe()


_here = threading.local()
_wake = app_session.AppSession._call_soon_on_event_loop


def _gather(session: app_session.AppSession, message: Callable[[], None]) -> None:
    outbox: Outbox = session.__dict__.setdefault("_ita_outbox", Outbox(session))
    place: turns.Place | None = getattr(_here, "place", None)
    if place is not None and _here.outbox is None:
        _here.outbox = outbox
        outbox.runs += 1
        place.before_waiting = outbox.send
    outbox.put(message)


def filled_once(fill: Callable[..., None]) -> Callable[..., None]:
    """The same for what Streamlit tells at the beginning of every run and only its configuration decides: a fifth of a
    run's work."""
    kept: dict[tuple[str, ...], Message] = {}

    def filled(message: Message, *section: str) -> None:
        if section not in kept:
            made = type(message)()
            fill(made, *section)
            kept[section] = made
        if kept[section].ByteSize():  # else it would be there, and empty
            message.MergeFrom(kept[section])

    return filled


def one_at_a_time() -> None:
    """Let all sessions of this process run their scripts in turn. To be called once, before there is one."""
    for name in ("_populate_theme_msg", "_populate_config_msg"):
        setattr(app_session, name, filled_once(getattr(app_session, name)))
    app_session.ScriptRunner = OneAtATime  # type: ignore[attr-defined]
    app_session.AppSession._call_soon_on_event_loop = _gather  # type: ignore[method-assign, assignment]
