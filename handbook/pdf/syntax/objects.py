"""Write objects, object streams and cross-reference streams (ISO 32000-1, 7.3 and 7.5).

Values are plain Python: dict, list, int, float, bool, None, `Name`, `Ref`, str
(a text string), bytes (a byte string), `Raw` (already written).  Object
numbers are allocated in order, so the same document always gives the same file.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from concurrent.futures import Executor, Future

HEADER = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
# The row of object 0, which heads the list of free objects.
FREE = (0, 0, 65535)
# Objects per object stream: enough for the compressor to find repetitions.
GROUP = 400
LEVEL = 6


class Name(str):
    """A PDF name, without its slash."""

    __slots__ = ()


class Ref(int):
    """A reference to the object with this number."""

    __slots__ = ()


class Raw(bytes):
    """A value already in PDF syntax."""

    __slots__ = ()


# What a literal string cannot hold as it is, the backslash first (7.3.4.2).
_ESCAPES = ((b"\\", rb"\\"), (b"(", rb"\("), (b")", rb"\)"), (b"\r", rb"\r"), (b"\n", rb"\n"))


def number(value: float) -> str:
    """Format a number exactly to a thousandth, as short as possible."""
    return f"{round(value, 3):.10g}"


def text_string(text: str) -> bytes:
    """Write a text string: PDFDocEncoding for ASCII, otherwise UTF-16 (7.9.2.2)."""
    if text.isascii():
        return byte_string(text.encode("ascii"))
    return b"<FEFF" + text.encode("utf-16-be").hex().upper().encode() + b">"


def byte_string(data: bytes) -> bytes:
    """Write a literal string."""
    for sign, escaped in _ESCAPES:
        if sign in data:
            data = data.replace(sign, escaped)
    return b"(%s)" % data


@lru_cache(maxsize=1024)
def _name(name: str) -> bytes:
    out = bytearray(b"/")
    for byte in name.encode("utf-8"):
        if 33 <= byte <= 126 and byte not in b"#/()<>[]{}%":
            out.append(byte)
        else:
            out += b"#%02X" % byte
    return bytes(out)


def serialise(value: Any) -> bytes:
    """Write `value` in PDF syntax."""
    kind = value.__class__
    write = _WRITERS.get(kind) or _writer_of_base(kind)
    return write(value)


def _dictionary(value: Mapping[str, Any]) -> bytes:
    parts = [_name(key) + b" " + serialise(item) for key, item in value.items()]
    return b"<<" + b"\n".join(parts) + b">>"


def _array(value: Sequence[Any]) -> bytes:
    return b"[" + b" ".join([serialise(item) for item in value]) + b"]"


_WRITERS: dict[type, Callable[[Any], bytes]] = {
    dict: _dictionary,
    list: _array,
    tuple: _array,
    Raw: bytes,
    Ref: lambda value: b"%d 0 R" % value,
    Name: _name,
    type(None): lambda value: b"null",
    bool: lambda value: b"true" if value else b"false",
    int: lambda value: b"%d" % value,
    float: lambda value: number(value).encode(),
    str: text_string,
    bytes: byte_string,
}


def _writer_of_base(kind: type) -> Callable[[Any], bytes]:
    """Return what writes values of a class by a class that it is made from."""
    for base in kind.__mro__:
        if base in _WRITERS:
            return _WRITERS[base]
    raise TypeError(f"no PDF value: {kind.__name__}")


class Writer:
    """Collects objects; `body` returns their bytes and where each one is.

    With `threads`, streams are compressed in them meanwhile, to the same bytes.
    """

    def __init__(self, first: int = 1, threads: Executor | None = None) -> None:
        self.next = first
        self.plain: dict[int, bytes] = {}
        self.streams: dict[int, bytes] = {}
        self._threads = threads
        # Entries and data of the streams that threads compress.
        self._late: dict[int, tuple[Mapping[str, Any], Future[bytes]]] = {}

    def reserve(self) -> Ref:
        """Return the number of an object to be written later."""
        ref = Ref(self.next)
        self.next += 1
        return ref

    def put(self, ref: int, value: Any) -> None:
        """Set the object `ref` to a value other than a stream."""
        self.plain[int(ref)] = serialise(value)

    def put_raw(self, ref: int, value: bytes) -> None:
        """Set the object `ref` to a value in PDF syntax."""
        self.plain[int(ref)] = value

    def add(self, value: Any) -> Ref:
        """Add an object other than a stream."""
        ref = self.reserve()
        self.put(ref, value)
        return ref

    def put_raw_stream(self, ref: int, head: bytes, data: bytes) -> None:
        """Set the object `ref` to a stream; `head` is its dictionary but for the length."""
        if b"/Filter" not in head:
            head = head.removesuffix(b">>") + b"/Filter/FlateDecode>>"
            data = zlib.compress(data, 9)
        head = head.removesuffix(b">>") + b"/Length %d>>" % len(data)
        self.streams[int(ref)] = b"%d 0 obj\n%s\nstream\n%s\nendstream\nendobj\n" % (
            ref,
            head,
            data,
        )

    def put_stream(
        self, ref: int, entries: Mapping[str, Any], data: bytes, compress: bool = True
    ) -> None:
        """Set the object `ref` to a stream."""
        if compress and self._threads:
            self._late[int(ref)] = entries, self._threads.submit(zlib.compress, data, LEVEL)
        else:
            self.streams[int(ref)] = stream_object(int(ref), entries, data, compress)

    def add_stream(self, entries: Mapping[str, Any], data: bytes, compress: bool = True) -> Ref:
        """Add a stream."""
        ref = self.reserve()
        self.put_stream(ref, entries, data, compress)
        return ref

    def body(self, start: int, group: int = GROUP) -> tuple[bytes, dict[int, tuple[int, int, int]]]:
        """Return all objects as bytes for offset `start`, with their cross-reference rows.

        Plain objects go into object streams (7.5.7).  A row is (type, offset or stream, index).
        The writer is empty then: of a long book no object is in memory twice.
        """
        rows: dict[int, tuple[int, int, int]] = {}
        parts: list[bytes] = []
        offset = start
        numbers = sorted(self.plain)
        for i in range(0, len(numbers), group):
            members = numbers[i : i + group]
            stream = int(self.reserve())
            for index, member in enumerate(members):
                rows[member] = (2, stream, index)
            self.put_stream(stream, *_object_stream([(n, self.plain.pop(n)) for n in members]))
        late, self._late = self._late, {}
        for member, (entries, compressed) in late.items():
            self.streams[member] = _compressed_stream(member, entries, compressed.result())
        for member in sorted(self.streams):
            data = self.streams.pop(member)
            rows[member] = (1, offset, 0)
            parts.append(data)
            offset += len(data)
        return b"".join(parts), rows


def object_stream(ref: int, members: Sequence[tuple[int, bytes]]) -> bytes:
    """Return an object stream of (number, value) pairs (7.5.7)."""
    return stream_object(ref, *_object_stream(members))


def _object_stream(members: Sequence[tuple[int, bytes]]) -> tuple[dict[str, Any], bytes]:
    """Return the entries and the data of an object stream of (number, value) pairs."""
    index: list[str] = []
    offset = 0
    for number, value in members:
        index.append(f"{number} {offset}")
        offset += len(value) + 1
    head = " ".join(index).encode() + b"\n"
    entries = {"Type": Name("ObjStm"), "N": len(members), "First": len(head)}
    return entries, head + b"\n".join([value for _, value in members])


def stream_object(
    ref: int, entries: Mapping[str, Any], data: bytes, compress: bool = True
) -> bytes:
    """Return a stream object, from `n 0 obj` to `endobj`."""
    if compress:
        return _compressed_stream(ref, entries, zlib.compress(data, LEVEL))
    head = serialise({**entries, "Length": len(data)})
    return b"%d 0 obj\n%s\nstream\n%s\nendstream\nendobj\n" % (ref, head, data)


def _compressed_stream(ref: int, entries: Mapping[str, Any], data: bytes) -> bytes:
    return stream_object(ref, {**entries, "Filter": Name("FlateDecode")}, data, compress=False)


def cross_reference(
    ref: int,
    offset: int,
    rows: Mapping[int, tuple[int, int, int]],
    trailer: Mapping[str, Any],
    *,
    compress: bool = True,
) -> bytes:
    """Return the cross-reference stream at `offset`, with the trailer, and the end of the file.

    Numbers without a row are left out: an update may use them (7.5.8).
    """
    width = max(2, (offset.bit_length() + 7) // 8)
    table = bytearray()
    index: list[int] = []
    for member in sorted({*rows, ref}):
        kind, second, third = rows[member] if member != ref else (1, offset, 0)
        table += bytes([kind]) + second.to_bytes(width, "big") + third.to_bytes(2, "big")
        if index and index[-2] + index[-1] == member:
            index[-1] += 1
        else:
            index += [member, 1]
    entries = {"Type": Name("XRef"), "Size": ref + 1, "W": [1, width, 2], "Index": index, **trailer}
    stream = table_stream(ref, entries, bytes(table), width + 3, compress=compress)
    return stream + b"startxref\n%d\n%%%%EOF\n" % offset


def table_stream(
    ref: int, entries: Mapping[str, Any], table: bytes, columns: int, *, compress: bool = True
) -> bytes:
    """Return a stream of rows of `columns` bytes; if compressed, of their differences.

    Rows of a cross-reference differ little (7.4.4.4, predictor Up): it takes a twentieth.
    """
    if compress:
        parameters = {"Predictor": 12, "Columns": columns}
        entries, table = {**entries, "DecodeParms": parameters}, _differences(table, columns)
    return stream_object(ref, entries, table, compress)


def _differences(table: bytes, columns: int) -> bytes:
    """Return each row as its difference, byte for byte, from the row above, after a 2 for Up."""
    # All bytes at once: the top bit of each is kept apart, so that none borrows from the next.
    low = int.from_bytes(b"\x7f" * len(table), "big")
    high = int.from_bytes(b"\x80" * len(table), "big")
    current = int.from_bytes(table, "big")
    above = int.from_bytes((bytes(columns) + table)[: len(table)], "big")
    differences = ((current | high) - (above & low)) ^ ((current ^ ~above) & high)
    changed = differences.to_bytes(len(table), "big")
    out = bytearray(b"\2") * (len(table) // columns * (columns + 1))
    for column in range(columns):
        out[column + 1 :: columns + 1] = changed[column::columns]
    return bytes(out)


def digest(*parts: bytes) -> bytes:
    """Return a 16-byte digest, for file identifiers."""
    state = hashlib.sha256()
    for part in parts:
        state.update(part)
    return state.digest()[:16]
