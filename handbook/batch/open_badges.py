"""Write an Open Badge 3.0 for each copy: a credential (JSON-LD) signed as a JWS, in a picture.

The format is https://www.imsglobal.org/spec/ob/v3p0: the credential is the payload of a VC-JWT.
It has the learner's name in plain words and the e-mail address as a salted digest.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Mapping
from datetime import date, datetime, timezone
from typing import TYPE_CHECKING, Any, Protocol

from ..core.diagnostics import error
from ..core.files import CONFIG
from ..core.values import frozen
from ..pack.badge import Badge, badge_of
from ..pack.model import Pack
from ..theme.brand.model import Brand
from .badge_images import BadgeImage, badge_image

if TYPE_CHECKING:
    from ..pdf.signing import Signing

_CONTEXTS = (
    "https://www.w3.org/ns/credentials/v2",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
)


class Awarded(Protocol):
    """What a badge needs to know of its copy: a job of the run."""

    @property
    def file(self) -> str:
        """Return the file of the copy."""

    @property
    def id(self) -> str:
        """Return the learner's id on the roster, or ""."""

    @property
    def values(self) -> Mapping[str, str]:
        """Return what is printed on the copy."""

    @property
    def badge(self) -> Mapping[str, str]:
        """Return what only the badge says: address, awarded."""


@frozen
class BadgeRun:
    """What the badges of a run share; it can be sent to another process."""

    badge: Badge
    issuer: Mapping[str, Any]
    # The address of a credential, with {number} in it; "" if there is none.
    address: str
    day: date
    images: tuple[BadgeImage, ...]
    signing: Signing

    def names(self, file: str) -> list[str]:
        """Return the files that go with a copy."""
        return [file.removesuffix(".pdf") + image.suffix for image in self.images]

    def files(self, job: Awarded, number: str) -> dict[str, bytes]:
        """Return the badges of a copy by their file names."""
        from ..pdf.json_signature import signed_json

        token = signed_json(self.credential(job, number), self.signing, self.badge.key)
        names = self.names(job.file)
        return dict(zip(names, (image.baked(token) for image in self.images), strict=True))

    def credential(self, job: Awarded, number: str) -> dict[str, Any]:
        """Return the credential of a copy, with the claims that repeat it for JWT."""
        credential = (
            self.address.replace("{number}", number)
            if self.address
            else f"urn:handbook:copy:{number}"
        )
        person = job.id or job.badge.get("address", "").casefold() or number
        subject = _urn(f"{self.issuer['id']} {person}")
        awarded = job.badge.get("awarded")
        return {
            "@context": list(_CONTEXTS),
            "id": credential,
            "type": ["VerifiableCredential", "OpenBadgeCredential"],
            "name": self.badge.name,
            "issuer": dict(self.issuer),
            "validFrom": f"{self.day}T00:00:00Z",
            **({"awardedDate": f"{awarded}T00:00:00Z"} if awarded else {}),
            "credentialSubject": {
                "id": subject,
                "type": ["AchievementSubject"],
                **(
                    {"identifier": identifiers}
                    if (identifiers := _identifiers(job, number))
                    else {}
                ),
                "achievement": {
                    "id": self.badge.id or _urn(f"{self.issuer['id']} {self.badge.name}"),
                    "type": ["Achievement"],
                    "name": self.badge.name,
                    "description": self.badge.description,
                    "criteria": {"narrative": self.badge.criteria},
                },
            },
            "iss": self.issuer["id"],
            "jti": credential,
            "nbf": int(datetime(*self.day.timetuple()[:3], tzinfo=timezone.utc).timestamp()),
            "sub": subject,
        }

    def key_file(self) -> bytes:
        """Return the public key as a JSON Web Key, for the issuer's web site."""
        from ..pdf.json_signature import json_key

        key = json_key(self.signing)
        return json.dumps(key, indent=1, sort_keys=True).encode() + b"\n"


def badge_run(pack: Pack, brand: Brand | None, signing: Signing | None, day: date) -> BadgeRun:
    """Return what the badges of a run share.

    Raises:
        HandbookError: If the pack describes no badge, no one issues it, there is no key, or a
            picture is broken.
    """
    badge = badge_of(pack.config, pack.folder)
    if badge is None:
        raise error(
            "this pack has no badge",
            at=pack.folder / CONFIG,
            hint="describe it under badge: with criteria and images",
            code="badge",
        )
    if signing is None:
        raise error("a badge needs a signature", hint="name the key with --sign", code="badge")
    images = tuple(badge_image(path) for path in badge.images)
    address = brand.copies if brand else ""
    from ..pdf.json_signature import json_key

    # A key that cannot sign badges is reported before the work begins.
    json_key(signing)
    return BadgeRun(badge, _issuer(badge, brand), address, day, images, signing)


def _issuer(badge: Badge, brand: Brand | None) -> dict[str, Any]:
    defaults = dict(badge.issuer)
    name = brand.full_name if brand else defaults.get("name", "")
    url = (brand.link or brand.contact.web if brand else "") or defaults.get("url", "")
    email = (brand.contact.mail if brand else "") or defaults.get("email", "")
    if not name or not url:
        raise error(
            "no one issues the badge",
            hint="name a brand with meta: link, or the badge's issuer: in handbook.yaml",
            code="badge",
        )
    url = url if "://" in url else f"https://{url}"
    issuer = {"id": url, "type": ["Profile"], "name": name, "url": url}
    return {**issuer, "email": email} if email else issuer


def _identifiers(job: Awarded, number: str) -> list[dict[str, Any]]:
    """Return what tells the learner apart: the name, and the digest of the address."""
    identifiers: list[dict[str, Any]] = []
    if name := job.values.get("learner"):
        identifiers.append(_identity("name", name, hashed=False))
    if address := job.badge.get("address"):
        digest = hashlib.sha256(f"{address}{number}".encode("utf-8", "replace")).hexdigest()
        identifiers.append({**_identity("emailAddress", f"sha256${digest}"), "salt": number})
    return identifiers


def _identity(kind: str, value: str, hashed: bool = True) -> dict[str, Any]:
    return {
        "type": "IdentityObject",
        "hashed": hashed,
        "identityHash": value,
        "identityType": kind,
    }


def _urn(text: str) -> str:
    """Return a name that stays the same for the same text, and does not tell it."""
    return uuid.uuid5(uuid.NAMESPACE_URL, text).urn
