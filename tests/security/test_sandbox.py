"""What a hostile pack makes the program do, as the kernel sees it: every file, every connection."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from packs import pack

ROOT = Path(__file__).parents[2]
STRACE = shutil.which("strace")
CALLS = "open,openat,creat,rename,renameat,renameat2,unlink,unlinkat,rmdir,mkdir,mkdirat,symlink,symlinkat,link,linkat,truncate,execve,socket,connect,sendto"
SECRET = "kumquat-4711"
SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="90" height="90">{}<rect width="9" height="9"/></svg>'
WEB = "http://127.0.0.1:9"
# What a running Python reads, whatever it does.
MACHINE = (
    "/usr", "/lib", "/lib64", "/proc", "/sys", "/opt", "/dev/null", "/dev/urandom", "/dev/shm", "/etc/ld.so",
    "/etc/localtime", "/etc/mime.types", "/etc/apache2", "/etc/httpd", "/etc/nginx", "/etc/gnutls", "/etc/ssl",
    "/etc/fonts", "/etc/timezone", "/etc/locale", "/etc/os-release",
)  # fmt: skip


def _pytest_skip() -> None:
    if not STRACE:
        pytest.skip("strace is not installed; .ci/run installs it")
    works = subprocess.run([STRACE, "-o", "/dev/null", "true"], capture_output=True, check=False)
    if works.returncode:
        pytest.skip("strace may not look at processes here")


def hostile(where: Path, outside: Path) -> Path:
    """A pack that tries every way out that ends in an error."""
    folder = pack(
        where,
        handbook_dot_yaml="title: A\nchapters: [one.md, two.md]\nsettings: {theme: t.yaml, brand: b.yml}\n",
        one_dot_md=(
            f"# A\n\n![a](../outside/p.png)\n\n![b]({outside}/p.png)\n\n![c](link.png)\n\n![d](d/p.png)\n\n"
            "![e](a.svg)\n\n![f](b.svg)\n\n![g](c.svg)\n\n![h](d.svg)\n\n[i](../outside/one.md)\n\n"
            f"![j]({WEB}/p.png)\n\n![k](file:///etc/passwd)\n\n<img src='{WEB}/q.png' alt='x'>\n\n"
            "{% include '../outside/parts/x.j2' %}\n"
        ),
        two_dot_md="# B\n\n{% include 'x.j2' %}\n\n{{ ''.__class__.__mro__ }}\n",
        a_dot_svg=SVG.format('<image href="../outside/p.png" width="9" height="9"/>'),
        b_dot_svg=SVG.format(f'<image xlink:href="{WEB}/p.png" width="9" height="9"/>'),
        c_dot_svg='<?xml-stylesheet href="'
        + WEB
        + '/a.css"?><!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
        + SVG.format("<text>&x;</text>"),
        d_dot_svg=f'<!DOCTYPE svg SYSTEM "{WEB}/a.dtd">'
        + SVG.format(
            f"<style>@import url({WEB}/a.css); @font-face {{src: url({WEB}/f.woff)}}</style>"
        ),
        t_dot_yaml="extends: default\nfaces: {regular: ../outside/f.ttf}\n",
        b_dot_yml=f"meta: {{name: B}}\nlogo: ../outside/p.png\ncolor: {{primary: '#123456'}}\ntypography:\n  fonts:\n    - {{family: F, source: file, files: [../outside/f.ttf, '{WEB}/f.ttf']}}\n    - {{family: G, source: google}}\n",
    )
    (folder / "link.png").symlink_to(outside / "p.png")
    (folder / "d").symlink_to(outside)
    (folder / "tables").mkdir()
    (folder / "tables" / "t.yaml").symlink_to(outside / "t.yaml")
    (folder / "templates").symlink_to(outside / "parts")
    return folder


def quiet(where: Path) -> Path:
    """A pack that is built, and in which whatever might be fetched is only named."""
    return pack(
        where,
        handbook_dot_yaml="title: A\nlenient: true\ntemplates: false\ndialect: gfm\nchapters: [one.md]\n",
        one_dot_md=(
            f"# A\n\n[a]({WEB}/a) {WEB}/b <{WEB}/c>\n\n![d]({WEB}/p.png)\n\n<img src='{WEB}/q.png' alt='x'>\n\n"
            f"<iframe src='{WEB}'></iframe><script src='{WEB}/a.js'></script>\n\n<object data='{WEB}'></object>\n\n"
            f"<link rel=stylesheet href='{WEB}/a.css'>\n\n![e](d.svg)\n\n```mermaid\nflowchart LR\n  A[\"<img src='{WEB}/m.png'>\"] --> B\n```\n"
        ),
        d_dot_svg=f'<!DOCTYPE svg SYSTEM "{WEB}/a.dtd">'
        + SVG.format(f"<style>@import url({WEB}/a.css);</style>"),
    )


def site(where: Path) -> Path:
    """Another tool's documents that name everything outside."""
    for name, text in {
        "mkdocs.yml": "site_name: A\ntheme: {custom_dir: ../outside}\nnav:\n  - A: index.md\n  - B: ../../outside/one.md\nmarkdown_extensions:\n  - pymdownx.snippets: {base_path: [../outside, /etc], url_download: true}\n",
        "docs/index.md": f'# A\n\n--8<-- "passwd"\n--8<-- "one.md"\n--8<-- "{WEB}/a.md"\n\n![a](../../outside/p.png)\n\n![b](l.png)\n\n![c]({WEB}/p.png)\n',
    }.items():
        (where / name).parent.mkdir(parents=True, exist_ok=True)
        (where / name).write_text(text, "utf-8")
    (where / "docs" / "l.png").symlink_to(where.parent / "outside" / "p.png")
    return where


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """What a pack would like to have."""
    from PIL import Image

    folder = tmp_path / "outside"
    (folder / "parts").mkdir(parents=True)
    for name in ("t.yaml", "one.md", "parts/x.j2", "f.ttf"):
        (folder / name).write_text(SECRET, "utf-8")
    Image.new("RGB", (9, 9), "red").save(folder / "p.png")
    return folder


def watched(tmp_path: Path, *arguments: str) -> tuple[int, str, list[str]]:
    """The exit code, what was said, and the calls to the system of a command."""
    assert STRACE
    log, home, temporary = tmp_path / "calls", tmp_path / "home", tmp_path / "temporary"
    home.mkdir(exist_ok=True)
    temporary.mkdir(exist_ok=True)
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "TMPDIR": str(temporary),
        "PYTHONPATH": str(ROOT),
        "HANDBOOK_NO_CACHE": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    done = subprocess.run(
        [
            STRACE,
            "-f",
            "-qq",
            "-s",
            "4096",
            "-e",
            f"trace={CALLS}",
            "-e",
            "signal=none",
            "-o",
            str(log),
            sys.executable,
            "-m",
            "handbook",
            *arguments,
        ],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    return (
        done.returncode,
        done.stdout + done.stderr,
        log.read_text("utf-8", "replace").splitlines(),
    )


def reached(calls: list[str], base: Path) -> tuple[set[str], set[str], list[str]]:
    """The files that were opened to read, the files that were changed, the connections."""
    read: set[str] = set()
    changed: set[str] = set()
    connections: list[str] = []
    for line in calls:
        call = re.match(r"\d+\s+(\w+)\((.*)\)\s+= (-?\d+)", line)
        if not call:
            continue
        name, arguments, result = call.groups()
        if name in ("socket", "connect", "sendto"):
            if "AF_INET" in arguments or (name != "socket" and "AF_UNIX" not in arguments):
                connections.append(line)
            continue
        paths = [str(base / one) for one in re.findall(r'"((?:[^"\\]|\\.)*)"', arguments)]
        if int(result) < 0 or (name == "execve" and result != "0"):
            continue
        if name in ("open", "openat") and not re.search(
            r"O_WRONLY|O_RDWR|O_CREAT|O_TRUNC", arguments
        ):
            read.update(os.path.realpath(path) for path in paths[:1])
        elif name != "execve":
            changed.update(os.path.realpath(path) for path in paths)
    return read, changed, connections


def check(calls: list[str], base: Path, readable: list[Path], written: Path, outside: Path) -> None:
    """Check that nothing else was read, nothing else written, and no connection made."""
    read, changed, connections = reached(calls, base)
    own = [
        sys.prefix,
        sys.base_prefix,
        sys.exec_prefix,
        *sys.path[1:],
        ROOT / "handbook",
        ROOT / "locks",
        ROOT / "templates",
        base / "home",
        base / "temporary",
        *readable,
    ]
    allowed = [*(os.path.realpath(path) for path in own if str(path)), *MACHINE]

    def inside(path: str, folders: list[str]) -> bool:
        return any(
            path == one
            or path.startswith(one.rstrip("/") + "/")
            or (one in MACHINE and path.startswith(one))
            for one in folders
        )

    folders = {str(base), str(ROOT), str(ROOT.parent), os.path.realpath(tempfile.gettempdir()), "/"}
    assert sorted(path for path in read - folders if not inside(path, allowed)) == []
    assert not [
        path for path in read if Path(path).is_relative_to(outside) and Path(path).is_file()
    ]
    may_change = [
        str(written),
        str(base / "temporary"),
        str(base / "home"),
        "/dev/null",
        "/dev/shm",
    ]
    assert sorted(path for path in changed if not inside(path, may_change)) == []
    assert connections == []


@pytest.mark.timeout(300)
@pytest.mark.parametrize("command", ["build", "check"])
def test_a_hostile_pack_in_a_sandbox(tmp_path: Path, outside: Path, command: str) -> None:
    _pytest_skip()
    folder = hostile(tmp_path / "pack", outside)
    out = tmp_path / "out"
    out.mkdir()
    # Each obstacle that is found first is taken away, so that the next one is met.
    for obstacle in ("", "settings", "tables", "templates", "chapters"):
        if obstacle == "settings":
            (folder / "handbook.yaml").write_text("title: A\nchapters: [one.md, two.md]\n", "utf-8")
        elif obstacle == "tables":
            shutil.rmtree(folder / "tables")
        elif obstacle == "templates":
            (folder / "templates").unlink()
        elif obstacle == "chapters":
            text = (folder / "one.md").read_text("utf-8").partition("{%")[0]
            (folder / "one.md").write_text(text, "utf-8")
            (folder / "two.md").write_text("# B\n\nx\n", "utf-8")
        more = ("-o", "out/x.pdf") if command == "build" else ()
        code, said, calls = watched(tmp_path, command, "--content", "pack", *more)
        assert code == 1
        assert SECRET not in said
        assert "defect of the program" not in said
        assert len(calls) > 100
        check(calls, tmp_path, [folder], out, outside)
    assert not (out / "x.pdf").exists()


@pytest.mark.timeout(120)
def test_a_book_that_names_what_might_be_fetched(tmp_path: Path, outside: Path) -> None:
    _pytest_skip()
    folder = quiet(tmp_path / "pack")
    (tmp_path / "out").mkdir()
    code, said, calls = watched(tmp_path, "build", "--content", "pack", "-o", "out/x.pdf")
    assert code == 0, said
    check(calls, tmp_path, [folder, tmp_path / "out"], tmp_path / "out", outside)


@pytest.mark.timeout(120)
def test_documents_of_another_tool(tmp_path: Path, outside: Path) -> None:
    _pytest_skip()
    folder = site(tmp_path / "site")
    code, said, calls = watched(tmp_path, "new", "new", "--from", "site")
    assert code == 0, said
    assert SECRET not in "".join(
        path.read_text("utf-8", "replace")
        for path in (tmp_path / "new").rglob("*")
        if path.is_file()
    )
    check(calls, tmp_path, [folder, tmp_path / "new"], tmp_path / "new", outside)
