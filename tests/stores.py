"""A real S3 server on loopback, which can refuse, and a Dask scheduler with worker processes."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

ACCOUNT = {
    "AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_DEFAULT_REGION": "us-east-1",
}  # fmt: skip


def needs(*modules: str) -> None:
    """Skip a test whose packages are not there; in CI they have to be."""
    for name in modules:
        try:
            __import__(name)
        except ImportError:
            words = f"needs the package {name}"
            pytest.fail(words) if os.environ.get("HANDBOOK_REQUIRE_ALL") else pytest.skip(words)


class Refusing:
    """A server that answers every n-th writing request with 503, as one that is too busy."""

    def __init__(self, server: Callable[..., Any]) -> None:
        self.server = server
        self.every = 0
        self.count = 0
        self.refused = 0
        self._one = threading.Lock()

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Any:
        if environ["REQUEST_METHOD"] in ("PUT", "POST") and self.every:
            with self._one:
                self.count += 1
                refuse = self.count % self.every == 0
                self.refused += refuse
            if refuse:
                length = int(environ.get("CONTENT_LENGTH") or 0)
                environ["wsgi.input"].read(length)
                start("503 Slow Down", [("Content-Type", "application/xml")])
                return [b"<Error><Code>SlowDown</Code><Message>later</Message></Error>"]
        return self.server(environ, start)


@contextlib.contextmanager
def s3() -> Iterator[tuple[Refusing, Callable[[], str]]]:
    """The server, and a function that makes a bucket and gives its URL."""
    needs("moto.server", "s3fs")
    import boto3
    from moto.server import DomainDispatcherApplication, create_backend_app
    from werkzeug.serving import WSGIRequestHandler, make_server

    class Quiet(WSGIRequestHandler):
        def log(self, *words: Any) -> None:
            pass

    refusing = Refusing(DomainDispatcherApplication(create_backend_app))
    server = make_server("127.0.0.1", 0, refusing, threaded=True, request_handler=Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    endpoint = f"http://127.0.0.1:{server.port}"
    before = dict(os.environ)
    os.environ.update(ACCOUNT, AWS_ENDPOINT_URL=endpoint)

    def bucket() -> str:
        name = f"b{uuid.uuid4().hex[:12]}"
        boto3.client("s3", endpoint_url=endpoint).create_bucket(Bucket=name)
        return f"s3://{name}/spring/copies"

    try:
        yield refusing, bucket
    finally:
        server.shutdown()
        os.environ.clear()
        os.environ.update(before)


def objects(url: str) -> dict[str, bytes]:
    """Every object below a URL."""
    from fsspec.core import url_to_fs

    fs, root = url_to_fs(url)
    fs.invalidate_cache()
    return {path[len(root) + 1 :]: fs.cat_file(path) for path in fs.find(root)}


@contextlib.contextmanager
def cluster(folder: Path, workers: int = 2) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """The address of a scheduler, and its workers: processes that begin in an empty folder."""
    needs("distributed")
    folder.mkdir(parents=True, exist_ok=True)
    reported = folder / "scheduler.json"
    environ = {
        **os.environ, "PYTHONPATH": str(Path(__file__).parent.parent),
        "DASK_DISTRIBUTED__WORKER__DAEMON": "False",
    }  # fmt: skip

    def started(module: str, *options: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", module, "--no-dashboard", *options],
            cwd=folder,
            env=environ,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    running = [started("distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0",
                       "--scheduler-file", str(reported))]  # fmt: skip
    try:
        for _ in range(600):
            if reported.is_file() and reported.read_text("utf-8").strip().endswith("}"):
                break
            time.sleep(0.1)
        hands = [
            started(
                "distributed.cli.dask_worker",
                "--scheduler-file",
                str(reported),
                "--no-nanny",
                "--nthreads",
                "1",
                "--local-directory",
                str(folder / f"w{number}"),
            )
            for number in range(workers)
        ]
        running += hands
        import json

        yield str(json.loads(reported.read_text("utf-8"))["address"]), hands
    finally:
        for process in reversed(running):
            process.kill()
            process.wait()
