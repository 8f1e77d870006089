"""Write the fixed patterns of QR codes, as ReportLab's encoder draws them, for handbook.core.qr.

python -m tests.qr_patterns
"""

from __future__ import annotations

import json

from reportlab.graphics.barcode import qrencoder

from handbook.core.qr import MASK, PATTERNS

LARGEST = 20
LEVEL = qrencoder.QRErrorCorrectLevel.M


def patterns() -> str:
    """The file's text: for each size the modules under the mask, which are fixed, the blocks."""
    rows = []
    for version in range(1, LARGEST + 1):
        code = qrencoder.QRCode(version, LEVEL)
        code.dataCache = [0]
        code.makeImpl(False, MASK)
        size = code.getModuleCount()
        free = set(code.dataPosIterator())
        dark = "".join("01"[bool(module)] for row in code.modules for module in row)
        fixed = "".join("01"[(c, r) not in free] for r in range(size) for c in range(size))
        blocks = qrencoder.QRRSBlock.getRSBlocks(version, LEVEL)
        rows.append(
            {
                "size": size,
                "dark": f"{int(dark, 2):x}",
                "fixed": f"{int(fixed, 2):x}",
                "blocks": [(b.dataCount, b.totalCount - b.dataCount) for b in blocks],
            }
        )
    return "[\n" + ",\n".join(json.dumps(row) for row in rows) + "\n]\n"


if __name__ == "__main__":
    PATTERNS.write_text(patterns(), "ascii")
