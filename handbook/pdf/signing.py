"""Sign copies: PAdES B-B, or B-T with a time-stamp server (ETSI EN 319 142-1).

The signature is part of the copy's own update, so that a copy is still the edition's bytes and
what follows them, and remains PDF/A and PDF/UA.  The field is invisible.  pyHanko makes the CMS
signature; it is installed with `handbook[sign]`.
"""

from __future__ import annotations

import hashlib
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import field
from datetime import datetime, timezone
from functools import lru_cache
from pathlib import Path
from typing import Any

from ..core.diagnostics import HandbookError, error
from ..core.values import frozen
from .edition import Edition
from .syntax.object_reader import ObjectReader, entries, references
from .syntax.objects import Name, Raw, Ref, Writer, serialise

# Bytes reserved for a time stamp, and for variation in the length of a signature.
_TIMESTAMP_BYTES = 12_000
_SPARE_BYTES = 64
# Seconds to wait for a time-stamp server.
_TIMEOUT = 20
_RANGE = b"/ByteRange[0 ********** ********** **********]"


@frozen
class Signing:
    """What copies are signed with: a PKCS #12 file, and the URL of a time-stamp server or ""."""

    certificate: str
    passphrase: str = field(default="", repr=False)
    timestamp_url: str = ""


@frozen
class _SignaturePlace:
    """Objects of an edition that a signature changes, and the digest of the edition's bytes."""

    page: int
    page_entries: Mapping[str, bytes]
    catalog_entries: Mapping[str, bytes]
    state: Any


class CopySigner:
    """Signs copies with one key.

    Raises:
        HandbookError: pyHanko is not installed, or the certificate cannot be read.
    """

    def __init__(self, signing: Signing) -> None:
        self.signing = signing
        self._signer: Any = _load(signing)
        self._timestamper = _timestamper(signing.timestamp_url) if signing.timestamp_url else None
        self._template = None if self._timestamper else _template(self._signer)
        self._reserved = len(self._cms(bytes(32), dry_run=True)) + _SPARE_BYTES
        if self._timestamper is not None:
            self._reserved += _TIMESTAMP_BYTES
        self._places: dict[bytes, _SignaturePlace] = {}

    @property
    def private_key(self) -> Any:
        """Return the key, for other signatures of the same person."""
        return _private_key(self._signer)

    def put_field(self, writer: Writer, edition: Edition) -> None:
        """Add an invisible signature field to the objects of a copy."""
        place = self._place(edition)
        signature, widget = writer.reserve(), writer.reserve()
        now = datetime.now(timezone.utc)
        writer.streams[int(signature)] = (
            b"%d 0 obj\n<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached"
            b"/M(D:%s+00'00')%s/Contents<%s>>>\nendobj\n"
            % (signature, f"{now:%Y%m%d%H%M%S}".encode(), _RANGE, b"00" * self._reserved)
        )
        writer.put(
            widget,
            {
                "Type": Name("Annot"),
                "Subtype": Name("Widget"),
                "FT": Name("Sig"),
                "T": "Signature",
                "TU": "Digital signature",
                "Contents": "Digital signature",
                "Rect": [0, 0, 0, 0],
                # Printed, and locked.
                "F": 132,
                "P": Ref(place.page),
                "V": signature,
            },
        )
        annotations = [Ref(number) for number in references(place.page_entries.get("Annots", b""))]
        writer.put(place.page, _changed(place.page_entries, Annots=[*annotations, widget]))
        form = entries(place.catalog_entries.get("AcroForm", b"<<>>"))
        fields = [Ref(number) for number in references(form.get("Fields", b""))]
        changed = _changed(form, Fields=[*fields, widget], SigFlags=3)
        writer.put(edition.root, _changed(place.catalog_entries, AcroForm=changed))

    def sign(self, edition: Edition, update: bytes) -> bytes:
        """Return the update of a copy with its signature.

        Raises:
            HandbookError: the time-stamp server does not answer.
        """
        place = update.index(_RANGE)
        opening = update.index(b"/Contents<", place) + len(b"/Contents")
        closing = opening + 2 * self._reserved + 2
        start = len(edition.body)
        numbers = (start + opening, start + closing, len(update) - closing)
        text = b"/ByteRange[0 %d %d %d]" % numbers
        update = update[:place] + text.ljust(len(_RANGE)) + update[place + len(_RANGE) :]
        state = self._place(edition).state.copy()
        state.update(update[:opening])
        state.update(update[closing:])
        cms = self._template(state.digest()) if self._template else self._cms(state.digest())
        if len(cms) > self._reserved:
            raise error("the signature is longer than the place reserved for it", code="sign")
        digits = cms.hex().encode().ljust(2 * self._reserved, b"0")
        return update[: opening + 1] + digits + update[closing - 1 :]

    def _place(self, edition: Edition) -> _SignaturePlace:
        """Return what a signature changes in an edition, read once."""
        place = self._places.get(edition.identifier)
        if place is None:
            reader = ObjectReader(edition.body, edition.xref_offset)
            catalog = _entries(reader, edition.root)
            tree = _entries(reader, next(references(catalog["Pages"])))
            page = next(references(tree["Kids"]))
            state = hashlib.sha256(edition.body)
            place = _SignaturePlace(page, _entries(reader, page), catalog, state)
            self._places[edition.identifier] = place
        return place

    def _cms(self, digest: bytes, *, dry_run: bool = False) -> bytes:
        """Return the CMS signature of a digest, in DER."""
        timestamper = None if dry_run else self._timestamper
        data: bytes = _signed_data(self._signer, digest, dry_run, timestamper).dump()
        return data


@lru_cache(maxsize=4)
def signer_for(signing: Signing) -> CopySigner:
    """Return the signer of these settings, loaded once per process."""
    return CopySigner(signing)


def _entries(reader: ObjectReader, number: int) -> dict[str, bytes]:
    stored = reader.get(number)
    assert stored is not None
    return entries(stored.value)


def _changed(old: Mapping[str, bytes], **new: Any) -> Raw:
    """Return a dictionary with some entries replaced."""
    values = {key: Raw(value) for key, value in old.items()} | new
    return Raw(serialise(values))


def _load(signing: Signing) -> Any:
    try:
        from pyhanko.sign import signers
    except ImportError:
        raise error(
            "signatures need pyHanko, which is not installed",
            hint="pip install 'handbook[sign]'",
            code="sign",
        ) from None
    path = Path(signing.certificate)
    try:
        data = path.read_bytes()
    except OSError as exception:
        raise error(
            f"the certificate cannot be read: {exception.strerror}", at=path, code="sign"
        ) from None
    try:
        signer = signers.SimpleSigner.load_pkcs12_data(
            data, other_certs=[], passphrase=signing.passphrase.encode() or None
        )
    except (ValueError, TypeError, OSError):
        signer = None
    if signer is None or signer.signing_cert is None:
        raise error(
            "this is not a PKCS #12 file, or the password is wrong",
            at=path,
            hint="put the password into HANDBOOK_SIGN_PASSWORD",
            code="sign",
        )
    return signer


def _signed_data(signer: Any, digest: bytes, dry_run: bool, timestamper: Any = None) -> Any:
    """Return the CMS structure for a digest; without a signature in a dry run."""
    import asyncio

    return asyncio.run(
        signer.async_sign(
            digest, "sha256", dry_run=dry_run, use_pades=True, timestamper=timestamper
        )
    )


def _private_key(signer: Any) -> Any:
    from cryptography.hazmat.primitives.serialization import load_der_private_key

    return load_der_private_key(signer.signing_key.dump(), None)


def _template(signer: Any) -> Callable[[bytes], bytes] | None:
    """Return a function from a digest to its CMS signature; None if the key is not RSA.

    The signatures of one RSA key differ in the digest and the signature alone, and both have a
    fixed length, so the rest is encoded once.
    """
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.hashes import SHA256

    key = _private_key(signer)
    if not isinstance(key, RSAPrivateKey) or signer.prefer_pss:
        return None
    mark = hashlib.sha256(b"the digest of a copy").digest()
    content = _signed_data(signer, mark, dry_run=True)
    info = content["content"]["signer_infos"][0]
    whole, attributes = content.dump(), info["signed_attrs"].dump()
    begin = whole.index(attributes)
    middle = begin + len(attributes)
    size = key.key_size // 8
    end = whole.index(info["signature"].dump(), middle) + len(info["signature"].dump())

    def sign(digest: bytes) -> bytes:
        signed = attributes.replace(mark, digest)
        # Signed as a set, whatever its tag in the structure (RFC 5652, 5.4).
        signature = key.sign(b"\x31" + signed[1:], PKCS1v15(), SHA256())
        return b"".join([whole[:begin], signed, whole[middle : end - size], signature, whole[end:]])

    return sign


def _timestamper(url: str) -> Any:
    """Return a client of a time-stamp server (RFC 3161)."""
    from asn1crypto import tsp  # type: ignore[import-untyped]
    from pyhanko.sign.timestamps import TimeStamper

    class Client(TimeStamper):
        async def async_request_tsa_response(self, req: Any) -> Any:
            request = urllib.request.Request(
                url, req.dump(), {"Content-Type": "application/timestamp-query"}
            )
            try:
                with urllib.request.urlopen(request, timeout=_TIMEOUT) as response:
                    return tsp.TimeStampResp.load(response.read())
            except (OSError, ValueError, urllib.error.URLError) as exception:
                raise _no_timestamp(url, exception) from None

    if not url.startswith(("http://", "https://")):
        raise error(f"{url!r} is not the address of a time-stamp server", code="sign")
    client: Any = Client
    return client()


def _no_timestamp(url: str, exception: Exception) -> HandbookError:
    return error(
        f"the time-stamp server {url} does not answer: {exception}",
        hint="try again, or sign without --timestamp",
        code="sign",
    )
