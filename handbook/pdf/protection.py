"""Make protected copies: signed, or encrypted with a password."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import TYPE_CHECKING

from ..core.values import frozen
from .edition import Edition

if TYPE_CHECKING:
    from .signing import Signing


@frozen
class Protection:
    """How copies are protected; a copy has a signature, or a password, or neither."""

    signing: Signing | None = None
    password: str = field(default="", repr=False)

    def check(self) -> None:
        """Load what protection needs, so that mistakes are reported before the work begins.

        Raises:
            HandbookError: the certificate or a package is missing or unreadable.
        """
        if self.signing is not None:
            from .signing import signer_for

            signer_for(self.signing)

    def copy(self, edition: Edition, values: Mapping[str, str]) -> tuple[bytes, bytes]:
        """Return a copy as the bytes that it shares with others, and its own.

        Raises:
            HandbookError: a value does not fit, or the copy cannot be protected.
        """
        if self.password:
            from .encryption import encrypt

            return b"", encrypt(edition.fill(values), self.password)
        if self.signing is None:
            return edition.body, edition.incremental_update(values)
        from .signing import signer_for

        return edition.body, edition.incremental_update(values, signer_for(self.signing))


UNPROTECTED = Protection()
