"""PDFs to try the verifiers on: one small file that is right, and ways to break it.

Made with ReportLab's canvas and pikepdf, not with the program that is verified.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, String
from PIL import ImageCms
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

FONTS = Path(__file__).parents[2] / "handbook" / "data" / "fonts"
TITLE = "A small right file"
ADDRESS = "https://example.org/"
XMP = f"""<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"
 xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
 xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{TITLE}</rdf:li></rdf:Alt></dc:title>
<pdfuaid:part>1</pdfuaid:part><pdfaid:part>2</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance>
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>part</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>"""


class Sheet:
    """A canvas whose text and drawings are each content of an element, or an artifact."""

    def __init__(self) -> None:
        self.out = io.BytesIO()
        self.canvas = Canvas(self.out, pagesize=(300, 400), pageCompression=0, invariant=1)
        pdfmetrics.registerFont(TTFont("Sample", str(sorted(FONTS.rglob("*.ttf"))[0])))
        self.canvas._initialFontName = "Sample"
        self.canvas._code.clear()
        self.mcid = 0
        self.page = 0

    def text(self, tag: str, y: float, words: str, x: float = 30) -> tuple[int, int]:
        """Show `words` as content of a `tag`; (page, MCID)."""
        return self._marked(tag, lambda: self._words(x, y, words, 10))

    def figure(self, y: float) -> tuple[int, int]:
        """A drawing as a figure; (page, MCID)."""
        return self._marked("Figure", lambda: self.canvas.rect(30, y, 40, 30, stroke=0, fill=1))

    def artifact(self, y: float, words: str) -> None:
        """A running head or foot."""
        self.canvas._code.append("/Artifact <</Type /Pagination>> BDC")
        self._words(30, y, words, 8)
        self.canvas._code.append("EMC")

    def turn(self) -> None:
        """The next page."""
        self.canvas.showPage()
        self.canvas._code.clear()
        self.mcid, self.page = 0, self.page + 1

    def _words(self, x: float, y: float, words: str, size: float) -> None:
        self.canvas.setFont("Sample", size)
        self.canvas.drawString(x, y, words)

    def _marked(self, tag: str, draw: Callable[[], None]) -> tuple[int, int]:
        self.canvas._code.append(f"/{tag} <</MCID {self.mcid}>> BDC")
        draw()
        self.canvas._code.append("EMC")
        self.mcid += 1
        return self.page, self.mcid - 1


Tree = tuple[str, dict[str, Any], list[Any]]
"""(tag, entries, kids): a kid is a tree, a (page, MCID) or an annotation."""


def _link(pdf: Pdf, page: int, rect: list[int], words: str, **target: Any) -> Any:
    annotation = pdf.make_indirect(
        Dictionary(
            Type=Name.Annot,
            Subtype=Name.Link,
            Rect=Array(rect),
            Border=Array([0, 0, 0]),
            F=4,
            Contents=String(words),
            **target,
        )
    )
    page_ = pdf.pages[page].obj
    page_.Annots = Array([*page_.get("/Annots", []), annotation])
    return page, annotation


@cache
def good() -> bytes:
    """A PDF/UA-1 and PDF/A-2a file with a little of everything."""
    sheet = Sheet()
    sheet.artifact(380, "Running head")
    h1 = sheet.text("H1", 350, "A title")
    h2 = sheet.text("H2", 330, "A section")
    before = sheet.text("P", 310, "See ")
    link = sheet.text("Link", 310, "the example", x=60)
    after = sheet.text("P", 310, " or page 2.", x=130)
    inner = sheet.text("Link", 290, "Go to page 2")
    labels = [sheet.text("Lbl", y, "•") for y in (270, 255)]
    bodies = [sheet.text("LBody", y, words, x=45) for y, words in ((270, "one"), (255, "two"))]
    split = sheet.text("P", 30, "A paragraph that continues ")
    sheet.turn()
    sheet.artifact(380, "Running head")
    split_on = sheet.text("P", 350, "over the page.")
    h3 = sheet.text("H2", 320, "A table")
    cells = [
        sheet.text(tag, y, words, x=x)
        for tag, x, y, words in (
            ("TH", 30, 300, "Name"),
            ("TH", 130, 300, "Minutes"),
            ("TH", 30, 285, "Lab"),
            ("TD", 130, 285, "30"),
        )
    ]
    figure = sheet.figure(200)
    note = sheet.text("Note", 100, "A note.")
    sheet.turn()
    sheet.canvas.save()

    pdf = pikepdf.open(io.BytesIO(sheet.out.getvalue()))
    for page in pdf.pages:
        page.obj.Resources.Font = Dictionary(
            {key: font for key, font in page.obj.Resources.Font.items() if "/ToUnicode" in font}
        )
        code = page.obj.Contents.read_bytes()  # ReportLab's canvas always names Helvetica
        page.obj.Contents.write(code.replace(b"BT /F1 12 Tf 14.4 TL ET", b""))
    web = _link(
        pdf,
        0,
        [60, 305, 125, 320],
        "The example",
        A=Dictionary(Type=Name.Action, S=Name.URI, URI=String(ADDRESS)),
    )
    goto = _link(
        pdf,
        0,
        [30, 285, 100, 300],
        "To page 2",
        Dest=Array([pdf.pages[1].obj, Name.XYZ, 0, 360, 0]),
    )
    scope = {"/O": Name.Table, "/Scope": Name.Column}
    rows = {"/O": Name.Table, "/Scope": Name.Row}
    tree: Tree = (
        "Document",
        {},
        [
            (
                "Sect",
                {},
                [
                    ("H1", {}, [h1]),
                    ("H2", {}, [h2]),
                    ("P", {}, [before, ("Link", {}, [link, web]), after]),
                    ("P", {}, [("Link", {}, [inner, goto])]),
                    (
                        "L",
                        {},
                        [
                            ("LI", {}, [("Lbl", {}, [label]), ("LBody", {}, [body])])
                            for label, body in zip(labels, bodies, strict=True)
                        ],
                    ),
                    ("P", {}, [split, split_on]),
                    ("H2", {}, [h3]),
                    (
                        "Table",
                        {},
                        [
                            (
                                "THead",
                                {},
                                [
                                    (
                                        "TR",
                                        {},
                                        [
                                            ("TH", {"A": Dictionary(scope)}, [cells[0]]),
                                            ("TH", {"A": Dictionary(scope)}, [cells[1]]),
                                        ],
                                    )
                                ],
                            ),
                            (
                                "TBody",
                                {},
                                [
                                    (
                                        "TR",
                                        {},
                                        [
                                            ("TH", {"A": Dictionary(rows)}, [cells[2]]),
                                            ("TD", {}, [cells[3]]),
                                        ],
                                    )
                                ],
                            ),
                        ],
                    ),
                    (
                        "Figure",
                        {
                            "Alt": String("A blue box"),
                            "A": Dictionary(
                                O=Name.Layout, BBox=Array([30, 200, 70, 230]), Placement=Name.Block
                            ),
                        },
                        [figure],
                    ),
                    ("Note", {"ID": String("note-1")}, [note]),
                ],
            )
        ],
    )
    _finish(pdf, tree)
    return saved(pdf)


def _finish(pdf: Pdf, tree: Tree) -> None:
    """The structure, and all that makes a drawing a document."""
    root = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot))
    pages: list[dict[int, Any]] = [{} for _ in pdf.pages]
    annotations: list[Any] = []
    root.K = Array([_put(pdf, tree, root, pages, annotations)])
    numbers = Array()
    for index, owners in enumerate(pages):
        pdf.pages[index].obj.StructParents = index
        pdf.pages[index].obj.Tabs = Name.S
        numbers.extend([index, Array([owners[mcid] for mcid in sorted(owners)])])
    for index, owner in enumerate(annotations):
        numbers.extend([len(pages) + index, owner])
    root.ParentTree = pdf.make_indirect(Dictionary(Nums=numbers))
    root.ParentTreeNextKey = len(pages) + len(annotations)
    pdf.Root.StructTreeRoot = root
    pdf.Root.MarkInfo = Dictionary(Marked=True)
    pdf.Root.Lang = String("en-GB")
    pdf.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
    pdf.Root.PageLabels = Dictionary(Nums=Array([0, Dictionary(S=Name.r), 1, Dictionary(S=Name.D)]))
    profile = pdf.make_stream(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    profile.N = 3
    pdf.Root.OutputIntents = Array(
        [
            Dictionary(
                Type=Name.OutputIntent,
                S=Name.GTS_PDFA1,
                DestOutputProfile=profile,
                OutputConditionIdentifier=String("sRGB"),
            )
        ]
    )
    metadata = pdf.make_stream(XMP.encode())
    metadata.Type, metadata.Subtype = Name.Metadata, Name.XML
    pdf.Root.Metadata = metadata
    with pdf.open_outline() as outline:
        outline.root.append(pikepdf.OutlineItem("A title", 0))
        outline.root.append(pikepdf.OutlineItem("A table", 1))
    pdf.trailer.Info = pdf.make_indirect(Dictionary(Title=String(TITLE)))


def _put(pdf: Pdf, tree: Tree, parent: Any, pages: list[dict[int, Any]], objects: list[Any]) -> Any:
    tag, entries, kids = tree
    element = pdf.make_indirect(Dictionary(Type=Name.StructElem, S=Name(f"/{tag}"), P=parent))
    for key, value in entries.items():
        element[f"/{key}"] = value
    element.K = Array()
    for kid in kids:
        if len(kid) == 3:
            element.K.append(_put(pdf, kid, element, pages, objects))
        elif isinstance(kid[1], int):
            page, mcid = kid
            pages[page][mcid] = element
            element.K.append(Dictionary(Type=Name.MCR, Pg=pdf.pages[page].obj, MCID=mcid))
        else:
            page, annotation = kid
            annotation.StructParent = len(pages) + len(objects)
            objects.append(element)
            element.K.append(Dictionary(Type=Name.OBJR, Pg=pdf.pages[page].obj, Obj=annotation))
    return element


def saved(pdf: Pdf) -> bytes:
    """The bytes of a PDF."""
    out = io.BytesIO()
    pdf.save(out, static_id=True, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    return out.getvalue()


# ---------------------------------------------------------------------- defects


def elements(pdf: Pdf, tag: str) -> list[Any]:
    """The structure elements with a tag, in reading order."""

    def walk(node: Any) -> Iterator[Any]:
        if str(node.get("/S", "")) == f"/{tag}":
            yield node
        for kid in node.get("/K", []):
            if isinstance(kid, pikepdf.Dictionary) and ("/S" in kid or "/K" in kid):
                yield from walk(kid)

    return list(walk(pdf.Root.StructTreeRoot))


def edit(pdf: Pdf, page: int, old: bytes, new: bytes) -> None:
    """Change the first `old` of a page's content stream to `new`."""
    stream = pdf.pages[page].obj.Contents
    code = stream.read_bytes()
    assert old in code, old
    stream.write(code.replace(old, new, 1))


def drop(thing: Any, key: str) -> None:
    """Take `key` out of a dictionary, if it is there."""
    if key in thing:
        del thing[key]


def add(pdf: Pdf, page: int, code: bytes) -> None:
    """Put `code` at the end of a page's content stream."""
    stream = pdf.pages[page].obj.Contents
    stream.write(stream.read_bytes() + b"\n" + code)


def some_text(pdf: Pdf, page: int) -> bytes:
    """Operators that show a word of text in a font of that page."""
    font = next(iter(pdf.pages[page].obj.Resources.Font.keys())).encode()
    return b"BT " + font + b" 10 Tf 1 0 0 1 30 60 Tm (\\001\\002) Tj ET"


FAULTS: dict[str, tuple[str, Callable[[Pdf], None]]] = {}
"""name -> (the check that must find it, what breaks the good file)."""


def defect(check: str) -> Callable[[Callable[[Pdf], None]], Callable[[Pdf], None]]:
    """Enter a way to break the good file."""

    def enter(function: Callable[[Pdf], None]) -> Callable[[Pdf], None]:
        FAULTS[function.__name__] = (check, function)
        return function

    return enter


def broken(name: str) -> bytes:
    """The good file with one defect."""
    pdf = pikepdf.open(io.BytesIO(good()))
    FAULTS[name][1](pdf)
    return saved(pdf)


@defect("tagged")
def no_structure(pdf: Pdf) -> None:
    del pdf.Root.StructTreeRoot


@defect("tagged")
def not_marked(pdf: Pdf) -> None:
    del pdf.Root.MarkInfo


@defect("tagged")
def suspects(pdf: Pdf) -> None:
    pdf.Root.MarkInfo.Suspects = True


@defect("tagged")
def loop(pdf: Pdf) -> None:
    elements(pdf, "Sect")[0].K.append(elements(pdf, "Document")[0])


@defect("language")
def no_language(pdf: Pdf) -> None:
    del pdf.Root.Lang


@defect("language")
def odd_language(pdf: Pdf) -> None:
    elements(pdf, "P")[0].Lang = String("English (UK)")


@defect("title")
def no_title(pdf: Pdf) -> None:
    pdf.Root.Metadata.write(XMP.replace(TITLE, "").encode())


@defect("title")
def file_name_shown(pdf: Pdf) -> None:
    del pdf.Root.ViewerPreferences


@defect("identification")
def no_metadata(pdf: Pdf) -> None:
    del pdf.Root.Metadata


@defect("identification")
def no_claim(pdf: Pdf) -> None:
    pdf.Root.Metadata.write(XMP.replace("<pdfuaid:part>1</pdfuaid:part>", "").encode())


@defect("identification")
def impossible_claim(pdf: Pdf) -> None:
    pdf.Root.Metadata.write(XMP.replace(">A<", ">Q<").encode())


@defect("metadata")
def two_titles(pdf: Pdf) -> None:
    pdf.trailer.Info.Title = String("Another title")


@defect("archive")
def no_colours(pdf: Pdf) -> None:
    del pdf.Root.OutputIntents


@defect("archive")
def script(pdf: Pdf) -> None:
    pdf.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array([])))


@defect("archive")
def vague_attachment(pdf: Pdf) -> None:
    pdf.attachments["data.csv"] = b"a,b\n1,2\n"
    for _, specification in _pairs(pdf.Root.Names.EmbeddedFiles):
        drop(specification, "/AFRelationship")


def _pairs(tree: Any) -> Iterator[tuple[Any, Any]]:
    names = list(tree.get("/Names", []))
    yield from zip(names[::2], names[1::2], strict=True)
    for kid in tree.get("/Kids", []):
        yield from _pairs(kid)


@defect("page-labels")
def no_labels(pdf: Pdf) -> None:
    del pdf.Root.PageLabels


@defect("page-labels")
def labels_begin_late(pdf: Pdf) -> None:
    pdf.Root.PageLabels.Nums = Array([1, Dictionary(S=Name.D)])


@defect("page-labels")
def labels_end_late(pdf: Pdf) -> None:
    pdf.Root.PageLabels.Nums.extend([7, Dictionary(S=Name.D)])


@defect("outline")
def empty_entry(pdf: Pdf) -> None:
    pdf.Root.Outlines.First.Title = String(" ")


@defect("outline")
def long_without_outline(pdf: Pdf) -> None:
    del pdf.Root.Outlines
    for _ in range(20):
        pdf.add_blank_page(page_size=(300, 400))


@defect("fonts-embedded")
def not_embedded(pdf: Pdf) -> None:
    for _, font in pdf.pages[0].obj.Resources.Font.items():
        drop(font.FontDescriptor, "/FontFile2")


@defect("fonts-unicode")
def no_map(pdf: Pdf) -> None:
    for _, font in pdf.pages[0].obj.Resources.Font.items():
        drop(font, "/ToUnicode")


@defect("characters")
def empty_map(pdf: Pdf) -> None:
    for _, font in pdf.pages[0].obj.Resources.Font.items():
        font.ToUnicode.write(b"begincmap 1 beginbfchar <05> <FFFD> endbfchar endcmap")
        font.Encoding = Dictionary(Differences=Array([0, *[Name("/g1")] * 256]))


@defect("content-tagged")
def text_without_tag(pdf: Pdf) -> None:
    add(pdf, 1, some_text(pdf, 1))


@defect("content-tagged")
def shape_without_tag(pdf: Pdf) -> None:
    add(pdf, 1, b"10 10 20 20 re f")


@defect("content-tagged")
def picture_without_tag(pdf: Pdf) -> None:
    picture = pdf.make_stream(
        b"\0\0\0",
        Type=Name.XObject,
        Subtype=Name.Image,
        Width=1,
        Height=1,
        ColorSpace=Name.DeviceRGB,
        BitsPerComponent=8,
    )
    pdf.pages[1].obj.Resources.XObject = Dictionary(I1=picture)
    add(pdf, 1, b"q 9 0 0 9 5 5 cm /I1 Do Q")


@defect("content-tagged")
def form_without_tag(pdf: Pdf) -> None:
    form = pdf.make_stream(
        some_text(pdf, 1),
        Type=Name.XObject,
        Subtype=Name.Form,
        BBox=Array([0, 0, 300, 400]),
        Resources=pdf.pages[1].obj.Resources,
    )
    pdf.pages[1].obj.Resources = Dictionary(
        Font=pdf.pages[1].obj.Resources.Font, XObject=Dictionary(F1=form)
    )
    add(pdf, 1, b"/F1 Do")


@defect("content-nesting")
def artifact_in_content(pdf: Pdf) -> None:
    edit(pdf, 0, b"/P <</MCID 2>> BDC", b"/P <</MCID 2>> BDC /Artifact BMC 1 1 2 2 re f EMC")


@defect("content-nesting")
def content_in_content(pdf: Pdf) -> None:
    add(pdf, 1, b"/P <</MCID 90>> BDC /Span <</MCID 91>> BDC " + some_text(pdf, 1) + b" EMC EMC")


@defect("content-nesting")
def mark_left_open(pdf: Pdf) -> None:
    add(pdf, 1, b"/Artifact BMC")


@defect("content-nesting")
def operator_without_operands(pdf: Pdf) -> None:
    add(pdf, 1, b"BT Tf /Nowhere 9 Tf ET")


@defect("content-once")
def number_used_twice(pdf: Pdf) -> None:
    add(pdf, 1, b"/P <</MCID 0>> BDC " + some_text(pdf, 1) + b" EMC")


@defect("content-once")
def claimed_twice(pdf: Pdf) -> None:
    elements(pdf, "P")[1].K.append(Dictionary(Type=Name.MCR, Pg=pdf.pages[0].obj, MCID=0))


@defect("content-once")
def claimed_by_no_one(pdf: Pdf) -> None:
    elements(pdf, "H2")[0].K = Array()


@defect("content-once")
def claim_of_nothing(pdf: Pdf) -> None:
    elements(pdf, "P")[0].K.append(Dictionary(Type=Name.MCR, Pg=pdf.pages[0].obj, MCID=77))


@defect("parent-tree")
def parents_exchanged(pdf: Pdf) -> None:
    owners = pdf.Root.StructTreeRoot.ParentTree.Nums[1]
    owners[0], owners[1] = owners[1], owners[0]


@defect("parent-tree")
def page_without_key(pdf: Pdf) -> None:
    del pdf.pages[1].obj.StructParents


@defect("parent-tree")
def annotation_without_way_back(pdf: Pdf) -> None:
    pdf.pages[0].obj.Annots[0].StructParent = 99


@defect("page-order")
def table_before_title(pdf: Pdf) -> None:
    sect = elements(pdf, "Sect")[0]
    kids = list(sect.K)
    sect.K = Array([kids[7], *kids[:7], *kids[8:]])


@defect("paint-order")
def read_backwards(pdf: Pdf) -> None:
    kids = elements(pdf, "Sect")[0].K
    elements(pdf, "Sect")[0].K = Array(list(reversed(list(kids))))


@defect("roles")
def unknown_tag(pdf: Pdf) -> None:
    elements(pdf, "P")[0].S = Name.Paragraph


@defect("roles")
def standard_tag_mapped(pdf: Pdf) -> None:
    pdf.Root.StructTreeRoot.RoleMap = Dictionary(P=Name.Span)


@defect("nesting")
def item_outside_list(pdf: Pdf) -> None:
    elements(pdf, "L")[0].S = Name.Sect


@defect("nesting")
def paragraph_in_row(pdf: Pdf) -> None:
    elements(pdf, "TD")[0].S = Name.P


@defect("headings")
def level_left_out(pdf: Pdf) -> None:
    elements(pdf, "H2")[0].S = Name.H3


@defect("headings")
def no_first_level(pdf: Pdf) -> None:
    elements(pdf, "H1")[0].S = Name.H2


@defect("headings")
def heading_without_words(pdf: Pdf) -> None:
    heading = pdf.make_indirect(Dictionary(S=Name.H3, P=elements(pdf, "Sect")[0], K=Array()))
    elements(pdf, "Sect")[0].K.append(heading)


@defect("figures")
def no_alternative(pdf: Pdf) -> None:
    del elements(pdf, "Figure")[0].Alt


@defect("figures")
def no_bounds(pdf: Pdf) -> None:
    del elements(pdf, "Figure")[0].A


@defect("table-headers")
def no_header_cells(pdf: Pdf) -> None:
    for cell in elements(pdf, "TH"):
        cell.S = Name.TD


@defect("table-headers")
def no_scope(pdf: Pdf) -> None:
    del elements(pdf, "TH")[0].A


@defect("table-headers")
def wrong_header(pdf: Pdf) -> None:
    elements(pdf, "TD")[0].A = Dictionary(O=Name.Table, Headers=Array([String("nobody")]))


@defect("table-grid")
def uneven_rows(pdf: Pdf) -> None:
    elements(pdf, "TD")[0].A = Dictionary(O=Name.Table, ColSpan=3)


@defect("identifiers")
def note_without_id(pdf: Pdf) -> None:
    del elements(pdf, "Note")[0].ID


@defect("identifiers")
def id_used_twice(pdf: Pdf) -> None:
    elements(pdf, "P")[0].ID = String("note-1")


@defect("annotations")
def link_without_description(pdf: Pdf) -> None:
    del pdf.pages[0].obj.Annots[0].Contents


@defect("annotations")
def link_without_key(pdf: Pdf) -> None:
    del pdf.pages[0].obj.Annots[0].StructParent


@defect("annotations")
def link_outside_structure(pdf: Pdf) -> None:
    del elements(pdf, "Link")[0].K[1]


@defect("annotations")
def link_in_paragraph(pdf: Pdf) -> None:
    elements(pdf, "Link")[0].S = Name.Span


@defect("tab-order")
def no_tab_order(pdf: Pdf) -> None:
    del pdf.pages[0].obj.Tabs


@defect("link-words")
def link_without_words(pdf: Pdf) -> None:
    del elements(pdf, "Link")[0].K[0]


@defect("destinations")
def bad_address(pdf: Pdf) -> None:
    pdf.pages[0].obj.Annots[0].A.URI = String("www.example.org")


@defect("destinations")
def link_to_no_page(pdf: Pdf) -> None:
    pdf.pages[0].obj.Annots[1].Dest[0] = pdf.make_indirect(Dictionary(Type=Name.Page))


@defect("destinations")
def link_beyond_page(pdf: Pdf) -> None:
    pdf.pages[0].obj.Annots[1].Dest[3] = 4000


@defect("destinations")
def link_to_no_name(pdf: Pdf) -> None:
    pdf.pages[0].obj.Annots[1].Dest = String("nowhere")


@defect("destinations")
def outline_to_nowhere(pdf: Pdf) -> None:
    first = pdf.Root.Outlines.First
    drop(first, "/Dest")
    drop(first, "/A")
