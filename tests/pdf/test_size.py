"""What a file holds, it holds once, and compressed."""

from __future__ import annotations

import io
from collections import Counter

import pikepdf
from conftest import built


def test_no_object_is_in_a_file_twice() -> None:
    with pikepdf.open(io.BytesIO(built(role="sre", learner="Asha Rao").pdf)) as pdf:
        streams = [o for o in pdf.objects if isinstance(o, pikepdf.Stream)]
        data = Counter(bytes(stream.read_raw_bytes()) for stream in streams)
        assert [len(d) for d, count in data.items() if count > 1 and len(d) > 60] == []
        fonts = [
            str(o.FontName)
            for o in pdf.objects
            if isinstance(o, pikepdf.Dictionary) and "/FontFile2" in o
        ]
        assert len(fonts) == len(set(fonts))
        # Fields are small, and written without compression where that would not make them smaller.
        large = [s for s in streams if "/Filter" not in s and len(s.read_raw_bytes()) > 300]
        assert [s for s in large if s.get("/Type") not in ("/Metadata", "/XRef")] == []


def test_objects_are_in_object_streams() -> None:
    data = built(role="sre").pdf
    assert data.count(b"/ObjStm") >= 10
    # Only streams are outside.
    assert data.count(b" 0 obj") < 250
    # Pages differ in what they hold (a denser theme has fewer), so this is for the whole book.
    assert len(data) < 320_000
