"""`handbook new --from`: what Jekyll, Liquid and kramdown make of a page, and where it is listed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pack.test_importer_sources import Imported

CONFIG = {"_config.yml": "title: T\ncollections: {lessons: {output: true}}\n"}


def page(tmp_path: Path, text: str, **more: str) -> Imported:
    return Imported(tmp_path, {**CONFIG, "index.md": f"---\ntitle: A\n---\n\n{text}", **more})


def test_html_ends_at_its_last_tag(tmp_path: Path) -> None:
    made = page(
        tmp_path,
        '<div class="box" markdown="1">\n*Hot* tea\n</div>\n```text\n*as it is*\n```\n\n<div>\nraw\n</div>\nAfter *it*.\n',
    )
    assert made.text("index.md").split("---\n\n")[1] == (
        '<div class="box" markdown="1">\n\n*Hot* tea\n</div>\n\n```text\n*as it is*\n```\n\n'
        "<div>\nraw\n</div>\n\nAfter *it*.\n"
    )


def test_markdown_in_any_element_that_says_so(tmp_path: Path) -> None:
    made = page(
        tmp_path,
        '<aside markdown="1">\nUse [tea](https://example.org/).\n  <p markdown="1" class="by">\n'
        "— [Ann](https://example.org/ann)\n  </p>\n</aside>\n\n<aside>\n[raw]\n</aside>\n",
    )
    assert made.text("index.md").split("---\n\n")[1] == (
        '<aside markdown="1">\n\nUse [tea](https://example.org/).\n  <p markdown="1" class="by">\n\n'
        "— [Ann](https://example.org/ann)\n  </p>\n</aside>\n\n<aside>\n[raw]\n</aside>\n"
    )


def test_a_box_in_a_box(tmp_path: Path) -> None:
    made = page(tmp_path, "{: .important }\n> Outer\n>\n> {: .warning }\n> Inner\n")
    assert ":::important\nOuter\n\n:::warning\nInner\n:::\n" in made.text("index.md")


def test_contents_of_a_page_are_left_out_with_their_heading(tmp_path: Path) -> None:
    made = page(
        tmp_path,
        "## Table of contents\n{: .no_toc }\n\n1. TOC\n{:toc}\n\n## Tea\n\n- TOC\n{:toc}\n",
    )
    assert made.text("index.md").split("---\n\n")[1].split() == ["##", "Tea"]
    assert "Contents of single pages, left out: 2" in made.report


def test_raw_text_in_highlighted_code_and_fences_in_it(tmp_path: Path) -> None:
    made = page(
        tmp_path,
        "<div>\n\n{% highlight diff %}\n{% raw %}\n- {{ old }}\n+ {% new %}\n{% endraw %}\n{% endhighlight %}\n</div>\n\n"
        "{% highlight markdown %}\n```text\nx\n```\n{% endhighlight %}\n",
    )
    text = made.text("index.md")
    assert "```diff\n\n- {{ old }}\n+ {% new %}\n\n```" in text
    assert "````markdown\n```text\nx\n```\n````" in text


def test_filters_that_jekyll_adds(tmp_path: Path) -> None:
    made = page(
        tmp_path,
        "{% assign years = site.data.talks | group_by: 'year' %}\n{% for year in years %}\n"
        "## {{ year.name }}\n\n{% for talk in year.items %}- {{ talk.topic }}\n{% endfor %}\n{% endfor %}\n"
        "{% if true %}{{ site.data.names | array_to_sentence_string }} {{ site.data.names | push: 'x' | jsonify }} "
        "{{ 'a b&c' | cgi_escape }} {{ 'a b' | uri_escape }} {{ 'one two' | number_of_words }}{% endif %}\n",
        **{
            "_data/talks.yml": "- {year: 2, topic: Leaf}\n- {year: 1, topic: Pot}\n- {year: 2, topic: Cup}\n",
            "_data/names.yml": "[Ann, Bob, Cy]\n",
        },
    )
    words = made.text("index.md").split("---\n\n")[1].split()
    assert words[:10] == ["##", "2", "-", "Leaf", "-", "Cup", "##", "1", "-", "Pot"]
    assert " ".join(words[10:]) == 'Ann, Bob, and Cy ["Ann", "Bob", "Cy", "x"] a+b%26c a%20b 2'


def test_two_parents_of_one_name(tmp_path: Path) -> None:
    def front(title: str, **keys: str) -> str:
        return (
            "---\n" + "".join(f"{k}: {v}\n" for k, v in {"title": title, **keys}.items()) + "---\n"
        )

    made = Imported(
        tmp_path,
        {
            **CONFIG,
            "index.md": front("Home", nav_order="1"),
            "a.md": front("Black", nav_order="2"),
            "b.md": front("Green", nav_order="3"),
            "as.md": front("Sorts", parent="Black"),
            "bs.md": front("Sorts", parent="Green"),
            "at.md": front("Assam", parent="Sorts", grand_parent="Black"),
            "bt.md": front("Sencha", parent="Sorts", grand_parent="Green"),
            "bu.md": front("Matcha", parent="Sorts", ancestor="Green"),
            "bv.md": front("Uji", parent="Matcha", ancestor="Green"),
            "au.md": front("Matcha", parent="Sorts", ancestor="Black"),
        },
    )  # fmt: skip
    assert [entry[-1] for entry in made.listed] == [
        "Home", "Black", "Sorts", "Assam", "Matcha", "Green", "Sorts", "Matcha", "Uji", "Sencha"
    ]  # fmt: skip


def test_lists_that_name_the_pages_of_a_collection(tmp_path: Path) -> None:
    lesson = "---\ntitle: {}\n---\n"
    made = Imported(
        tmp_path,
        {
            **CONFIG,
            "index.md": "---\ntitle: Home\n---\n",
            "_lessons/pour.md": lesson.format("Pouring"),
            "_lessons/boil.md": "---\ntitle: Boiling\nmenu_name: To boil\n---\n",
            "_lessons/warm.md": lesson.format("Warming"),
            "_data/lessons_nav.yml": "- title: Lessons\n  lessons: [warm, boil, pour]\n",
            "_data/primary_nav.yml": "- {title: Other, link: /lessons/warm}\n",
        },
    )
    assert made.listed[0][1:] == ("Lessons", "Warming")
    assert [entry[-1] for entry in made.listed] == ["Warming", "To boil", "Pouring", "Home"]


def test_menus_of_sections_are_below_the_menu_of_the_site(tmp_path: Path) -> None:
    titles = ("Hot", "Green", "Black", "Cold", "Mint", "Hibiscus", "Moved")
    pages = {
        f"_pages/{title.lower()}.md": f"---\npermalink: /{title.lower()}/\n"
        + ("redirect_to: /hot/\n" if title == "Moved" else "")
        + f"---\n\n# {title} tea\n\nWords.\n"
        for title in titles
    }
    made = Imported(
        tmp_path,
        {
            "_config.yml": "title: T\ninclude: [_pages]\n",
            "index.md": "---\nlayout: home\n---\n\n# Home\n",
            "about.html": "---\n---\n<p>Us</p>\n",
            "_data/navigation.yml": "\n".join(
                f"{name}:\n" + "\n".join(f"  - {{text: {t}, href: {h}}}" for t, h in entries)
                for name, entries in {
                    "main": [("Welcome", "/"), ("Hot", "/hot/"), ("Cold", "/cold/")],
                    "hot": [("Hot", "/hot/"), ("Black", "/black/"), ("Green", "/green/")],
                    "cold": [("Cold", "/cold/"), ("Mint", "/mint/"), ("Hibiscus", "/hibiscus/")],
                }.items()
            ),
            **pages,
        },
    )
    assert [(entry[0], entry[-1]) for entry in made.listed] == [
        (0, "Welcome"), (0, "Hot"), (1, "Black"), (1, "Green"), (0, "Cold"), (1, "Mint"), (1, "Hibiscus"),
    ]  # fmt: skip
    assert "pages that lead to others: 1 (_pages/moved.md)" in made.report
    assert "pages in HTML: 1 (about.html)" in made.report


def test_without_a_list_pages_are_as_the_first_page_links_them(tmp_path: Path) -> None:
    made = Imported(
        tmp_path,
        {
            "_config.yml": "title: T\n",
            "index.html": "---\n---\n<!-- <a href='/apart/'>No</a> -->\n<a class='x' href='{{ site.baseurl }}/warm/'>\n"
            "How to <b>warm</b></a>\n<a href='/boil/'>Boil it</a>",
            "apart.md": "---\n---\n\nApart.\n",
            "boil.md": "---\ntitle: Boiling\n---\n\nBoil.\n",
            "warm.md": "---\npermalink: /warm/\n---\n\nWarm.\n",
        },
    )
    assert [entry[-1] for entry in made.listed] == ["How to warm", "Boiling", "Apart"]


def test_a_heading_that_is_a_picture_is_in_the_contents(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = "One.\n\n## ![Leaves of tea](gone.png)\n\nTwo.\n\n## ![](none.png)\n\n## Three\n"
    printed = page(tmp_path, text).printed(capsys)
    assert printed.index("Leaves of tea") < printed.index("Three") < printed.index("One.")


def test_braces_that_are_never_closed(tmp_path: Path) -> None:
    spaces = " " * 50_000
    made = page(
        tmp_path,
        f"{{% highlight sh %}}{spaces}x\n\n{{{{ {spaces} -\n\n"
        + "{% for a in b " * 2_000
        + "\n{{- site.title -}}\n",
    )
    assert made.text("index.md").rstrip().endswith("T")
