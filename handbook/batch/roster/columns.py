"""Recognise the columns of a roster by their names, in the languages that systems export."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from functools import lru_cache

from ...core.diagnostics import Source, error, nearest, suggest
from ...core.values import frozen

# How alike a column's name must be to one of ours to be taken for a slip of the pen.
_NEAR = 0.75
# Our columns, and what systems call them; of two columns for one purpose, the first name wins.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "id": (
        "id", "learner id", "student id", "user id", "id number", "idnumber", "employee id",
        "worker id", "person id", "participant id", "attendee id", "attendee number",
        "contact id", "sis user id", "sis id", "external id", "matrikelnummer", "personalnummer",
        "teilnehmernummer", "kundennummer", "personnel number", "personnel no", "pers no", "pernr",
        "personalnr", "pers nr", "numero etudiant", "numero d etudiant", "matricule",
        "dni", "nie", "numero", "matricula", "numero de alumno", "numero de estudiante", "number",
        "no", "nr", "userid", "employeeid", "studentid", "learnerid", "personid",
        "username", "user name", "benutzername", "login", "identifier",
    ),
    "learner": (
        "learner", "learner name", "full name", "fullname", "display name", "student name",
        "participant name", "attendee name", "employee name", "worker name", "user full name",
        "legal name", "vollstandiger name", "vor und nachname", "teilnehmername", "teilnehmer",
        "teilnehmerin", "mitarbeiter", "mitarbeitername", "name des mitarbeiters",
        "nom complet", "nom et prenom", "prenom et nom", "nombre completo",
        "nombre y apellidos", "apellidos y nombre", "nome completo", "participant", "attendee",
        "learner full name", "name original name", "氏名", "名前", "姓名", "성명",
        "الاسم", "الاسم الكامل",
        "student", "worker", "employee", "user", "name", "nom", "nombre", "nome",
    ),
    "role": (
        "role", "job role", "target role", "rolle", "jobrolle", "berufsrolle", "rol", "papel",
        "funcao", "job", "ruolo", "роль", "角色", "役割", "역할", "الدور",
    ),
    "path": (
        "path", "learning path", "track", "lernpfad", "pfad", "parcours", "ruta",
        "ruta de aprendizaje", "itinerario", "trilha", "percurso",
    ),
    "plan": (
        "plan", "study plan", "lernplan", "studienplan", "plan d etudes", "plan d etude",
        "plan de estudio", "plan de estudios", "plano", "plano de estudos", "plano de estudo",
    ),
    "start": (
        "start", "start date", "begins", "start day", "beginn", "startdatum", "kursbeginn",
        "date de debut", "debut", "fecha de inicio", "inicio", "data de inicio",
    ),
    "hours": (
        "hours", "hours a week", "hours per week", "weekly hours", "stunden", "stunden pro woche",
        "wochenstunden", "heures par semaine", "heures", "horas por semana", "horas semanales",
        "horas",
    ),
    "days": ("days", "study days", "weekdays", "lerntage", "wochentage", "jours", "dias"),
    "exam": (
        "exam", "exam date", "exam day", "prufung", "prufungsdatum", "prufungstermin", "examen",
        "date d examen", "date de l examen", "fecha de examen", "fecha del examen",
        "data do exame", "exame",
    ),
    "country": ("country", "country code", "land", "pays", "pais"),
}  # fmt: skip
# The two halves of a name; not columns of ours, but joined to one.
HALVES: Mapping[str, tuple[str, ...]] = {
    "first": (
        "first name", "firstname", "preferred first name", "preferred name", "given name",
        "given names", "givenname", "legal first name", "forename", "attendee first name",
        "first names", "vorname", "vornamen", "rufname", "prenom", "prenoms", "nombre de pila",
        "nombre s", "nombres", "primer nombre", "primeiro nome", "nome proprio", "user first name",
        "name first", "first", "keresztnev", "imie", "имя", "名", "이름", "名字",
    ),
    "last": (
        "last name", "lastname", "surname", "family name", "familyname", "legal last name",
        "attendee last name", "preferred last name", "last names", "nachname", "familienname",
        "zuname", "nom de famille", "apellidos", "apellido s", "apellido", "primer apellido",
        "sobrenome", "ultimo nome", "apelido", "apelidos", "nome de familia", "user last name",
        "name last", "last", "vezeteknev", "nazwisko", "фамилия", "姓", "성", "姓氏",
    ),
}  # fmt: skip
# A column of this name is half a name if the other half has a column of its own.
_HALF_OR_WHOLE = ("name", "nom", "nombre", "nome")
_FAMILY_FIRST = frozenset({"vezeteknev", "姓", "성", "姓氏"})
FAMILY_FIRST_LANGUAGES = frozenset({"ja", "zh", "ko", "hu", "vi"})
# Columns that people give, and of which no two may be meant.
_CHOICES = frozenset(COLUMNS) - {"id", "learner"}
# Words of a form's question that do not say what it asks for.
_FILLING = frozenset(
    ["what", "which", "when", "how", "is", "are", "was", "do", "does", "did", "you", "your",
     "the", "a", "an", "if", "any", "please", "enter", "select", "type", "choose", "give",
     "tell", "us", "me", "my", "s", "on", "for", "in", "to", "want", "would", "like", "will",
     "plan's", "preferred", "answer", "welche", "welcher", "welches", "ist", "sind", "dein",
     "deine", "deiner", "ihr", "ihre", "ihren", "wie", "lautet", "bitte", "der", "die", "das",
     "quel", "quelle", "est", "votre", "ton", "ta", "le", "la", "les", "cual", "es", "tu", "su",
     "el", "qual", "e", "o", "seu", "sua"]
)  # fmt: skip


@lru_cache(maxsize=4096)
def plain_name(name: str) -> str:
    """Return the name of a column in lower case, without accents, punctuation or extra spaces."""
    text = unicodedata.normalize("NFKD", name.replace("#", " number ").replace("\u0142", "l"))
    text = re.sub(r"[\u0300-\u036f]", "", text).replace("ß", "ss").casefold()
    return " ".join(re.sub(r"[\W_]+", " ", unicodedata.normalize("NFC", text)).split())


@lru_cache(maxsize=4096)
def _short_names(name: str) -> tuple[str, ...]:
    """Return the name, the name without a remark in brackets, and the core of a question."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    bare = re.sub(r"\([^()]*\)|\[[^\[\]]*\]", " ", name)
    core = " ".join(word for word in plain_name(bare).split() if word not in _FILLING)
    names = (plain_name(name), plain_name(spaced), plain_name(bare), core)
    return tuple(dict.fromkeys(part for part in names if part))


@frozen
class ColumnMap:
    """Which columns of a roster, counted from 0, are used for what.

    `sources` has the columns that are joined for each of our names or fields, `unused` the names
    of columns that are for nothing, `notes` what was guessed.
    """

    sources: Mapping[str, tuple[int, ...]]
    unused: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    # What `sources` joins, where two columns make one name.
    joined: frozenset[str] = field(default=frozenset())
    # Whether names are written "Last, First", whatever they look like: Canvas does so.
    sortable: bool = False

    @property
    def has_person(self) -> bool:
        """Return whether the columns say whose row it is."""
        return "learner" in self.sources or "id" in self.sources

    @property
    def near_notes(self) -> list[str]:
        """Return what unused columns might be for, by their names."""
        return [
            f'no column is the {key}; if it is {near!r}, say --column "{key}={near}"'
            for key in ("role", "path", "plan")
            if key not in self.sources and (near := _nearest_column(key, self.unused))
        ]

    @property
    def score(self) -> int:
        """Return how much was recognised."""
        return len(self.sources) + len(self.joined)


def map_columns(
    header: Sequence[str],
    fields: Iterable[str],
    wanted: Mapping[str, str],
    language: str = "en",
) -> ColumnMap:
    """Return what the columns of `header` are used for.

    `wanted` has the columns that were asked for by our names; those that are missing are left
    out, see `check_wanted`.
    """
    finder = _Finder(header, tuple(fields), wanted)
    finder.ask()
    finder.recognise()
    finder.join(language)
    return finder.result()


class _Finder:
    def __init__(
        self, header: Sequence[str], fields: tuple[str, ...], wanted: Mapping[str, str]
    ) -> None:
        self.header = header
        self.fields = fields
        self.wanted = wanted
        self.sources: dict[str, tuple[int, ...]] = {}
        self.notes: list[str] = []
        self.joined: set[str] = set()
        self.halves: dict[str, int] = {}

    def ask(self) -> None:
        """Take the columns that were asked for."""
        for key, words in self.wanted.items():
            columns = find_columns(words, self.header)
            if columns:
                self.sources[key] = columns
                if len(columns) > 1:
                    self.joined.add(key)

    def recognise(self) -> None:
        """Take the best column for each of our names, and then for each field of the pack."""
        for key, names in {**COLUMNS, **HALVES}.items():
            if key in self.wanted or (key in HALVES and "learner" in self.wanted):
                continue
            number = self._best(key, names)
            if number is not None and key in HALVES:
                self.halves[key] = number
            elif number is not None:
                self.sources[key] = (number,)
        for name in self.fields:
            if name not in self.sources:
                number = self._best(name, (plain_name(name),))
                if number is not None:
                    self.sources[name] = (number,)

    def _best(self, key: str, names: Sequence[str]) -> int | None:
        taken = {n for k in self.wanted for n in self.sources.get(k, ())}
        ranks: list[tuple[int, int, int]] = []
        for number, name in enumerate(self.header):
            if number in taken and key in (*COLUMNS, *HALVES):
                continue
            for depth, short in enumerate(_short_names(name)):
                if short in names:
                    ranks.append((min(depth, 1), names.index(short), number))
                    break
        if not ranks:
            return None
        ranks.sort()
        same = [number for *rank, number in ranks if rank == list(ranks[0][:2])]
        if key in _CHOICES and ranks[0][0] == 0:
            same = [number for depth, _, number in ranks if depth == 0]
        if len(same) > 1 and key not in HALVES:
            raise _Twice(key, [self.header[number] for number in same])
        return ranks[0][2]

    def join(self, language: str) -> None:
        """Join the halves of a name, unless there is a column that has all of it."""
        if "learner" in self.wanted:
            return
        whole = self.sources.get("learner")
        name = plain_name(self.header[whole[0]]) if whole else ""
        first, last = self.halves.get("first"), self.halves.get("last")
        if whole and name in _HALF_OR_WHOLE:
            # "Name" and "Vorname": the name is the last one; "Name" and "Surname": the first.
            if first is None and last is not None:
                first = whole[0]
            elif last is None and first is not None:
                last = whole[0]
        if first is None or last is None:
            if first is not None and not whole:
                self.sources["learner"] = (first,)
            elif last is not None and not whole:
                self.sources["learner"] = (last,)
            return
        if whole and name not in ("student", "user", "worker", "employee", *_HALF_OR_WHOLE):
            return
        names = {plain_name(self.header[number]) for number in (first, last)}
        family_first = language.split("-")[0] in FAMILY_FIRST_LANGUAGES or names & _FAMILY_FIRST
        order = (last, first) if family_first else (first, last)
        self.sources["learner"] = order
        self.joined.add("learner")
        shown = " and ".join(repr(self.header[number]) for number in order)
        self.notes.append(
            f"the learner's name is made of the columns {shown}; "
            "for another order say --column learner=ONE+OTHER"
        )

    def result(self) -> ColumnMap:
        used = {number for numbers in self.sources.values() for number in numbers}
        used |= set(self.halves.values()) if "learner" in self.joined else set()
        unused = [n for number, n in enumerate(self.header) if n and number not in used]
        names = {plain_name(name) for name in self.header}
        sortable = bool(names & {"sis user id", "sis login id"}) and "student" in names
        return ColumnMap(
            self.sources,
            tuple(unused),
            tuple(self.notes),
            frozenset(self.joined),
            sortable and "learner" not in self.wanted,
        )


class _Twice(Exception):
    """Two columns that would be used for one thing."""

    def __init__(self, key: str, names: Sequence[str]) -> None:
        super().__init__(key)
        self.key = key
        self.names = names


def find_columns(words: str, header: Sequence[str]) -> tuple[int, ...]:
    """Return the columns that `words` name: one, or several joined by "+"; () if any is missing."""
    for parts in ([words], [part.strip().strip("\"'") for part in words.split("+")]):
        numbers = [_column(part, header) for part in parts]
        if all(number is not None for number in numbers):
            return tuple(number for number in numbers if number is not None)
    return ()


def _column(name: str, header: Sequence[str]) -> int | None:
    if name in header:
        return list(header).index(name)
    plain = plain_name(name)
    same = [number for number, other in enumerate(header) if plain and plain_name(other) == plain]
    return same[0] if len(same) == 1 else None


def check_columns(
    header: Sequence[str],
    fields: Iterable[str],
    wanted: Mapping[str, str],
    path: str,
    language: str,
    line: int,
) -> ColumnMap:
    """Return what the columns are used for.

    Raises:
        HandbookError: If a column that was asked for is missing, if none is a name, or if two
            would be used for one thing.
    """
    for key, words in wanted.items():
        if words and not find_columns(words, header):
            parts = [part.strip().strip("\"'") for part in words.split("+")]
            missing = next((part for part in parts if _column(part, header) is None), words)
            raise error(
                f"the roster has no column {missing!r}, which was asked for as {key}",
                at=Source(path, line),
                hint=f"{suggest(missing, [name for name in header if name])}; "
                f"say which it is with --column {key}=COLUMN",
                code="roster",
            )
    try:
        columns = map_columns(header, fields, wanted, language)
    except _Twice as problem:
        both = ", ".join(problem.names)
        raise error(
            f"two columns could be {problem.key!r}: {both}",
            at=Source(path, line),
            hint=f'say which it is with --column "{problem.key}={problem.names[0]}"',
            code="roster",
        ) from None
    nameless = "learner" in fields and "learner" not in columns.sources
    if nameless or not columns.has_person:
        near = _nearest_column("learner", columns.unused) or "COLUMN"
        raise error(
            f"no column of the roster is a name: {', '.join(header)[:200]}",
            at=Source(path, line),
            hint=f"call a column 'name', or say which it is with --column \"learner={near}\"",
            code="roster",
        )
    return columns


def _nearest_column(key: str, names: Sequence[str]) -> str:
    """Return the column whose name has `key` in it, or is almost one of those for `key`."""
    for name in names:
        words = plain_name(name)
        if key in words.split() or nearest(words, COLUMNS[key], _NEAR):
            return name
    return ""


def header_score(
    cells: Sequence[str], fields: Iterable[str], wanted: Mapping[str, str]
) -> tuple[int, int]:
    """Return how much a line looks like the names of columns; (0, 0) for a line of data."""
    try:
        columns = map_columns(cells, fields, wanted)
    except _Twice:
        return (1, len(cells))
    if not columns.has_person:
        return (0, 0)
    return (columns.score, sum(bool(cell) for cell in cells))


def parse_columns(options: Sequence[str], fields: Iterable[str] = ()) -> dict[str, str]:
    """Return the mapping that options such as `learner=Participant` give.

    Raises:
        HandbookError: If an option is not of this form, or names no column of ours.
    """
    known = [*COLUMNS, *fields]
    columns: dict[str, str] = {}
    for option in options:
        key, equals, name = option.partition("=")
        if not equals or (not name and key != "id"):
            raise error(f"--column {option!r}: write it as learner=COLUMN", code="roster")
        if key not in known:
            raise error(f"unknown column {key!r}", hint=suggest(key, known), code="roster")
        columns[key] = name.strip()
    return columns
