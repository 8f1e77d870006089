"""`handbook new --from`: what Jekyll, Liquid and kramdown make of a page, and where it is listed."""

from __future__ import annotations

from pathlib import Path

import pytest
from imported import Imported

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


def test_a_jekyll_site(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = Imported(
        tmp_path,
        {
            "_config.yml": "title: Shop\nlang: en-GB\nexclude: [old/]\nbaseurl: /b\nowner: Kim\n",
            "index.md": "---\ntitle: Start\nnav_order: 1\n---\n[g]({% link g.md %}#end) [h]({{ site.baseurl }}/help/)\n\n{% highlight ruby %}{% raw %}\nputs 1\n{% endraw %}{% endhighlight %}\n\n"
            '{: .warning }\nHot.\n\nPlain.\n{: .fs-6 }\n\n{% raw %}{{ kept }}{% endraw %} {{ site.owner }} {{ page.title | upcase }}\n\n{% include box.md text="in it" %}\n\n{% for x in y %}loop{% endfor %}\n',
            "g.md": "---\ntitle: Guide\nnav_order: 3\npermalink: /help/\n---\n## End\nx\n",
            "c.md": "---\ntitle: Child\nparent: Guide\n---\nx\n",
            "z.md": "---\ntitle: Second\nnav_order: 2\n---\nx\n",
            "d.md": "---\ntitle: D\npublished: false\n---\nx\n",
            "old/o.md": "x\n",
            "_includes/box.md": "Box {{ include.text }}.\n",
        },
    )
    assert made.listed == [(0, "Start"), (0, "Second"), (0, "Guide"), (1, "Child")]
    assert (made.pack.title, made.pack.language) == ("Shop", "en-GB")
    text = made.printed(capsys)
    for words in ("puts 1", "Warning", "Hot.", "{{ kept }} Kim START", "Box in it."):
        assert words in text, words
    for words in ("{%", "{:", "site.", "fs-6"):
        assert words not in text, words
    assert "](g.md#end)" in made.text("index.md")
    assert "](g.md)" in made.text("index.md")
    assert "excluded by _config.yml: 1" in made.report
    assert "drafts: 1 (d.md)" in made.report
    assert "{{ y }} of Liquid: 1" in made.report


def test_shortcodes_are_not_tags_of_liquid(tmp_path: Path) -> None:
    text = "{{%segment%}} {{< figure >}} {{ site.title }} {% gone %}x"
    made = Imported(tmp_path, {"_config.yml": "title: J\n", "index.md": f"# A\n\n{text}\n"})
    assert "{{%segment%}} {{< figure >}} J x" in made.text("index.md")
    assert "shortcodes, which are printed as text: 2 (index.md:3" in made.report
    assert "{% gone %} of Liquid: 1 (index.md:3)" in made.report


def test_what_a_jekyll_page_captures_is_where_it_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = Imported(
        tmp_path,
        {
            "_config.yml": "title: J\nowner: Kim\n",
            "_includes/box.md": "Box: {{ include.text }}.\n",
            "index.md": "# A\n\n{% capture code %}\n  ```css\n  .a > b {\n    top: 1px;\n\n  }\n  ```\n{% endcapture %}\n"
            "{% capture said %}words of {{ site.owner }}{% endcapture %}\n\n"
            "<table>\n<tr><th>One</th>\n\n<td>CSS: {{ code | markdownify }}</td></tr>\n</table>\n\n"
            "{% include box.md text=said %} {{ said | upcase }}\n\n{% if said %}Yes, {{ said }}.{% endif %}\n",
        },
    )
    text = made.printed(capsys)
    for words in (
        "CSS:",
        ".a > b {",
        "top: 1px;",
        "Box: words of Kim.",
        "WORDS OF KIM",
        "Yes, words of Kim.",
    ):
        assert words in text, words
    assert "Liquid" not in made.report


def test_a_box_in_a_quote_that_continues_without_its_marks(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = "# A\n\n> {: .note }\n  Words of it.\n\n> {: .tip }\n> > One.\n> >\n> > Two.\n\nAfter.\n"
    made = Imported(tmp_path, {"_config.yml": "title: J\n", "index.md": text})
    assert "Note Words of it. Tip One. Two. After." in made.printed(capsys)


def test_loops_and_conditions_over_the_data_of_a_jekyll_site(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = Imported(
        tmp_path,
        {
            "_config.yml": "title: T\nversion: 4\n",
            "_includes/x.md": "In {{ include.of }}.\n",
            "_data/teas.yml": "- {name: Assam, hot: true}\n- {name: Sencha}\n",
            "_data/more/cups.json": '{"big": 3}',
            "index.md": (
                "---\ntitle: A\nkind: list\n---\n\n{% assign teas = site.data.teas %}\n"
                "{% for tea in teas %}\n- {{ tea.name | upcase }}{% if tea.hot %} (hot){% else %} (cool){% endif %}\n{% endfor %}\n\n"
                "{% if page.kind == 'list' and site.version > 3 %}Listed.{% endif %}{% unless page.kind %}Not so.{% endunless %}\n\n"
                "{% if site.nothing %}Gone.{% else %}{% include x.md of='a cup' %}{% endif %} {{ site.data.more.cups.big }}\n\n"
                "{% for post in site.posts %}{{ post.title }}{% endfor %}\n\n"
                "{% raw %}{% for a in b %}{% endraw %}\n\n```liquid\n{% raw %}{% if x %}y{% endif %}{% endraw %}\n```\n\n"
                "{% for a in site.data.teas %}{% for b in (1..99999) %}{% for c in (1..99999) %}x{% endfor %}{% endfor %}{% endfor %}\n"
            ),
        },
    )
    text = made.text("index.md")
    assert "- ASSAM (hot)\n" in text
    assert "- SENCHA (cool)\n" in text
    assert "Listed." in text
    assert "Not so." not in text
    assert "In a cup. 3" in text
    assert "Gone." not in text
    assert "\\{% for a in b %}" in text
    assert "{% if x %}y{% endif %}" in text
    assert "{{ site }} of Liquid: 1" in made.report
    assert "{% for %} of Liquid" in made.report
    capsys.readouterr()
