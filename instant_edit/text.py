"""The source text: exact bytes in and out, its lines, and every conversion of positions.

A position is a *code point* everywhere inside instant-edit. Bytes exist in a file, and a
language client counts in utf-8, utf-16 or utf-32 units; this file is where they meet.
Lines end at ``\\n``, ``\\r\\n`` and ``\\r`` only, as the Language Server Protocol has it
(``str.splitlines`` also breaks at form feeds, U+0085 and U+2028, and is never used).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property

from instant_edit.errors import InputError, SpanError
from instant_edit.request import Span

_EOL = re.compile(r"\r\n|\n|\r")
_BOM = b"\xef\xbb\xbf"
_WIDE_BOMS = (b"\xff\xfe", b"\xfe\xff")
_MEND = "instant-edit reads UTF-8 source text; convert the file to UTF-8 first"


class PositionEncoding(StrEnum):
    """The unit in which a client counts the characters of a line."""

    UTF8 = "utf-8"
    UTF16 = "utf-16"
    UTF32 = "utf-32"


@dataclass(frozen=True)
class SourceText:
    """A text with its line endings as they are. A byte order mark is kept beside it."""

    text: str
    bom: bool = False

    @classmethod
    def from_bytes(cls, data: bytes, name: str) -> SourceText:
        """Decode the bytes of the file ``name``; the exact inverse is :meth:`to_bytes`."""
        bom = data.startswith(_BOM)
        body = data[len(_BOM) :] if bom else data
        offset = len(data) - len(body)
        if data.startswith(_WIDE_BOMS):
            raise InputError(f"{name}: begins with a UTF-16 byte order mark; {_MEND}")
        nul = body.find(b"\0")
        if nul >= 0:
            where = f"offset {offset + nul}, line {_line_number(body, nul)}"
            raise InputError(f"{name}: a NUL byte at {where}: this is a binary file; {_MEND}")
        try:
            return cls(body.decode("utf-8"), bom)
        except UnicodeDecodeError as error:
            where = f"offset {offset + error.start}, line {_line_number(body, error.start)}"
            byte = body[error.start]
            raise InputError(
                f"{name}: byte 0x{byte:02x} at {where} is not UTF-8; {_MEND}"
            ) from None

    def to_bytes(self) -> bytes:
        """Encode as the file was: UTF-8, with the byte order mark if there was one."""
        return (_BOM if self.bom else b"") + self.text.encode("utf-8")

    def with_text(self, new: str) -> SourceText:
        """Another text for the same file."""
        return replace(self, text=new)

    @cached_property
    def _lines(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """Where each line starts, and where it ends without its line ending."""
        starts, ends = [0], []
        for match in _EOL.finditer(self.text):
            ends.append(match.start())
            starts.append(match.end())
        ends.append(len(self.text))
        return tuple(starts), tuple(ends)

    @cached_property
    def _dominant_eol(self) -> str:
        counts = {"\n": 0, "\r\n": 0, "\r": 0}
        for match in _EOL.finditer(self.text):
            counts[match.group()] += 1
        return max(counts, key=lambda eol: counts[eol])

    @property
    def eol(self) -> str:
        """The most frequent line ending, and ``"\\n"`` where there is none."""
        return self._dominant_eol

    @property
    def line_count(self) -> int:
        """The number of lines; what follows the last line ending is a line, even if empty."""
        return len(self._lines[0])

    def line_span(self, line: int) -> Span:
        """The span of a line, counted from 0, without its line ending."""
        starts, ends = self._lines
        if not 0 <= line < len(starts):
            raise SpanError(f"line {line} is outside the text, which has {len(starts)} lines")
        return Span(starts[line], ends[line])

    def eol_of(self, line: int) -> str:
        """The line ending of a line, counted from 0; empty for the last line."""
        end = self.line_span(line).end
        following = self._lines[0][line + 1] if line + 1 < self.line_count else end
        return self.text[end:following]

    def line_of(self, offset: int) -> int:
        """The line, counted from 0, on which a code point stands."""
        self._inside(offset)
        return bisect_right(self._lines[0], offset) - 1

    def lines_span(self, first: int, last: int) -> Span:
        """The span of the lines ``first`` to ``last``, counted from 1, both included.

        The line ending of the last line is left out.
        """
        if first > last:
            raise SpanError(f"lines {first}:{last} are inverted; write them as {last}:{first}")
        if first < 1 or last > self.line_count:
            raise SpanError(
                f"lines {first}:{last} are outside the text, whose lines are 1 to {self.line_count}"
            )
        return Span(self.line_span(first - 1).start, self.line_span(last - 1).end)

    def position(self, offset: int, encoding: PositionEncoding) -> tuple[int, int]:
        """The client's ``(line, character)`` of a code point.

        An offset between ``\\r`` and ``\\n`` has no position of its own: it is given the
        end of its line.
        """
        line = self.line_of(offset)
        span = self.line_span(line)
        return line, _units(self.text[span.start : min(offset, span.end)], encoding)

    def offset(self, line: int, character: int, encoding: PositionEncoding) -> int:
        """The code point at a client's position.

        A character past the end of its line is the end of the line; one inside a code
        point (the second half of a surrogate pair) is the beginning of that code point.
        """
        if character < 0:
            raise SpanError(f"line {line}, character {character}: characters count from 0")
        span = self.line_span(line)
        content = self.text[span.start : span.end]
        if encoding is PositionEncoding.UTF32 or content.isascii():
            return span.start + min(character, len(content))
        units = 0
        for index, char in enumerate(content):
            units += _width(char, encoding)
            if units > character:
                return span.start + index
        return span.end

    def _inside(self, offset: int) -> None:
        if not 0 <= offset <= len(self.text):
            size = len(self.text)
            raise SpanError(f"offset {offset} is outside the text of {size} code points")


def _line_number(data: bytes, index: int) -> int:
    """The line of a byte, counted from 1."""
    return len(re.findall(rb"\r\n|\n|\r", data[:index])) + 1


def _width(char: str, encoding: PositionEncoding) -> int:
    """How many units of ``encoding`` one code point takes."""
    code = ord(char)
    if encoding is PositionEncoding.UTF16:
        return 2 if code > 0xFFFF else 1
    return 1 if code < 0x80 else 2 if code < 0x800 else 3 if code < 0x10000 else 4


def _units(text: str, encoding: PositionEncoding) -> int:
    """How many units of ``encoding`` a text takes."""
    if encoding is PositionEncoding.UTF32 or text.isascii():
        return len(text)
    return sum(_width(char, encoding) for char in text)
