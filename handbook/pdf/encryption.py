"""Protect a copy with a password (AES-256, ISO 32000-2, 7.6).

An encrypted file cannot be PDF/A, so it does not claim to be; it stays accessible to screen
readers.  Its bytes differ each time, because encryption needs random numbers.
"""

from __future__ import annotations

import io
import re
import secrets

from ..core.diagnostics import error

_PDFA = re.compile(rb"<pdfaid:(?:part|conformance)>[^<]*</pdfaid:(?:part|conformance)>\n")
# Bytes of UTF-8 that a reader takes of a password.
_LONGEST = 127


def encrypt(data: bytes, password: str) -> bytes:
    """Return a PDF that opens with `password`, without its claim to be PDF/A.

    Raises:
        HandbookError: pikepdf is not installed, or the password is empty or too long.
    """
    if not 0 < len(password.encode("utf-8", "replace")) <= _LONGEST:
        raise error(f"a password has 1 to {_LONGEST} bytes", code="password")
    try:
        import pikepdf
    except ImportError:
        raise error(
            "passwords need pikepdf, which is not installed",
            hint="pip install 'handbook[password]'",
            code="password",
        ) from None
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        packet = pdf.Root.Metadata.read_bytes()
        pdf.Root.Metadata.write(_PDFA.sub(b"", packet))
        # Anyone who can open the file may do anything with it, and screen readers may read it.
        allowed = pikepdf.Permissions(
            accessibility=True,
            modify_annotation=True,
            modify_assembly=True,
            modify_form=True,
            modify_other=True,
        )
        protection = pikepdf.Encryption(
            user=password, owner=secrets.token_urlsafe(24), R=6, allow=allowed
        )
        pdf.save(out, encryption=protection, fix_metadata_version=False)
    return out.getvalue()
