"""What is inside a line; the notation is explained in sketch.py."""

from __future__ import annotations

import pytest
from sketch import read, words

from handbook.core.slugs import heading_slug
from handbook.document.nodes import Inlines, Link, Paragraph, Reference, Text, walk_inlines


def line(text: str, language: str = "en", rest: str = "") -> str:
    return words(content(text, language, rest))


def content(text: str, language: str = "en", rest: str = "") -> Inlines:
    document = read(f"{text}\n\n{rest}", language=language, fields=["name"])
    block = document.chapters[0].blocks[0]
    assert isinstance(block, Paragraph)
    return block.content


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("*a* **b** ***c*** _d_ __e__ snake_case_word", "*a* **b** ***c*** *d* **e** snake_case_word"),
        ("~~a *b*~~ H~2~O x^2^ ~ 5 ^ 6", "~~a *b*~~ Hsubscript<2>O xsuperscript<2> ~ 5 ^ 6"),
        ("`` a`b `` `*x*`", "`a`b` `*x*`"),
        (r"\*a\* \[b\] \`c\` \\d \| \: \~e\~", "*a* [b] `c` \\d | : ~e~"),
        ("a  \nb\\\nc<br>d<br/>e\nf", "a⏎b⏎c⏎d⏎e f"),
        ("[a *b*](https://x.org/y_z 'T')", "[a *b*](https://x.org/y_z)"),
        ("https://x.org/a_b_c, (https://y.org/(z)). <https://z.org/--'>",
         "[https://x.org/a_b_c](https://x.org/a_b_c), ([https://y.org/(z)](https://y.org/(z))). "
         "[https://z.org/--'](https://z.org/--')"),
        ("<me@example.org> a@b", "[me@example.org](mailto:me@example.org) a@b"),
        ("[https://x.org](https://x.org)", "[https://x.org](https://x.org)"),
        ("[](#a) :page[a] :ref[ a ] :field[name]", ":title(a)\u00a0:page(a) :number(a) :field(name)"),
        ("a :lang[mot *fort*]{fr} b:page[x] :note[y]", "a foreign:fr<mot *fort*> b:page[x] :note[y]"),
        ("*mot*{lang=fr} [a](https://x.org){target=_blank} `c`{.py}",
         "foreign:fr<*mot*> [a](https://x.org) `c`"),
        ("AT&amp;T &copy; &#8364; R&D `&amp;` \\&amp;", "AT&T © € R&D `&amp;` &amp;"),
        ("<kbd>Ctrl</kbd>+<KBD>C</KBD>", "keyboard<Ctrl>+keyboard<C>"),
        ("<mark>a *b* <small>c</small></mark>", "mark<a *b* small<c>>"),
        ("H<sub>2</sub>O<sup>*</sup> <del>a</del><s>b</s>",
         "Hsubscript<2>Osuperscript<*> ~~a~~~~b~~"),
        ('<abbr title="as a whole">x</abbr> <span lang="fr">mot</span>',
         "abbreviation:as a whole<x> foreign:fr<mot>"),
        ("*a <kbd>b</kbd> c*", "*a keyboard<b> c*"),
        ("a < b > c <3 x<y and <your_name>", "a < b > c <3 x<y and <your_name>"),
        ("a <!-- b --> c", "a c"),
        ("[ ] a [x] b", "[ ] a [x] b"),
        ("a [ ] b", "a [ ] b"),
        ("1 * 2 * 3 and a_b and 2 ** 3", "1 * 2 * 3 and a_b and 2 ** 3"),
        ("Date ____________ Started ____ by ___", "Date ____________ Started ____ by ___"),
        ("***** a **** __b__", "***** a **** **b**"),
        ("{{ braces }} {a}", "{{ braces }} {a}"),
        ("$5 or $6, $HOME/$NAME, a$b$c, $ x $", "$5 or $6, $HOME/$NAME, a$b$c, $ x $"),
        ("no\u00a0break\u2028sign", "no\u00a0break sign"),
    ],
)  # fmt: skip
def test_inlines(text: str, expected: str) -> None:
    assert line(text) == expected


def test_references() -> None:
    rest = '[r]: https://x.org "Title"\n[b]:\n  <https://y.org>\n[`c_d`]: #a'
    assert line("[a][r] [R] [b][] [`c_d`] [e][`c_d`]", rest=rest) == (
        "[a](https://x.org) [R](https://x.org) [b](https://y.org) [`c_d`](#a) [e](#a)"
    )
    link = content("[a][r]", rest=rest)[0]
    assert isinstance(link, Link)
    assert link.title == "Title"


def test_only_a_box_that_begins_a_paragraph_is_one() -> None:
    assert words(content("[ ] a")) == "[ ] a"
    assert len(content("[ ] a")) == 2
    assert content("a [ ] b") == (Text("a [ ] b"),)
    assert content("[ ](https://x.org)") != content("[ ] x")


def test_abbreviations_are_spelled_out_outside_code() -> None:
    rest = "*[RBAC]: role-based access control\n*[R.]: x"
    assert line("RBAC, RBACs, `RBAC`, **RBAC**", rest=rest) == (
        "abbreviation:role-based access control<RBAC>, RBACs, `RBAC`, "
        "**abbreviation:role-based access control<RBAC>**"
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("\"a\" 'b' it's", "“a” ‘b’ it’s"),
        ("(\"a\") [\"b\"] a/\"b\" 'a \"b\"'", "(“a”) [“b”] a/“b” ‘a “b”’"),
        ("\"*a*\" *\"a\"* \"`a`\" \"[a](https://x.org)\"",
         "“*a*” *“a”* “`a`” “[a](https://x.org)”"),
        ("the '90s, 'tis, rock-'n'-roll", "the ’90s, ’tis, rock-‘n’-roll"),
        ("a -- b, 10--20, a---b, ...", "a – b, 10–20, a—b, …"),
        ("use --all or -x, --- and ----", "use --all or -x, — and ----"),
        ("a --> b <-- c <!-- x -->", "a --> b <-- c"),
        (r"\"a\" \'b\' \-\-", "\"a\" 'b' --"),
        ("`\"a\" -- ...`", "`\"a\" -- ...`"),
        (":lang[\"mot\"]{de}", 'foreign:de<„mot“>'),
        ("&quot;a&quot;", '"a"'),
        ("\"a\nb\"", "“a b”"),
        ("\"a.\" \"b?\" -- \"c\"", "“a.” “b?” – “c”"),
    ],
)  # fmt: skip
def test_english_typography(text: str, expected: str) -> None:
    assert line(text) == expected


def test_other_languages_have_signs_of_their_own() -> None:
    assert line("\"a\" -- 'b'...", language="de") == "„a“ – ‚b‘…"


def test_inlines_know_their_line_in_a_paragraph() -> None:
    text = (
        "one `two\nthree` [a](https://a.org)  \nfour\\\n*five [b](https://b.org)*<br>\nsix <!-- x\n"
        "-->\n[c](https://c.org)\n:page[a]"
    )
    found = {
        words((inline,)): inline.source.line
        for inline in walk_inlines(content(text))
        if isinstance(inline, (Link, Reference))
    }
    assert found == {
        "[a](https://a.org)": 2,
        "[b](https://b.org)": 4,
        "[c](https://c.org)": 7,
        ":page(a)": 8,
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  a  ", "a"),
        ("a  \n  b  ", "a⏎b"),
        ("*a* <!-- x -->", "*a*"),
        ("<!-- x --> a", "a"),
        ("<small> a </small>", "small<a>"),
        ("[ a ](https://x.org)", "[a](https://x.org)"),
    ],
)
def test_no_blanks_at_the_ends(text: str, expected: str) -> None:
    assert line(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("What's new?", "whats-new"), ("  A  --  b ", "a-b"), ("Über Größe", "über-grösse"), ("?", "section")],
)  # fmt: skip
def test_slugs(text: str, expected: str) -> None:
    assert heading_slug(text) == expected
