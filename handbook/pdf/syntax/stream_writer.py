"""Write a file of any length; memory holds only a cross-reference row per object."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, BinaryIO

from .object_reader import END, STREAM
from .objects import GROUP, HEADER, Name, Ref, Writer, object_stream, table_stream

# Bytes of an offset: files up to 256 terabytes.
_WIDE = 6
_ROW = _WIDE + 3


class StreamedFile:
    """Allocates object numbers and appends objects to a file."""

    def __init__(self, out: BinaryIO) -> None:
        self.out = out
        self.offset = 0
        self._table = bytearray((0).to_bytes(1 + _WIDE, "big") + b"\xff\xff")
        self._pending: list[tuple[int, bytes]] = []
        self._write(HEADER)

    @property
    def next(self) -> int:
        """Return the next object number."""
        return len(self._table) // _ROW

    def reserve(self) -> Ref:
        """Return the number of an object to be written later."""
        ref = Ref(self.next)
        self._table += bytes(_ROW)
        return ref

    def put(self, ref: int, value: bytes) -> None:
        """Write a serialised object other than a stream."""
        self._pending.append((int(ref), value))
        if len(self._pending) == GROUP:
            self._flush()

    def add(self, value: bytes) -> Ref:
        """Add a serialised object other than a stream."""
        ref = self.reserve()
        self.put(ref, value)
        return ref

    def put_stream(self, ref: int, head: bytes, data: bytes) -> None:
        """Write a stream: its serialised dictionary and its data."""
        self._note(int(ref), 1, self.offset, 0)
        self._write(b"%d 0 obj\n%s%s%s%s" % (ref, head, STREAM, data, END))

    def put_all(self, writer: Writer) -> None:
        """Write the objects of a `Writer` whose numbers began at `next`."""
        while self.next < writer.next:
            self.reserve()
        for ref, value in sorted(writer.plain.items()):
            self.put(ref, value)
        for ref, stream in sorted(writer.streams.items()):
            self._note(ref, 1, self.offset, 0)
            self._write(stream)

    def finish(self, trailer: Mapping[str, Any]) -> None:
        """Write the cross-reference stream and the end of the file (7.5.8)."""
        self._flush()
        ref = self.reserve()
        self._note(int(ref), 1, self.offset, 0)
        entries = {"Type": Name("XRef"), "Size": self.next, "W": [1, _WIDE, 2], **trailer}
        offset = self.offset
        self._write(table_stream(int(ref), entries, bytes(self._table), _ROW))
        self._write(b"startxref\n%d\n%%%%EOF\n" % offset)

    def _flush(self) -> None:
        """Write pending objects as an object stream (7.5.7)."""
        if not self._pending:
            return
        ref = self.reserve()
        for index, (member, _) in enumerate(self._pending):
            self._note(member, 2, int(ref), index)
        self._note(int(ref), 1, self.offset, 0)
        self._write(object_stream(int(ref), self._pending))
        self._pending = []

    def _note(self, ref: int, kind: int, where: int, index: int) -> None:
        row = bytes([kind]) + where.to_bytes(_WIDE, "big") + index.to_bytes(2, "big")
        self._table[ref * _ROW : (ref + 1) * _ROW] = row

    def _write(self, data: bytes) -> None:
        self.out.write(data)
        self.offset += len(data)
