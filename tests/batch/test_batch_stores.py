"""Batches into stores and on clusters: the same copies, whatever refuses, whatever dies."""

from __future__ import annotations

import hashlib
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import ClassVar

import pytest
from batches import folder, made, roster, small_pack
from packs import run
from stores import Refusing, cluster, needs, objects, s3

from handbook.batch import object_store as store
from handbook.batch.stores import store_at
from handbook.core.diagnostics import HandbookError

S3 = tuple[Refusing, Callable[[], str]]


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_pack(tmp_path_factory.mktemp("pack"))


@pytest.fixture(scope="module")
def server() -> Iterator[S3]:
    with s3() as given:
        yield given


def digests(files: dict[str, bytes]) -> dict[str, str]:
    return {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}


def test_a_bucket_gets_what_a_folder_gets(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: Path, server: S3
) -> None:
    source = roster(tmp_path / "a.csv", 30, "99,,sre,\n")
    assert made(capsys, content, source, tmp_path / "out")[0] == 1
    url = server[1]()
    code, reported = made(capsys, content, source, url)
    assert (code, reported["written"], reported["rejected"]) == (1, 30, 1)
    assert digests(objects(url)) == folder(tmp_path / "out")
    assert run(capsys, "batch", "--check", url)[0] == 0
    code, reported = made(capsys, content, source, url)
    assert (code, reported["written"], reported["kept"]) == (1, 0, 30)


def test_a_bucket_that_refuses_every_fifth_write(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    content: Path,
    server: S3,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    source = roster(tmp_path / "a.csv", 40)
    made(capsys, content, source, tmp_path / "out")
    refusing, bucket = server
    # The store's own library repeats requests, too; here each refusal shall reach us.
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    monkeypatch.setattr(store, "FIRST_PAUSE", 0.01)
    url = bucket()
    refusing.every, refusing.refused = 5, 0
    try:
        code, reported = made(capsys, content, source, url)
    finally:
        refusing.every = 0
    assert code == 0, reported
    assert refusing.refused >= 40 // 5
    assert digests(objects(url)) == folder(tmp_path / "out")


def test_a_run_into_a_bucket_is_resumed(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    content: Path,
    server: S3,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    source = roster(tmp_path / "a.csv", 130)
    made(capsys, content, source, tmp_path / "out")
    url = server[1]()
    put = store.FsspecStore.write
    count = [0]

    def dies(self: store.FsspecStore, name: str, parts: object, *more: object) -> None:
        count[0] += 1
        if count[0] == 120:
            raise KeyboardInterrupt
        put(self, name, parts, *more)  # type: ignore[arg-type]

    monkeypatch.setattr(store.FsspecStore, "write", dies)
    code, reported = made(capsys, content, source, url)
    assert code == 130
    monkeypatch.setattr(store.FsspecStore, "write", put)
    assert "manifest.jsonl" not in objects(url)
    code, reported = made(capsys, content, source, url, "--resume")
    assert code == 0
    assert reported["kept"] == 87
    assert digests(objects(url)) == folder(tmp_path / "out")


def test_a_bucket_that_is_not_there(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    content: Path,
    server: S3,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(store, "FIRST_PAUSE", 0.01)
    code, reported = made(capsys, content, roster(tmp_path / "a.csv", 2), "s3://nobodys-bucket/x")
    assert code == 1
    assert "s3://nobodys-bucket/x: error: cannot write" in str(reported["messages"])


def test_any_store_that_fsspec_knows(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: Path
) -> None:
    needs("fsspec")
    source = roster(tmp_path / "a.csv", 12)
    made(capsys, content, source, tmp_path / "out")
    assert made(capsys, content, source, f"file://{tmp_path}/other")[0] == 0
    assert folder(tmp_path / "other") == folder(tmp_path / "out")


def test_a_scheme_that_no_one_knows() -> None:
    needs("fsspec")
    with pytest.raises(HandbookError, match="nowhere"):
        store_at("nowhere://x/y").write("a", [b"a"])


# ----------------------------------------------------------------------- cluster


def test_a_cluster_makes_the_same_folder(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: Path, server: S3
) -> None:
    source = roster(tmp_path / "a.csv", 300, "99,,sre,\n")
    made(capsys, content, source, tmp_path / "one")
    with cluster(tmp_path / "cluster") as (address, _):
        # A folder of this machine, which workers do not see.
        code, reported = made(capsys, content, source, tmp_path / "dask", "--scheduler", address)
        assert (code, reported["written"]) == (1, 300)
        url = server[1]()
        made(capsys, content, source, url, "--scheduler", address)
    assert folder(tmp_path / "dask") == folder(tmp_path / "one")
    assert digests(objects(url)) == folder(tmp_path / "one")


def test_a_worker_that_is_killed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: Path
) -> None:
    source = roster(tmp_path / "a.csv", 1500)
    made(capsys, content, source, tmp_path / "one")
    out = tmp_path / "dask"
    with cluster(tmp_path / "cluster") as (address, workers):

        def kill() -> None:
            while not list(out.glob("*.pdf")):
                time.sleep(0.02)
            workers[0].kill()

        killer = threading.Thread(target=kill)
        killer.start()
        code, reported = made(capsys, content, source, out, "--scheduler", address)
        killer.join()
    assert (code, reported.get("written")) == (0, 1500), reported
    assert folder(out) == folder(tmp_path / "one")


def test_no_one_answers_at_that_address(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    content: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    needs("distributed")
    from handbook.pipeline import executors

    monkeypatch.setattr(executors, "PATIENCE", 0.5)
    source = roster(tmp_path / "a.csv", 2)
    code, reported = made(
        capsys, content, source, tmp_path / "o", "--scheduler", "tcp://127.0.0.1:9"
    )
    assert code == 1
    assert "no Dask scheduler answers at tcp://127.0.0.1:9" in str(reported["messages"])


def test_objects_have_their_media_type_and_copy_number(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: Path, server: S3
) -> None:
    import boto3

    url = server[1]()
    source = roster(tmp_path / "a.csv", 2)
    code, reported = made(capsys, content, source, url, "--index", "--handout")
    assert code == 0, reported
    bucket, _, prefix = url.removeprefix("s3://").partition("/")
    client = boto3.client("s3")
    heads = {
        name: client.head_object(Bucket=bucket, Key=f"{prefix}/{name}".lstrip("/"))
        for name in objects(url)
    }
    kinds = {name: head["ContentType"] for name, head in heads.items() if "pdf" not in name}
    assert kinds == {
        "index.html": "text/html; charset=utf-8",
        "manifest.jsonl": "application/jsonl",
        "handout.csv": "text/csv; charset=utf-8",
        "run.json": "application/json",
    }
    copies = [head for name, head in heads.items() if name.endswith(".pdf")]
    assert {head["ContentType"] for head in copies} == {"application/pdf"}
    assert {frozenset(head["Metadata"]) for head in copies} == {frozenset({"copy", "edition"})}


def test_azure_gets_media_types_and_metadata_when_a_file_is_opened(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    content: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A store in memory that takes what adlfs takes: metadata in `open` alone."""
    needs("fsspec")
    import fsspec
    from fsspec.implementations.memory import MemoryFileSystem

    written: dict[str, dict[str, object]] = {}

    class Azure(MemoryFileSystem):  # type: ignore[misc]
        protocol = ("abfs", "az", "abfss")
        store: ClassVar[dict[str, object]] = {}
        pseudo_dirs: ClassVar[list[str]] = [""]

        @classmethod
        def _strip_protocol(cls, path: str) -> str:
            return str(MemoryFileSystem._strip_protocol(path.replace("abfs://", "memory://")))

        def open(self, path: str, mode: str = "rb", **options: object) -> object:
            if mode == "wb":
                written[path] = options
            return super().open(path, mode)

        def pipe_file(self, path: str, value: bytes, **options: object) -> None:
            raise TypeError("got multiple values for keyword argument 'metadata'")

        put_file = pipe_file

    fsspec.register_implementation("abfs", Azure, clobber=True)
    source = roster(tmp_path / "a.csv", 3)
    made(capsys, content, source, tmp_path / "out")
    try:
        assert made(capsys, content, source, "abfs://copies/spring", "--index")[0] == 0
        (copy,) = (name for name in written if name.endswith("1-Learner-Number1-Marker00001x.pdf"))
        assert written[copy]["content_settings"] == {"content_type": "application/pdf"}
        metadata = written[copy]["metadata"]
        assert isinstance(metadata, dict)
        assert set(metadata) == {"copy", "edition", "is_directory"}
        (index,) = (name for name in written if name.endswith("index.html"))
        assert written[index]["content_settings"] == {"content_type": "text/html; charset=utf-8"}
        assert run(capsys, "batch", "--check", "abfs://copies/spring")[0] == 0
    finally:
        sys.modules["fsspec.registry"]._registry.pop("abfs", None)
