"""Every listing of the shipped book is parsed or run by its kind, and counted.

A YAML listing says in its title or its first line which file it is (`title="azure-pipelines.yml"`, `# .github/workflows/ci.yml`);
that decides its schema; `part of azure-pipelines.yml` marks a few lines that no schema fits. A bash listing that begins with `# runs in a scratch repository` is run in one.
"""

from __future__ import annotations

import importlib.resources
import json
import os
import re
import shutil
import subprocess
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pytest
import yaml

from handbook.core.diagnostics import Source
from handbook.markdown.convert.charts import ChartPlace, read_chart

CONTENT = Path(__file__).parents[2] / "content"
FENCE = re.compile(
    r"""^(?P<indent> *)```(?P<lang>[\w-]*)(?: title="(?P<title>[^"]*)")?[^\n]*\n"""
    r"(?P<code>.*?)^(?P=indent)```\s*$",
    re.M | re.S,
)
QUOTED = re.compile(r"""\{\{\s*(?:'([^']*)'|"([^"]*)")\s*\}\}""")
RAW = re.compile(r"\{%-?\s*raw\s*-?%\}.*?\{%-?\s*endraw\s*-?%\}", re.S)
SCRATCH = "# runs in a scratch repository"

# Tasks that the vendored schema of Azure Pipelines does not have yet, with the inputs that their pages list.
NEWER_TASKS = {
    "PublishCodeCoverageResults@2": {"summaryFileLocation", "pathToSources", "failIfCoverageEmpty"},
    "AzureLoadTest@1": {"azureSubscription", "loadTestConfigFile", "loadTestResource", "loadTestRunName", "loadTestRunDescription", "resourceGroup", "secrets", "env", "overrideParameters", "outputVariableName"},
    "AdvancedSecurity-Codeql-Init@1": {"enableAutomaticCodeQLInstall", "languages", "querysuite", "buildtype", "sourcesfolder", "threads", "ram", "configfilepath", "codeqlpathstoinclude", "codeqlpathstoignore", "codeqltaskconfigurationfile"},
    "AdvancedSecurity-Codeql-Autobuild@1": set(),
    "AdvancedSecurity-Codeql-Analyze@1": {"WaitForProcessing", "WaitForProcessingInterval", "WaitForProcessingTimeout"},
    "AdvancedSecurity-Dependency-Scanning@1": {"directoryExclusionList"},
    "MicrosoftSecurityDevOps@1": {"categories", "tools", "policy", "config", "languages", "break", "publish", "artifactName"},
    "VSTest@3": {"testSelector", "testAssemblyVer2", "searchFolder", "testFiltercriteria", "runOnlyImpactedTests", "runInParallel", "codeCoverageEnabled", "distributionBatchType", "rerunFailedTests", "rerunMaxAttempts", "rerunType", "uiTests", "vsTestVersion", "testRunTitle", "failOnMinTestsNotRun", "minimumExpectedTests"},
    "npmAuthenticate@0": {"workingFile", "customEndpoint", "azureDevOpsServiceConnection", "feedUrl", "workloadIdentityServiceConnection"},
    "NuGetAuthenticate@1": {"nuGetServiceConnections", "forceReinstallCredentialProvider", "azureDevOpsServiceConnection", "feedUrl", "workloadIdentityServiceConnection"},
}  # fmt: skip

# Kinds whose text is not a program; why nothing parses them.
NOT_PARSED = {
    "text": "what a program prints, or a place in a menu",
    "": "plain text",
    "mermaid": "drawn by the wiki; only its first word is looked at",
}


@dataclass(frozen=True)
class Listing:
    file: str
    line: int
    lang: str
    code: str

    @property
    def where(self) -> str:
        return f"{self.file}:{self.line}"


# How a comment begins.
COMMENTS = {"bicep": "//", "yaml": "#", "bash": "#", "python": "#", "dockerfile": "#"}


def literal(code: str) -> str:
    """A listing as the page shows it: Jinja's quoted braces as themselves."""
    return QUOTED.sub(lambda found: found[1] or found[2], code)


def as_printed(code: str, raw: bool) -> str:
    """The text of a listing once Jinja has been through it: `raw` says that all of it is protected."""
    if raw:
        return code
    parts = re.split(r"\{%-?\s*raw\s*-?%\}\n?(.*?)\{%-?\s*endraw\s*-?%\}\n?", code, flags=re.S)
    return "".join(part if number % 2 else literal(part) for number, part in enumerate(parts))


def chapter_listings(path: Path) -> list[Listing]:
    text = path.read_text(encoding="utf-8")
    raw = [range(found.start(), found.end()) for found in RAW.finditer(text)]
    listings = []
    for found in FENCE.finditer(text):
        inside = any(found.start() in part for part in raw)
        code = as_printed(re.sub(rf"^{found['indent']}", "", found["code"], flags=re.M), inside)
        line = text[: found.start()].count("\n") + 1
        if found["title"] and (mark := COMMENTS.get(found["lang"])):
            code = f"{mark} {found['title']}\n{code}"
        listings.append(Listing(f"{path.parent.name}/{path.name}", line, found["lang"], code))
    return listings


def question_rows(table: Path) -> list[dict]:
    found = yaml.safe_load(table.read_text(encoding="utf-8")) or []
    rows = found["rows"] if isinstance(found, dict) else found
    return [question for row in rows for question in (row.get("questions") or [row])]


def question_listings(table: Path) -> list[Listing]:
    listings = []
    for row in question_rows(table):
        if not isinstance(row.get("code"), str):
            continue
        code = row["code"]
        for number, gap in enumerate(row.get("gaps") or []):
            code = code.replace(f"«{number + 1}»", str(gap["right"]))
        listings.append(Listing(f"{table.name} {row['id']}", 0, row.get("lang", "text"), code))
    return listings


@lru_cache(maxsize=1)
def listings() -> tuple[Listing, ...]:
    found: list[Listing] = []
    for chapter in sorted((CONTENT / "chapters").glob("*.md")):
        found += chapter_listings(chapter)
    for table in [
        *sorted((CONTENT / "tables").glob("questions_*.yaml")),
        CONTENT / "tables" / "cases.yaml",
    ]:
        if table.is_file():
            found += question_listings(table)
    return tuple(found)


def of(*langs: str) -> list[Listing]:
    return [listing for listing in listings() if listing.lang in langs]


# What a YAML listing is.


def first_line(code: str) -> str:
    return code.lstrip().splitlines()[0] if code.strip() else ""


def kind_of_yaml(code: str) -> str:
    """azure, github, action, dependabot or other: by the path in the first line, else by the keys."""
    name = first_line(code)
    if name.startswith("#"):
        if re.match(r"# (part|end|beginning) of", name):
            return "part"
        if ".github/workflows/" in name:
            return "github"
        if "dependabot" in name:
            return "dependabot"
        if re.search(r"\baction\.ya?ml", name):
            return "action"
        if re.search(
            r"(azure-pipelines[\w-]*\.ya?ml|templates/[\w/-]+\.ya?ml|pipelines/[\w/-]+\.ya?ml)",
            name,
        ):
            return "azure"
        if re.search(r"\.ya?ml", name):
            return "other"
    try:
        document = yaml.safe_load(code)
    except yaml.YAMLError:
        return "broken"
    keys = set(document) if isinstance(document, dict) else set()
    if ("on" in keys or True in keys) and "jobs" in keys:
        return "github"
    if "updates" in keys:
        return "dependabot"
    if "runs" in keys:
        return "action"
    if keys & {"stages", "steps", "trigger", "extends", "pr", "schedules"}:
        return "azure"
    return "other"


@lru_cache(maxsize=1)
def yaml_files() -> tuple[tuple[str, str, Listing], ...]:
    """Kind, text and listing of every YAML document; a listing of two files has `---` between them."""
    found = []
    for listing in of("yaml", "yml"):
        for code in re.split(r"^---[ ]*$", listing.code, flags=re.M):
            if code.strip():
                kind = kind_of_yaml(code)
            whole = re.search(r"^(stages|jobs|steps|extends|variables|parameters):", code, re.M)
            github = re.search(r"^ *- uses:", code, re.M)
            found.append(
                ("part" if kind == "azure" and (github or not whole) else kind, code, listing)
            )
    return tuple(found)


def yaml_kinds() -> Counter[str]:
    return Counter(kind for kind, _, _ in yaml_files())


def vendored(name: str) -> dict:
    check_jsonschema = pytest.importorskip(
        "check_jsonschema", reason="the extra `publish` brings the schemas (check-jsonschema)"
    )
    folder = importlib.resources.files(check_jsonschema) / "builtin_schemas" / "vendor"
    return json.loads((folder / name).read_text(encoding="utf-8"))


def validator(schema: dict, *, scalars: bool):
    """A validator; with `scalars` it takes any scalar for a string, as Azure Pipelines does."""
    jsonschema = pytest.importorskip("jsonschema")
    base = jsonschema.validators.validator_for(schema)
    if not scalars:
        return base(schema)
    checker = base.TYPE_CHECKER.redefine(
        "string", lambda _, value: isinstance(value, (str, int, float))
    ).redefine("boolean", lambda _, value: str(value).lower() in ("true", "false"))

    def pattern(_validator, wanted, value, _schema):
        text = str(value).lower() if isinstance(value, bool) else str(value)
        if not isinstance(value, (dict, list)) and not re.search(wanted, text):
            yield jsonschema.ValidationError(f"{text!r} does not match {wanted!r}")

    def enum(validator, wanted, value, rest):
        if not str(value).startswith("$("):  # a macro is filled in at run time
            yield from base.VALIDATORS["enum"](validator, wanted, value, rest)

    rules = {"pattern": pattern, "enum": enum}
    return jsonschema.validators.extend(base, rules, type_checker=checker)(schema)


def plain(value: object) -> object:
    """What JSON could hold: YAML reads the key `on` as true."""
    if isinstance(value, dict):
        return {"on" if key is True else str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value if value is None or isinstance(value, (str, int, float, bool)) else str(value)


def leaves(error) -> list:
    return [leaf for part in error.context for leaf in leaves(part)] if error.context else [error]


def complaints(document: object, schema: dict, *, scalars: bool = False) -> list[str]:
    reported = []
    for error in validator(schema, scalars=scalars).iter_errors(document):
        ends = leaves(error)
        deepest = max(len(end.absolute_path) for end in ends)
        reported += [
            f"{list(end.absolute_path)}: {end.message[:160]}"
            for end in ends
            if len(end.absolute_path) == deepest
        ][:2]
    return reported


def unrolled(value: object) -> object:
    """A pipeline with its template expressions done once: the schema knows what they make, not themselves."""
    if isinstance(value, list):
        made: list = []
        for item in value:
            only = next(iter(item)) if isinstance(item, dict) and len(item) == 1 else ""
            if only.startswith("${{"):
                inner = unrolled(item[only])
                made += inner if isinstance(inner, list) else [inner]
            else:
                made.append({"script": "echo"} if str(item).startswith("${{") else unrolled(item))
        return made
    if not isinstance(value, dict):
        return value
    out: dict = {}
    for key, item in value.items():
        if key.startswith("${{") and isinstance(item, dict):
            out.update(unrolled(item))
        else:
            out[key] = unrolled(item)
    return out


def without_newer_tasks(value: object, reported: list[str]) -> object:
    """A pipeline with tasks unknown to the schema replaced by a script, their inputs looked at here."""
    if isinstance(value, list):
        return [without_newer_tasks(item, reported) for item in value]
    if not isinstance(value, dict):
        return value
    if value.get("task") in NEWER_TASKS:
        unknown = set(value.get("inputs") or {}) - NEWER_TASKS[value["task"]]
        reported += [f"{value['task']} has no input {name!r}" for name in sorted(unknown)]
        rest = {key: item for key, item in value.items() if key not in ("task", "inputs")}
        return {"script": "echo", **rest}
    return {key: without_newer_tasks(item, reported) for key, item in value.items()}


def report(faults: list[str]) -> None:
    assert not faults, "\n" + "\n".join(faults)


def test_yaml_is_well_formed() -> None:
    faults = []
    for listing in of("yaml", "yml"):
        try:
            list(yaml.safe_load_all(listing.code))
        except yaml.YAMLError as error:
            faults.append(f"{listing.where}: {error}")
    report(faults)
    assert yaml_kinds().total() > 60


def test_azure_pipelines_follow_the_schema() -> None:
    schema = vendored("azure-pipelines.json")
    faults = []
    for kind, code, listing in yaml_files():
        if kind == "azure":
            reported: list[str] = []
            document = without_newer_tasks(unrolled(plain(yaml.safe_load(code))), reported)
            if not set(document) & {"stages", "jobs", "steps", "extends"}:
                document["steps"] = [{"script": "echo"}]  # a template of variables
            faults += [
                f"{listing.where}: {fault}"
                for fault in reported + complaints(document, schema, scalars=True)
            ]
    report(faults)


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("github", "github-workflows.json"),
        ("action", "github-actions.json"),
        ("dependabot", "dependabot.json"),
    ],
)
def test_github_files_follow_their_schemas(kind: str, name: str) -> None:
    schema = vendored(name)
    faults = []
    for found, code, listing in yaml_files():
        if found == kind:
            document = plain(yaml.safe_load(code))
            faults += [
                f"{listing.where}: {fault}" for fault in complaints(without_queue(document), schema)
            ]
    report(faults)


ROOT = {"name", "on", "permissions", "env", "defaults", "concurrency", "jobs", "run-name"}
JOB = {"name", "needs", "if", "runs-on", "environment", "permissions", "concurrency", "outputs", "env", "strategy", "container", "services", "steps", "uses", "with", "secrets", "timeout-minutes", "continue-on-error", "defaults"}  # fmt: skip


def azure_file(part: object) -> dict:
    """A few lines as part of the smallest pipeline that holds them."""
    if isinstance(part, list):
        first = part[0] if part and isinstance(part[0], dict) else {}
        level = (
            "stages"
            if "stage" in first
            else "jobs"
            if first.keys() & {"job", "deployment"}
            else "steps"
        )
        return {level: part}
    whole = dict(part) if isinstance(part, dict) else {}
    return (
        whole
        if whole.keys() & {"stages", "jobs", "steps", "extends"}
        else {**whole, "steps": [{"script": "echo"}]}
    )


def github_file(part: object) -> dict:
    """A few lines as part of the smallest workflow that holds them."""
    step = [{"run": "echo"}]

    def job(lines: dict) -> dict:
        rest = {} if "uses" in lines else {"runs-on": "ubuntu-latest", "steps": step}
        return {**rest, **lines}

    if isinstance(part, list):
        jobs, whole = {"one": job({"steps": part})}, {}
    elif isinstance(part, dict) and part.keys() <= ROOT:
        jobs, whole = {"one": job({})}, part
    elif isinstance(part, dict) and part.keys() <= JOB:
        jobs, whole = {"one": job(part)}, {}
    else:
        jobs, whole = part, {}
    jobs = whole.get("jobs", jobs)
    named = (
        {name: job(lines) if isinstance(lines, dict) else lines for name, lines in jobs.items()}
        if isinstance(jobs, dict)
        else jobs
    )
    return {"on": "push", **whole, "jobs": named}


def test_parts_of_files_follow_a_schema_when_completed() -> None:
    azure, github = vendored("azure-pipelines.json"), vendored("github-workflows.json")
    faults = []
    for kind, code, listing in yaml_files():
        named = re.match(r"#.*\.ya?ml", first_line(code)) and kind == "other"
        if kind not in ("part", "other") or named:
            continue
        part = unrolled(plain(yaml.safe_load(code)))
        reported: list[str] = []
        asked = without_newer_tasks(azure_file(part), reported)
        first = reported + complaints(asked, azure, scalars=True)
        second = complaints(without_queue(github_file(part)), github)
        if first and second:
            faults += [f"{listing.where}: {fault}" for fault in [*first[:2], *second[:2]]]
    report(faults)


# The first major version of an action that runs on Node 24: GitHub's runners no longer have Node 20.
NODE_24 = {"actions/checkout": 5, "actions/setup-node": 5, "actions/setup-dotnet": 5, "actions/setup-python": 6, "actions/setup-java": 5, "actions/cache": 5, "actions/upload-artifact": 6, "actions/download-artifact": 7, "azure/login": 3, "github/codeql-action": 4}  # fmt: skip


def test_actions_run_on_a_runtime_that_there_is() -> None:
    faults = []
    for listing in listings():
        for name, major in re.findall(r"uses: ([\w-]+/[\w-]+)[\w/.-]*@v(\d+)", listing.code):
            if int(major) < NODE_24.get(name.lower(), 0):
                faults.append(f"{listing.where}: {name}@v{major}")
    report(faults)


def without_queue(document: object) -> object:
    """`concurrency.queue` came in May 2026, after the vendored schema."""
    if isinstance(document, dict):
        return {
            key: {name: word for name, word in item.items() if name != "queue"}
            if key == "concurrency" and isinstance(item, dict)
            else without_queue(item)
            for key, item in document.items()
        }
    return [without_queue(item) for item in document] if isinstance(document, list) else document


def test_what_pipelines_use_is_there() -> None:
    """Names that a pipeline refers to are defined in it: stages, jobs, artefacts, needs."""
    faults = []
    for kind, code, listing in yaml_files():
        document = plain(yaml.safe_load(code)) if kind in ("azure", "github") else None
        if isinstance(document, dict):
            faults += [
                f"{listing.where}: {fault}"
                for fault in (dangling_azure if kind == "azure" else dangling_github)(document)
            ]
    report(faults)


def as_list(value: object) -> list:
    return value if isinstance(value, list) else [] if value in (None, "") else [value]


def dangling_azure(document: dict) -> list[str]:
    reported = []
    for level, name in (
        (as_list(document.get("stages")), "stage"),
        *(
            (as_list(part.get("jobs")), "job")
            for part in [document, *as_list(document.get("stages"))]
            if isinstance(part, dict)
        ),
    ):
        known = {
            part[key]
            for part in level
            if isinstance(part, dict)
            for key in (name, "deployment")
            if key in part
        }
        if any(
            isinstance(part, dict)
            and ("template" in part or any(key.startswith("${{") for key in part))
            for part in level
        ):
            continue  # a template may bring the name
        for part in level:
            reported += [
                f"dependsOn {other!r} is no {name}"
                for other in as_list(part.get("dependsOn"))
                if "${{" not in other and other not in known
            ]
    return reported


def dangling_github(document: dict) -> list[str]:
    jobs = document.get("jobs") or {}
    return [
        f"needs {other!r} is not a job"
        for job in jobs.values()
        for other in as_list(job.get("needs"))
        if other not in jobs
    ]


def test_json_is_json() -> None:
    faults = []
    for listing in of("json"):
        try:
            json.loads(listing.code)
        except ValueError as error:
            faults.append(f"{listing.where}: {error}")
    report(faults)


@pytest.mark.skipif(not shutil.which("bash"), reason="no bash on this machine")
def test_bash_is_well_formed() -> None:
    faults = []
    for listing in of("bash", "sh", "shell"):
        done = subprocess.run(
            ["bash", "-n"], input=listing.code, text=True, capture_output=True, timeout=300
        )
        if done.returncode or done.stderr:
            faults.append(f"{listing.where}: {done.stderr.strip()}")
    report(faults)


@pytest.mark.skipif(
    not (shutil.which("git") and shutil.which("bash")), reason="no git or no bash on this machine"
)
def test_git_listings_run_in_a_scratch_repository(tmp_path: Path) -> None:
    own = {
        "HOME": str(tmp_path), "GIT_CONFIG_GLOBAL": str(tmp_path / "gitconfig"), "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_AUTHOR_NAME": "Reader", "GIT_AUTHOR_EMAIL": "reader@example.org",
        "GIT_COMMITTER_NAME": "Reader", "GIT_COMMITTER_EMAIL": "reader@example.org", "GIT_EDITOR": "true",
    }  # fmt: skip
    (tmp_path / "gitconfig").write_text(
        '[init]\n\tdefaultBranch = main\n[protocol "file"]\n\tallow = always\n'
    )
    faults = []
    for number, listing in enumerate(of("bash", "sh", "shell")):
        if first_line(listing.code).startswith(SCRATCH):
            folder = tmp_path / str(number)
            folder.mkdir()
            done = subprocess.run(
                ["bash", "-eu"],
                input=listing.code,
                text=True,
                capture_output=True,
                cwd=folder,
                env={**os.environ, **own},
                timeout=120,
            )
            if done.returncode:
                faults.append(f"{listing.where}: {done.stdout[-300:]}{done.stderr[-600:]}")
    report(faults)


def az_commands() -> dict[str, set[str]]:
    """The commands of the Azure command line in all listings, with the options they use."""
    found: dict[str, set[str]] = {}
    for listing in of("bash", "sh", "shell", "yaml", "yml"):
        code = re.sub(r"\\\n\s*", " ", listing.code)
        code = re.sub(r">-\n((?: +\S.*\n?)+)", lambda part: " ".join(part[1].split()) + "\n", code)
        for words in re.findall(r"(?:^|[\s(])az ((?:[a-z][\w-]* ?)+[^)\n|]*)", code):
            path = re.match(r"(?:[a-z][\w-]*(?: |$))+", words)
            if path:
                options = set(re.findall(r"(?<!\S)(--[\w-]+)", words))
                found.setdefault(path[0].strip(), set()).update(options)
    return found


# Groups that come with an extension, which the plain command line does not know.
EXTENSIONS = ("artifacts", "boards", "devcenter", "devops", "extension", "load", "monitor app-insights", "monitor scheduled-query", "pipelines", "repos")  # fmt: skip


def test_az_commands_and_options_exist() -> None:
    """Looked up in the help of the command line, minutes long: HANDBOOK_AZ=$(command -v az)."""
    az = os.environ.get("HANDBOOK_AZ")
    if not az:
        pytest.skip("HANDBOOK_AZ does not name the Azure command line (pip install azure-cli)")
    faults = []
    for command, options in sorted(az_commands().items()):
        if not command.startswith(EXTENSIONS):
            done = subprocess.run([az, *command.split(), "--help"], capture_output=True, text=True)
            known = set(re.findall(r"(?<!\w)(--[\w-]+)", done.stdout)) | {"--query", "--output"}
            faults += [f"az {command}: {done.stderr[:200]}"] if done.returncode else []
            faults += [f"az {command} has no {name}" for name in sorted(options - known)]
    report(faults)


PAIRS = {")": "(", "]": "[", "}": "{"}


def unbalanced(code: str, comment: str, quotes: str, escape: str = "") -> str:
    """What is wrong with the brackets and quotes of a listing, or nothing."""
    deep: list[tuple[str, int]] = []
    for number, line in enumerate(code.splitlines(), 1):
        quote = ""
        at = 0
        while at < len(line):
            char = line[at]
            if quote:
                if escape and char == escape:
                    at += 1
                elif char == quote:
                    quote = ""
            elif line.startswith(comment, at):
                break
            elif char in quotes:
                quote = char
            elif char in "([{":
                deep.append((char, number))
            elif char in PAIRS and (not deep or deep.pop()[0] != PAIRS[char]):
                return f"line {number}: {char} closes nothing"
            at += 1
        if quote:
            return f"line {number}: {quote} is not closed"
    return f"line {deep[-1][1]}: {deep[-1][0]} is not closed" if deep else ""


OPERATORS = {"where", "summarize", "extend", "project", "project-away", "project-rename", "project-keep", "project-reorder", "order", "sort", "take", "limit", "top", "count", "distinct", "join", "union", "render", "parse", "mv-expand", "make-series", "evaluate", "lookup", "sample", "as", "serialize", "search", "getschema", "invoke", "parse-where", "top-nested", "reduce", "mv-apply", "partition", "scan", "find"}  # fmt: skip


def test_kusto_has_its_structure() -> None:
    """Brackets and quotes close, and each line after a bar begins with an operator of the language."""
    faults = []
    for listing in of("kusto", "kql"):
        wrong = unbalanced(listing.code, "//", "\"'", "\\")
        if wrong:
            faults.append(f"{listing.where}: {wrong}")
        for line in listing.code.splitlines():
            found = re.match(r"\s*\|\s*([\w-]+)", line)
            if found and found[1] not in OPERATORS:
                faults.append(f"{listing.where}: no operator {found[1]!r}")
    report(faults)


KUSTO = r"""
const fs = require("fs"), vm = require("vm"), path = require("path"), root = path.dirname(require.resolve("@kusto/language-service-next"));
for (const name of ["bridge.min.js", "Kusto.Language.Bridge.min.js"]) vm.runInThisContext(fs.readFileSync(path.join(root, name), "utf8"));
for (const [where, code] of JSON.parse(fs.readFileSync(0, "utf8"))) {
  const reported = Kusto.Language.KustoCode.Parse(code).GetSyntaxDiagnostics();
  for (let i = 0; i < reported.Count; i++) console.log(where + ": " + reported.getItem(i).Message);
}
"""


def test_kusto_parses_with_the_language_service() -> None:
    """With the language's own parser, where npm has put it: `npm i @kusto/language-service-next`, and NODE_PATH."""
    if (
        not shutil.which("node")
        or subprocess.run(
            ["node", "-e", "require.resolve('@kusto/language-service-next')"], capture_output=True
        ).returncode
    ):
        pytest.skip(
            "node or @kusto/language-service-next is not there (NODE_PATH); the structure is checked without it"
        )
    queries = json.dumps(
        [
            [listing.where, query]
            for listing in of("kusto", "kql")
            # A blank line ends a query, as in the editor, but not after a `let`.
            for query in re.split(r"(?<!;)\n\s*\n", listing.code)
            if query.strip()
        ]
    )
    done = subprocess.run(
        ["node", "-e", KUSTO], input=queries, text=True, capture_output=True, timeout=300
    )
    assert not done.returncode, done.stderr[-800:]
    report(done.stdout.splitlines())


BICEP = re.compile(
    r"(@|targetScope\b|metadata\b|param\b|var\b|resource\b|module\b|output\b|type\b|func\b|import\b|using\b|extension\b|provider\b|assert\b)"
)


def test_bicep_has_its_structure() -> None:
    faults = []
    for listing in of("bicep"):
        wrong = unbalanced(listing.code, "//", "'", "\\")
        if wrong:
            faults.append(f"{listing.where}: {wrong}")
        deep = 0
        for line in listing.code.splitlines():
            if (
                line.strip()
                and not deep
                and not line.startswith((" ", "}", "]", ")", "//"))
                and not BICEP.match(line)
            ):
                faults.append(f"{listing.where}: no statement: {line}")
            bare = re.sub(r"'[^']*'|//.*", "", line)
            deep += sum(bare.count(char) for char in "([{") - sum(
                bare.count(char) for char in ")]}"
            )
    report(faults)


def syntax_errors(language: object, code: str) -> list[int]:
    """The lines where tree-sitter's grammar does not fit."""
    from tree_sitter import Language, Parser

    waiting, found = [Parser(Language(language)).parse(code.encode()).root_node], []
    while waiting:
        node = waiting.pop()
        if node.is_error or node.is_missing:
            found.append(node.start_point[0] + 1)
        waiting += node.children
    return found


@pytest.mark.parametrize(
    ("lang", "module"),
    [
        ("bicep", "tree_sitter_bicep"),
        ("powershell", "tree_sitter_powershell"),
        ("dockerfile", "tree_sitter_dockerfile"),
    ],
)
def test_grammars_of_tree_sitter_fit(lang: str, module: str) -> None:
    pytest.importorskip(
        "tree_sitter", reason="tree-sitter is not installed; the structure is checked without it"
    )
    grammar = pytest.importorskip(
        module, reason=f"{module} is not installed; the structure is checked without it"
    )
    faults = [
        f"{listing.where}: line {line}"
        for listing in of(lang)
        if "\nusing " not in listing.code  # the grammar knows no parameter files (.bicepparam)
        for line in syntax_errors(grammar.language(), listing.code)
    ]
    report(faults)


@pytest.mark.parametrize(
    ("langs", "comment", "quotes", "escape"),
    [(("powershell",), "#", "\"'", "`"), (("sql", "wiql"), "--", "'", ""), (("csharp", "java"), "//", "\"", "\\"), (("javascript", "js", "typescript"), "//", "\"'", "\\"), (("python",), "#", "\"'", "\\"), (("hcl", "terraform"), "#", "\"", "\\")],
)  # fmt: skip
def test_brackets_and_quotes_close(
    langs: tuple[str, ...], comment: str, quotes: str, escape: str
) -> None:
    report(
        [
            f"{listing.where}: {wrong}"
            for listing in of(*langs)
            if (wrong := unbalanced(listing.code, comment, quotes, escape))
        ]
    )


def test_python_compiles() -> None:
    for listing in of("python"):
        compile(listing.code, listing.where, "exec")


INSTRUCTION = re.compile(
    r"(FROM|RUN|COPY|ADD|WORKDIR|USER|ENTRYPOINT|CMD|ENV|ARG|EXPOSE|LABEL|HEALTHCHECK|VOLUME|SHELL|#)\b|#"
)


def test_dockerfiles_have_instructions_and_a_base() -> None:
    faults = []
    for listing in of("dockerfile"):
        joined = re.sub(r"\\\n", " ", listing.code)
        faults += [
            f"{listing.where}: {line}"
            for line in joined.splitlines()
            if line.strip() and not INSTRUCTION.match(line)
        ]
        if "FROM " not in joined:
            faults.append(f"{listing.where}: no FROM")
        stages = set(re.findall(r"^FROM \S+ AS (\S+)", joined, re.M))
        faults += [
            f"{listing.where}: no stage {name}"
            for name in re.findall(r"--from=(\w+)", joined)
            if name not in stages
        ]
    report(faults)


def test_xml_is_well_formed() -> None:
    from lxml import etree

    for listing in of("xml"):
        etree.fromstring(listing.code.encode())


def test_configuration_files_are_read() -> None:
    """INI-like files (.gitconfig, requirements, .npmrc) and .gitattributes, by their lines."""
    line = re.compile(r"(\[[^\]]+\]|[\w.@/:-]+\s*=\s*.*|[;#].*|)\s*$")
    report(
        [
            f"{listing.where}: {text}"
            for listing in of("ini", "properties")
            for text in listing.code.splitlines()
            if not line.match(text.strip())
        ]
    )
    report(
        [
            f"{listing.where}: {text}"
            for listing in of("gitattributes")
            for text in listing.code.splitlines()
            if text.strip() and not re.match(r"#|\S+\s+\S+", text)
        ]
    )


def test_mermaid_names_its_diagram() -> None:
    kinds = (
        "graph",
        "flowchart",
        "sequenceDiagram",
        "gitGraph",
        "stateDiagram",
        "gantt",
        "classDiagram",
        "erDiagram",
        "pie",
        "journey",
        "timeline",
        "%%",
    )
    report(
        [
            listing.where
            for listing in of("mermaid")
            if not first_line(listing.code.replace("::: mermaid", "")).strip().startswith(kinds)
        ]
    )


CHECKED = {"chart", "yaml", "yml", "json", "bash", "sh", "shell", "kusto", "kql", "bicep", "powershell", "sql", "wiql", "csharp", "java", "javascript", "js", "typescript", "python", "hcl", "terraform", "dockerfile", "xml", "ini", "properties", "gitattributes"}  # fmt: skip


def test_charts_can_be_read_and_say_what_they_show() -> None:
    assert len(of("chart")) >= 11
    for listing in of("chart"):
        place = ChartPlace(lambda line, own=listing: Source(own.file, own.line + line), (), CONTENT)  # type: ignore[misc]
        chart = read_chart(listing.code, place, {"source": Source(listing.file, listing.line)})
        assert chart.alt, listing.where


def test_every_kind_has_a_check_and_is_counted(capsys: pytest.CaptureFixture[str]) -> None:
    counted = Counter(listing.lang for listing in listings())
    unknown = set(counted) - CHECKED - set(NOT_PARSED)
    assert not unknown, (
        f"no check for {sorted(unknown)}: {[item.where for item in listings() if item.lang in unknown]}"
    )
    run = sum(first_line(listing.code).startswith(SCRATCH) for listing in of("bash", "sh", "shell"))
    with capsys.disabled():
        print(
            f"\nlistings: {dict(counted.most_common())}; YAML by schema: {dict(yaml_kinds().most_common())}; run: {run}"
        )
        print(
            f"not parsed: { {lang: (counted[lang], why) for lang, why in NOT_PARSED.items() if counted[lang]} }"
        )


def test_no_listing_depends_on_jinja() -> None:
    """Braces in a listing outside `raw` would be filled in by the template: what is checked must be what is printed."""
    faults = []
    for chapter in sorted((CONTENT / "chapters").glob("*.md")):
        text = RAW.sub(
            lambda found: "\n" * found[0].count("\n"), chapter.read_text(encoding="utf-8")
        )
        for found in FENCE.finditer(text):
            left = QUOTED.sub("", found["code"])
            if "{{" in left or "{%" in left:
                faults.append(f"chapters/{chapter.name}:{text[: found.start()].count(chr(10)) + 1}")
    report(faults)
