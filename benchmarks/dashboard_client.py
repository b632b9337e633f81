"""A session of the dashboard without a browser: the messages that a page exchanges with the server."""

import re
import time
from dataclasses import dataclass
from typing import Any

import psutil
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect

WAIT_SECONDS = 60.0
VOLUME = "Requests per month"
BUTTON = "Apply"


def server_of(address: str) -> psutil.Process:
    """The process of the server that this one started."""
    port = address.rsplit(":", 1)[1]
    return next(child for child in psutil.Process().children() if port in child.cmdline())


@dataclass(frozen=True)
class Answer:
    """One change of an input and what came back."""

    answered_seconds: float
    """Until the metrics that follow the verdict had arrived. [s]"""
    drawn_seconds: float
    """Until the run of the page was over. [s]"""
    cost: str
    """The metric called cost, as it is shown."""


class Session:
    """A session on the first page, over the websocket of the server."""

    def __init__(self, address: str) -> None:
        self._socket: ClientConnection = connect(
            f"{address.replace('http', 'ws', 1)}/_stcore/stream",
            subprotocols=["streamlit"],  # type: ignore[list-item]
            max_size=None,
            origin=address,  # type: ignore[arg-type]
        )
        self._kept: dict[str, ForwardMsg] = {}
        self._fields: dict[str, tuple[str, str]] = {}
        self._button = ""
        self._ask()

    def change(self, volume: int) -> Answer:
        """Fill the number of requests per month and press the button."""
        written = dict(self._fields.values()) | {self._fields[VOLUME][0]: str(volume)}
        widgets: list[dict[str, Any]] = [{"id": key, "string_value": value} for key, value in written.items()]
        widgets.append({"id": self._button, "trigger_value": True})
        return self._ask(widgets)

    def close(self) -> None:
        """Leave."""
        self._socket.close()

    def _ask(self, widgets: list[dict[str, Any]] | None = None) -> Answer:
        message = BackMsg()
        message.rerun_script.query_string = ""
        for widget in widgets or ():
            message.rerun_script.widget_states.widgets.add(**widget)
        start = time.perf_counter()
        self._socket.send(message.SerializeToString())
        answered, cost = 0.0, ""
        while True:
            found = self._received()
            kind = found.WhichOneof("type")
            if kind == "session_event" and found.session_event.HasField("script_compilation_exception"):
                raise RuntimeError(str(found.session_event))
            if kind == "script_finished":
                if found.script_finished != ForwardMsg.FINISHED_SUCCESSFULLY:
                    raise RuntimeError(f"the run ended with {found.script_finished}")
                return Answer(answered, time.perf_counter() - start, cost)
            if kind != "delta":
                continue
            element = found.delta.new_element
            if element.WhichOneof("type") == "metric" and element.metric.label == "Cost":
                answered, cost = time.perf_counter() - start, element.metric.body
            self._note(element)

    def _received(self) -> ForwardMsg:
        """The next message; one that was sent before comes as its hash."""
        message = ForwardMsg.FromString(self._socket.recv(timeout=WAIT_SECONDS))
        if message.WhichOneof("type") == "ref_hash":
            return self._kept[message.ref_hash]
        if message.hash:
            self._kept[message.hash] = message
        return message

    def _note(self, element: Any) -> None:
        """Identifiers of the inputs, which change with every accepted edit; errors end the session."""
        kind = element.WhichOneof("type")
        if kind == "text_input":
            label = re.sub(r"\\", "", element.text_input.label)
            self._fields[label] = (element.text_input.id, element.text_input.default)
        elif kind == "button" and element.button.is_form_submitter and element.button.label.endswith(BUTTON):
            self._button = element.button.id
        elif kind == "exception":
            raise RuntimeError(element.exception.message)
        elif kind == "alert" and "error" in element.alert.icon:
            raise RuntimeError(element.alert.body)
