"""Read objects back from a file that `objects.Writer` wrote.

It does not read other PDFs: strings, streams and cross-references are as that writer writes them.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterator
from itertools import accumulate, chain
from typing import NamedTuple

# A literal string, a hexadecimal one (neither holds references), or a reference.
_REFERENCE = re.compile(rb"(\((?:\\.|[^\\()])*\)|<[0-9A-F]*>)|\b(\d+) 0 R\b", re.DOTALL)
_TOKEN = re.compile(
    rb"\((?:\\.|[^\\()])*\)|<<|>>|<[0-9A-F]*>|[\[\]]|/[^\s()<>\[\]/]*|[^\s()<>\[\]/]+", re.DOTALL
)
_LENGTH = re.compile(rb"/Length (\d+)")
# What separates a stream's dictionary from its data, and what follows the data.
STREAM = b"\nstream\n"
END = b"\nendstream\nendobj\n"


class StoredObject(NamedTuple):
    """An object: its value, or a stream's dictionary and data."""

    value: bytes
    stream: bytes | None


class ObjectReader:
    """The objects of a file by number; `start` is the offset of its cross-reference."""

    def __init__(self, data: bytes, start: int) -> None:
        self.data = data
        self._groups: dict[int, dict[int, bytes]] = {}
        table = self._at(start)
        width = int(re.findall(rb"/W \[1 (\d+) 2\]", table.value)[0])
        step = width + 3
        raw = _summed(zlib.decompress(table.stream or b""), step)
        bounds = [int(word) for word in re.findall(rb"/Index \[([\d ]+)\]", table.value)[0].split()]
        numbers = chain.from_iterable(
            range(first, first + count)
            for first, count in zip(bounds[::2], bounds[1::2], strict=True)
        )
        rows = (raw[at : at + step] for at in range(0, len(raw), step))
        self._rows = dict(zip(numbers, rows, strict=True))

    def get(self, number: int) -> StoredObject | None:
        """Return the object with this number; None if copies supply it."""
        row = self._rows.get(number)
        if row is None:
            return None
        where = int.from_bytes(row[1:-2], "big")
        if row[0] == 1:
            return self._at(where)
        return StoredObject(self._group(where)[number], None) if row[0] == 2 else None

    def _at(self, offset: int) -> StoredObject:
        begin = self.data.index(b"\n", offset) + 1
        end = self.data.index(STREAM, begin)
        head = self.data[begin:end]
        length = int(_LENGTH.findall(head)[-1])
        first = end + len(STREAM)
        return StoredObject(head, self.data[first : first + length])

    def _group(self, number: int) -> dict[int, bytes]:
        """Return the members of an object stream (7.5.7)."""
        if number not in self._groups:
            stream = self.get(number)
            assert stream is not None
            data = zlib.decompress(stream.stream or b"")
            first = int(re.findall(rb"/First (\d+)", stream.value)[0])
            index = [int(word) for word in data[:first].split()]
            ends = [*index[3::2], len(data) - first + 1]
            pairs = zip(index[::2], index[1::2], ends, strict=True)
            self._groups[number] = {n: data[first + a : first + b - 1] for n, a, b in pairs}
        return self._groups[number]


def _summed(differences: bytes, columns: int) -> bytes:
    """Return the rows whose differences `objects.table_stream` wrote."""
    rows = bytearray(len(differences) // (columns + 1) * columns)
    for column in range(columns):
        changes = differences[column + 1 :: columns + 1]
        rows[column::columns] = bytes([total & 255 for total in accumulate(changes)])
    return bytes(rows)


def references(value: bytes) -> Iterator[int]:
    """Return the numbers of the objects that a value refers to."""
    return (int(match[2]) for match in _REFERENCE.finditer(value) if match[2])


def renumbered(value: bytes, number: Callable[[int], int]) -> bytes:
    """Return a value with its references renumbered."""
    return _REFERENCE.sub(lambda m: b"%d 0 R" % number(int(m[2])) if m[2] else m[0], value)


def entries(value: bytes) -> dict[str, bytes]:
    """Return a dictionary's entries, with the values as bytes."""
    dictionary: dict[str, bytes] = {}
    depth, key, begin = 0, "", 0
    for match in _TOKEN.finditer(value):
        token = match[0]
        if token in (b">>", b"]"):
            depth -= 1
        if depth <= 1 and key and token == b">>" and depth == 0:
            dictionary[key] = value[begin : match.start()].strip()
        elif depth == 1 and token[:1] == b"/" and (not key or value[begin : match.start()].strip()):
            if key:
                dictionary[key] = value[begin : match.start()].strip()
            key, begin = token[1:].decode("ascii"), match.end()
        if token in (b"<<", b"["):
            depth += 1
    return dictionary
