"""Pages that hold little: of phones, and in large print."""

from __future__ import annotations

import pymupdf
import pytest
from onepage import built
from pdfread import structure

from handbook.theme.print_options import PrintOptions

LARGE = PrintOptions(large_print=True)
HEAD = "| Kind | Finds | GitHub | Azure DevOps | Best moment |\n|---|---|---|---|---|\n"
LONG = (
    "| Dependency (SCA) | known vulnerabilities | `dependency-review-action`, Dependabot "
    "| `AdvancedSecurity-Dependency-Scanning@1` | `pull_request_and_whenever` |\n"
)
SHORT = "| Container | packages in layers | Trivy, Defender | Trivy, Defender | build, run time |\n"


def first_lines(pdf: bytes) -> list[str]:
    """The line at the head of each page, below the running head."""
    found = []
    with pymupdf.open(stream=pdf, filetype="pdf") as document:
        for page in document:
            words = [word for word in page.get_text("words") if word[1] > 0.08 * page.rect.height]
            top = min((word[1] for word in words), default=0.0)
            found.append(" ".join(word[4] for word in words if word[1] < top + 5))
    return found


@pytest.mark.parametrize("options", [{"paper": "phone"}, {"print_options": LARGE}])
def test_a_checkbox_stays_with_what_it_is_about(options: dict[str, object]) -> None:
    sections = [
        f"## Section {n}\n\n{'Some words of a paragraph. ' * (3 + n % 11)}\n\n"
        f"::: trap\n{'What is wrong here. ' * (2 + n % 3)}\n:::\n\n[ ] Tick me."
        for n in range(40)
    ]
    heads = first_lines(built("\n\n".join(sections), **options))
    assert len(heads) > 10
    assert [line for line in heads if line.startswith("Tick")] == []


def test_tables_with_one_head_are_stacked_alike_and_upright() -> None:
    body = f"{HEAD}{LONG * 3}\n\nBetween them.\n\n{HEAD}{SHORT * 3}"
    pdf = built(body, print_options=LARGE)
    with pymupdf.open(stream=pdf, filetype="pdf") as document:
        assert all(page.rect.width < page.rect.height for page in document)
    tables = structure(pdf).all("Table")
    assert [len(table.all("TR")) for table in tables] == [15, 15]


def test_the_index_has_columns_that_hold_a_term() -> None:
    terms = "\n\n".join(f"A sentence on :index[a longer term {n}]." for n in range(60))
    pdf = built(f"{terms}\n\n::index\n", print_options=LARGE)
    with pymupdf.open(stream=pdf, filetype="pdf") as document:
        page = document[-1]
        lefts = {round(word[0]) for word in page.get_text("words") if word[4] == "a"}
    assert 1 <= len(lefts) <= 2
