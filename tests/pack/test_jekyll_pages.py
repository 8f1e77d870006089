"""`handbook new --from`: what Jekyll, Liquid and kramdown make of a page, and where it is listed."""

from __future__ import annotations

from pathlib import Path

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
        },
    )  # fmt: skip
    assert [entry[-1] for entry in made.listed] == [
        "Home", "Black", "Sorts", "Assam", "Green", "Sorts", "Matcha", "Sencha"
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


def test_braces_that_are_never_closed(tmp_path: Path) -> None:
    spaces = " " * 50_000
    made = page(
        tmp_path,
        f"{{% highlight sh %}}{spaces}x\n\n{{{{ {spaces} -\n\n"
        + "{% for a in b " * 2_000
        + "\n{{- site.title -}}\n",
    )
    assert made.text("index.md").rstrip().endswith("T")
