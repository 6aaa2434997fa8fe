"""A real Neovim, driven over its own msgpack-RPC: keys go in, Lua is asked what became of them."""

from __future__ import annotations

import json
import os
import select
import subprocess
import time
from collections import deque
from typing import TYPE_CHECKING, Any

import msgpack

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

REQUEST, ANSWER, NOTIFICATION = 0, 1, 2
PATIENCE_SECONDS = 30  # for something that ought to happen; nothing waits for it to pass

HELPERS = """
_G.notified = {}
vim.notify = function(message) table.insert(_G.notified, message) end
_G.drafts = 0
vim.api.nvim_create_autocmd("User", { pattern = "InstantEdit", callback = function(event)
  if event.data.progress then _G.drafts = _G.drafts + 1 end
end })
"""


class NvimError(Exception):
    """Neovim answered with an error."""


class Nvim:
    """One Neovim process without a terminal.

    Args:
        command: the whole command line; must hold ``--embed``.
        environment: of the process.
        cwd: where it runs.
    """

    def __init__(self, command: Sequence[str], environment: Mapping[str, str], cwd: Path) -> None:
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=dict(environment),
            cwd=cwd,
        )
        self._unpacker = msgpack.Unpacker(raw=False, unicode_errors="surrogateescape")
        self._waiting: deque[Any] = deque()
        self._last_id = self._typed = 0
        self.on_notification: Callable[[str, list[Any]], None] = lambda *_: None
        self.lua(HELPERS)

    def call(self, method: str, *arguments: Any) -> Any:
        """Call an API function and wait for its answer."""
        self._last_id += 1
        self._send([REQUEST, self._last_id, method, list(arguments)])
        while True:
            message = self._receive()
            if message[0] == NOTIFICATION:
                self.on_notification(message[1], message[2])
            elif message[0] == ANSWER and message[1] == self._last_id:
                if message[2] is not None:
                    raise NvimError(message[2][1])
                return message[3]

    def lua(self, code: str, *arguments: Any) -> Any:
        """Run Lua; ``...`` are the arguments, what it returns comes back."""
        return self.call("nvim_exec_lua", code, list(arguments))

    def keys(self, typed: str) -> None:
        """Type keys, in Neovim's notation (``<CR>``), and wait until they are worked off."""
        self._typed += 1
        self.call("nvim_input", f"{typed}<Cmd>lua _G.typed = {self._typed}<CR>")
        self.until(f"_G.typed == {self._typed}")

    def accept(self) -> None:
        """Accept the edit shown, as a user does."""
        self.keys(":InstantEditAccept<CR>")

    def command(self, line: str) -> None:
        """Run an Ex command."""
        self.call("nvim_command", line)

    def until(self, condition: str) -> None:
        """Wait until a Lua expression is true; fail where it never is.

        Not in one long ``vim.wait``, for no typed key would be worked off in it.
        """
        code = f"return vim.wait(20, function() return {condition} end, 2)"
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not self.lua(code):
            if time.monotonic() > deadline:
                raise AssertionError(f"never true: {condition}; messages: {self.notified()}")

    def until_says(self, part: str) -> None:
        """Wait until the user is told something."""
        quoted = json.dumps(part)
        self.until(
            f"vim.iter(_G.notified):any(function(m) return m:find({quoted}, 1, true) ~= nil end)"
        )

    def notified(self) -> list[str]:
        """What the user was told so far."""
        return list(self.lua("return _G.notified"))

    def lines(self, buffer: int = 0) -> list[str]:
        """The lines of a buffer."""
        return list(self.call("nvim_buf_get_lines", buffer, 0, -1, True))

    def text(self) -> str:
        """The text of the current buffer, with its last line end."""
        return "\n".join(self.lines()) + "\n"

    def statusline(self) -> str:
        """The plugin's words for the status line."""
        return str(self.lua("return require('instant_edit').statusline()"))

    def until_ready(self) -> None:
        """Wait until a candidate is shown."""
        self.until("require('instant_edit').statusline():find(' of ') ~= nil")

    def until_step(self) -> None:
        """Wait until a draft of the edit under way is shown."""
        self.until("require('instant_edit').statusline():find('step') ~= nil")

    def until_idle(self) -> None:
        """Wait until there is no edit in the current buffer."""
        self.until("require('instant_edit').statusline() == ''")

    def preview(self) -> list[str]:
        """What stands beside the text: first the virtual texts, then the virtual lines."""
        return list(self.lua(_PREVIEW))

    def groups(self) -> dict[str, str]:
        """The highlight groups of the pieces shown: text by group, joined."""
        return dict(self.lua(_GROUPS))

    def quit(self) -> int:
        """Make it quit; its exit status."""
        self._send([NOTIFICATION, "nvim_command", ["qall!"]])
        return self.wait()

    def wait(self) -> int:
        """Wait until it has ended; its exit status."""
        return self.process.wait(PATIENCE_SECONDS)

    def kill(self) -> None:
        """End it, whatever it does."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            assert pipe is not None
            pipe.close()

    def _send(self, message: list[Any]) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(msgpack.packb(message))
        self.process.stdin.flush()

    def _receive(self) -> Any:
        assert self.process.stdout is not None
        while not self._waiting:
            if not select.select([self.process.stdout], [], [], PATIENCE_SECONDS)[0]:
                raise TimeoutError("Neovim does not answer; it may wait at a prompt")
            data = os.read(self.process.stdout.fileno(), 1 << 16)
            if not data:
                raise EOFError("Neovim has ended")
            self._unpacker.feed(data)
            self._waiting.extend(self._unpacker)
        return self._waiting.popleft()


_CHUNKS = """
local space = vim.api.nvim_create_namespace("instant_edit.preview")
local marks = vim.api.nvim_buf_get_extmarks(0, space, 0, -1, { details = true })
local beside, below = {}, {}
for _, mark in ipairs(marks) do
  if mark[4].virt_text then table.insert(beside, mark[4].virt_text) end
  vim.list_extend(below, mark[4].virt_lines or {})
end
local shown = vim.list_extend(beside, below)
"""

_PREVIEW = (
    _CHUNKS
    + """
return vim.tbl_map(function(chunks)
  return vim.iter(chunks):map(function(chunk) return chunk[1] end):join("")
end, shown)
"""
)

_GROUPS = (
    _CHUNKS
    + """
local by_group = vim.empty_dict()
for _, mark in ipairs(marks) do
  if mark[4].hl_group then by_group[mark[4].hl_group] = "" end
end
for _, chunk in ipairs(vim.iter(shown):flatten(1):totable()) do
  local group = type(chunk[2]) == "table" and chunk[2][#chunk[2]] or chunk[2]
  by_group[group] = (by_group[group] or "") .. chunk[1]
end
return by_group
"""
)
