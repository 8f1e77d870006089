"""Sign JSON with the key that signs copies: JSON Web Signatures (RFC 7515), RS256 or ES256."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from ..core.diagnostics import error
from .signing import Signing, signer_for


def signed_json(payload: Mapping[str, Any], signing: Signing, key_address: str = "") -> str:
    """Return a compact signature of `payload`, which has the payload in it.

    Its header names the address of the public key, or has the key itself.
    """
    key = _key(signing)
    header: dict[str, Any] = {"alg": key.algorithm, "typ": "JWT"}
    header |= {"kid": key_address} if key_address else {"jwk": key.public}
    text = f"{_encoded(_json(header))}.{_encoded(_json(payload))}"
    return f"{text}.{_encoded(key.sign(text.encode('ascii')))}"


def json_key(signing: Signing) -> dict[str, str]:
    """Return the public key as a JSON Web Key (RFC 7517).

    Raises:
        HandbookError: If the key is of a kind that has no common algorithm.
    """
    return _key(signing).public


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


class _Key:
    """The key of a certificate, as JSON Web Signatures use it: RS256, or ES256."""

    def __init__(self, signing: Signing) -> None:
        from cryptography.hazmat.primitives.asymmetric import ec, rsa

        self._key = signer_for(signing).private_key
        numbers: Any = self._key.public_key().public_numbers()
        if isinstance(self._key, rsa.RSAPrivateKey):
            self.algorithm = "RS256"
            self.public = {"kty": "RSA", "n": _number(numbers.n), "e": _number(numbers.e)}
        elif isinstance(self._key, ec.EllipticCurvePrivateKey) and self._key.curve.name == (
            "secp256r1"
        ):
            self.algorithm = "ES256"
            point = {"x": _number(numbers.x, 32), "y": _number(numbers.y, 32)}
            self.public = {"kty": "EC", "crv": "P-256", **point}
        else:
            raise error(
                "badges are signed with an RSA key, or one of the curve P-256",
                at=signing.certificate,
                code="badge",
            )

    def sign(self, data: bytes) -> bytes:
        """Return the signature of some bytes."""
        from cryptography.hazmat.primitives.asymmetric import ec, padding, utils
        from cryptography.hazmat.primitives.hashes import SHA256

        if self.algorithm == "RS256":
            signature: bytes = self._key.sign(data, padding.PKCS1v15(), SHA256())
            return signature
        r, s = utils.decode_dss_signature(self._key.sign(data, ec.ECDSA(SHA256())))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")


@lru_cache(maxsize=4)
def _key(signing: Signing) -> _Key:
    return _Key(signing)


def _number(value: int, size: int = 0) -> str:
    return _encoded(value.to_bytes(size or (value.bit_length() + 7) // 8, "big"))
