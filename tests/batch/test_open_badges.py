"""Open Badges next to certificates: signed credentials that a second program takes out and checks."""

from __future__ import annotations

import csv
import json
import shutil
import zipfile
from pathlib import Path
from typing import Any

import pytest
from batches import folder, manifest
from certificates import PASSPHRASE, write_certificate
from packs import run
from PIL import Image
from stores import needs

from handbook.batch.folder_store import Folder

PACK = Path(__file__).parents[2] / "examples" / "certificate"
ISSUER = "meta: {name: Acme Academy, link: https://acme.example}\n"
COPIES = "defaults: {handbook: {copies: 'https://acme.example/copy/{number}'}}\n"
ROSTER = """\
ID,Full name,Exam date,Cohort,E-mail
1,Ada Byron,2027-02-15,Spring,ada@example.org
2,Grace Hopper,01.03.2027,Autumn,grace@example.org
3,Mary Shelley,,Spring,
"""


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    needs("pyhanko")
    write_certificate(tmp_path / "key.p12")
    (tmp_path / "brand.yaml").write_text(ISSUER + COPIES)
    (tmp_path / "roster.csv").write_text(ROSTER)
    monkeypatch.setenv("HANDBOOK_SIGN_PASSWORD", PASSPHRASE)
    return tmp_path


def batch(
    capsys: pytest.CaptureFixture[str], place: Path, *options: str, pack: Path = PACK
) -> tuple[int, str]:
    code, printed, reported = run(
        capsys,
        "batch",
        str(place / "roster.csv"),
        "--content",
        str(pack),
        "--theme",
        str(PACK / "theme.yaml"),
        "--paper",
        "a4-landscape",
        "--column",
        "completed=Exam date",
        "-o",
        str(place / "out"),
        "-j",
        "1",
        "-q",
        "--badge",
        "--brand",
        str(place / "brand.yaml"),
        *options,
    )
    return code, printed + reported


def made(capsys: pytest.CaptureFixture[str], place: Path, *options: str) -> Path:
    code, reported = batch(capsys, place, "--sign", str(place / "key.p12"), *options)
    assert code == 0, reported
    return place / "out"


def credential(picture: Path, key: Path) -> dict[str, Any]:
    """The credential in a picture, as the library openbadgeslib takes it out and verifies it."""
    needs("openbadgeslib")
    import jwt
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
    from openbadgeslib.ob3.verifier import OB3Verifier

    public: Any = jwt.PyJWK(json.loads(key.read_text())).key
    pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    verifier = OB3Verifier(pem)
    svg = picture.suffix == ".svg"
    take = verifier.extract_token_from_svg if svg else verifier.extract_token_from_png
    token = take(picture.read_bytes())
    # The day on which it begins to be valid may be ahead of the clock of a test.
    assert verifier.verify(token) is not None
    return jwt.decode(token, public, ["RS256", "ES256"], options={"verify_aud": False})  # type: ignore[no-any-return]


@pytest.mark.parametrize("kind", ["rsa", "ec"])
def test_a_badge_says_who_achieved_what(
    place: Path, capsys: pytest.CaptureFixture[str], kind: str
) -> None:
    write_certificate(place / "key.p12", kind=kind)
    out = made(capsys, place)
    entry = manifest(out)[0]
    svg, png = (out / "1-Ada-Byron.svg", out / "1-Ada-Byron.png")
    found = credential(svg, out / "badge-key.json")
    assert {**credential(png, out / "badge-key.json")} == found
    number = str(entry["copy"])
    assert found["id"] == found["jti"] == f"https://acme.example/copy/{number}"
    assert found["type"] == ["VerifiableCredential", "OpenBadgeCredential"]
    assert found["issuer"]["id"] == found["iss"] == "https://acme.example"
    assert found["issuer"]["name"] == "Acme Academy"
    assert found["awardedDate"] == "2027-02-15T00:00:00Z"
    subject = found["credentialSubject"]
    assert subject["id"] == found["sub"]
    assert {one["identityType"] for one in subject["identifier"]} == {"name", "emailAddress"}
    achievement = subject["achievement"]
    assert achievement["criteria"]["narrative"].startswith("Takes part in all sessions")
    assert {"id", "type", "name", "description", "criteria"} == set(achievement)
    # The chunk and the element that the standard names; still pictures.
    with Image.open(png) as picture:
        assert list(picture.text) == ["openbadgecredential"]  # type: ignore[attr-defined]
        assert picture.size == (512, 512)
    text = svg.read_text("utf-8")
    assert '<svg xmlns="http://www.w3.org/2000/svg" xmlns:openbadges="' in text
    assert text.index("<openbadges:credential verify=") < text.index("<path")


def test_an_address_is_a_digest_and_its_owner_can_prove_it(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import hashlib

    out = made(capsys, place)
    found = credential(out / "2-Grace-Hopper.svg", out / "badge-key.json")
    assert "grace@example.org" not in json.dumps(found)
    (address,) = (
        one
        for one in found["credentialSubject"]["identifier"]
        if one["identityType"] == "emailAddress"
    )
    salted = hashlib.sha256(f"grace@example.org{address['salt']}".encode()).hexdigest()
    assert (address["hashed"], address["identityHash"]) == (True, f"sha256${salted}")
    # A day in another order is the same day.
    assert found["awardedDate"] == "2027-03-01T00:00:00Z"
    without = credential(out / "3-Mary-Shelley.svg", out / "badge-key.json")
    assert "awardedDate" not in without
    assert [one["identityType"] for one in without["credentialSubject"]["identifier"]] == ["name"]


def test_badges_are_kept_checked_and_handed_out_with_their_copies(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = made(capsys, place, "--zip", "--zip-by", "Cohort", "--handout")
    assert run(capsys, "batch", "--check", str(out))[0] == 0
    before = folder(out)
    with zipfile.ZipFile(out / "Spring.zip") as archive:
        assert [Path(name).suffix for name in archive.namelist()] == [".pdf", ".svg", ".png"] * 2
    with (out / "handout.csv").open(encoding="utf-8-sig") as file:
        assert next(csv.DictReader(file))["badges"] == "1-Ada-Byron.svg|1-Ada-Byron.png"
    # The same command keeps them; one that was changed is made again, with its copy.
    made(capsys, place, "--zip", "--zip-by", "Cohort", "--handout")
    assert folder(out) == before
    (out / "1-Ada-Byron.png").write_bytes(b"")
    code, reported, _ = run(capsys, "batch", "--check", str(out))
    assert (code, "1-Ada-Byron.png: changed since it was written (row 1)" in reported) == (1, True)
    made(capsys, place)
    assert run(capsys, "batch", "--check", str(out))[0] == 0
    code, whose, _ = run(
        capsys, "batch", "--check", str(out), "--copy", str(out / "1-Ada-Byron.svg")
    )
    assert (code, "row 1, id 1" in whose) == (0, True)


def test_badges_of_learners_who_left_are_pruned_and_forgotten(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = made(capsys, place, "--zip")
    number = str(manifest(out)[1]["copy"])
    code, reported, _ = run(capsys, "forget", "2", "-o", str(out))
    assert (code, "2-Grace-Hopper.png (removed)" in reported) == (0, True)
    assert not [name for name in folder(out) if name.startswith("2-")]
    with zipfile.ZipFile(out / "out.zip") as archive:
        assert not [name for name in archive.namelist() if name.startswith("2-")]
    assert all(number.encode() not in path.read_bytes() for path in out.iterdir())
    assert run(capsys, "batch", "--check", str(out))[0] == 0
    (place / "roster.csv").write_text("".join(ROSTER.splitlines(keepends=True)[:2]))
    made(capsys, place, "--prune")
    assert not [name for name in folder(out) if name.startswith("3-")]
    assert run(capsys, "batch", "--check", str(out))[0] == 0


def test_what_a_badge_needs(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, reported = batch(capsys, place)
    assert (code, "--badge goes with --sign" in reported) == (2, True)
    (place / "brand.yaml").write_text("meta: {name: Acme}\n")
    code, reported = batch(capsys, place, "--sign", str(place / "key.p12"))
    assert (code, "no one issues the badge" in reported) == (1, True)
    pack = place / "pack"
    shutil.copytree(PACK, pack)
    text = (pack / "handbook.yaml").read_text()
    (pack / "handbook.yaml").write_text(text.replace("badge.svg, badge.png", "badge.gif"))
    code, reported = batch(capsys, place, "--sign", str(place / "key.p12"), pack=pack)
    assert (code, "the picture 'badge.gif' does not exist" in reported) == (1, True)
    (pack / "handbook.yaml").write_text(text.partition("badge:")[0])
    code, reported = batch(capsys, place, "--sign", str(place / "key.p12"), pack=pack)
    assert (code, "this pack has no badge" in reported) == (1, True)


def test_a_picture_that_has_a_credential_already(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = made(capsys, place)
    pack = place / "pack"
    shutil.copytree(PACK, pack)
    for suffix in ("svg", "png"):
        shutil.copy(out / f"1-Ada-Byron.{suffix}", pack / f"badge.{suffix}")
        code, reported = batch(capsys, place, "--sign", str(place / "key.p12"), pack=pack)
        assert code == 1
        assert (
            f"badge.{suffix}: error: the picture of the badge: it has a credential already"
            in reported
        )
        shutil.copy(PACK / f"badge.{suffix}", pack / f"badge.{suffix}")


@pytest.mark.parametrize("writes", [5, 6, 8])
def test_a_run_that_stopped_between_a_copy_and_its_badges(
    place: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, writes: int
) -> None:
    put, count = Folder.write, [0]

    def dies(self: Folder, name: str, *more: Any) -> None:
        count[0] += 1
        if count[0] == writes:
            raise KeyboardInterrupt
        put(self, name, *more)

    monkeypatch.setattr(Folder, "write", dies)
    assert batch(capsys, place, "--sign", str(place / "key.p12"))[0] == 130
    monkeypatch.setattr(Folder, "write", put)
    assert any(name.endswith(".pdf") for name in folder(place / "out"))
    # The learner whose copy was half there is not on the roster any more.
    lines = ROSTER.splitlines(keepends=True)
    (place / "roster.csv").write_text("".join([lines[0], *lines[2:]]))
    out = made(capsys, place)
    stems = {"2-Grace-Hopper", "3-Mary-Shelley"}
    assert set(folder(out)) == {
        "manifest.jsonl",
        "run.json",
        "badge-key.json",
        *(f"{stem}.{suffix}" for stem in stems for suffix in ("pdf", "svg", "png")),
    }
    assert run(capsys, "batch", "--check", str(out))[0] == 0
