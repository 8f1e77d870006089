"""Changes to bytes that readers stumble over."""

from __future__ import annotations

import random

WORDS = (
    b"[", b"]", b"{", b"}", b"(", b")", b"<", b">", b"*", b"_", b"`", b"~", b"|", b":", b"::", b":::", b"#", b"$", b"%",
    b"&", b"!", b"\\", b"/", b"../", b"\n", b"\n\n", b"\r\n", b"\t", b" " * 8, b"- ", b"> ", b"1. ", b"---\n", b"```\n",
    b"{{ ", b" }}", b"{% ", b" %}", b"!!bool x", b"!!timestamp x", b"&a ", b"*a", b"<<: ", b"null", b"true", b".inf",
    b".nan", b"-1", b"0", b"1e999", b"9" * 50, b"\0", b"\x02", b"\xff", b"\xed\xa0\x80", b"\xef\xbb\xbf",
    b"\xee\x80\x80", b"\xd9\x85", b"<img>", b"<!--", b"-->", b"<![CDATA[", b"&#0;", b"&#1114112;", b"data:", b"file:///etc/passwd",
)  # fmt: skip


def changed(data: bytes, random_: random.Random) -> bytes:
    """Some bytes of a seed, changed in a few places."""
    if len(data) > 4000 and not data.startswith((b"%PDF", b"PK")):
        start = random_.randrange(len(data) - 3000)
        data = data[start : start + 3000]
    for _ in range(random_.choice((1, 1, 2, 3, 5, 9))):
        at = random_.randrange(len(data) + 1)
        kind = random_.randrange(6)
        if kind == 0:
            data = data[:at] + random_.choice(WORDS) + data[at:]
        elif kind == 1:
            data = data[:at] + data[at + random_.randrange(1, 40) :]
        elif kind == 2:
            data = data[:at] + random_.choice(WORDS) * random_.choice((2, 10, 300)) + data[at:]
        elif kind == 3:
            data = data[:at] + bytes([random_.randrange(256)]) + data[at + 1 :]
        elif kind == 4:
            end = min(len(data), at + random_.randrange(1, 60))
            data = data[:end] + data[at:end] + data[end:]
        else:
            data = data[:at] + random_.choice(WORDS) + data[at + 1 :]
    return data
