"""Takes the text out of one file. A program of its own, started by search/attachments.py.

A file from outside can keep a parser busy for ever or make it ask for all the memory there is; here
it can only end this process. So nothing of Django or of the site is imported, and all of it stands
in this one file: `-I` keeps Python from finding a second one beside it.

    python -I search/attachment_reader.py FILE KIND LIMITS

LIMITS are the fields of `Limits` as JSON; the answer is the fields of `search.attachments.ReadText`.
"""

import codecs
import json
import logging
import os
import re
import sys
import time
import unicodedata
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

# Of all parts of a .docx, .xlsx or .pptx together, and their number.
UNPACKED_BYTES = 200 * 1024 * 1024
UNPACKED_PARTS = 10_000

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
# Not the signs that end a sentence: what follows them may well begin a paragraph.
WITHIN_SENTENCE = "，、“”‘’（）《》〈〉「」【】〔〕［］—…·"


class UnreadableError(Exception):
    """The file gives no text. Its one argument is a code of `search.attachments.REASONS`."""


@dataclass(frozen=True)
class Limits:
    """How much of a file is read, and what reading may cost."""

    seconds: float = 60
    memory: int = 1024 * 1024 * 1024
    pages: int = 500
    characters: int = 400_000


class Text:
    """Collects pieces of text until there is enough, or until the time is nearly over."""

    def __init__(self, limits: Limits):
        self.pieces: list[str] = []
        self.length = 0
        self.limits = limits
        # What was read so far is better than being stopped with nothing.
        self.deadline = time.monotonic() + limits.seconds * 0.7
        self.cut = False

    def add(self, piece: str) -> None:
        # More than is kept, because tidying makes it shorter, but not all of a part that never ends.
        piece = piece[: max(0, self.limits.characters * 4 - self.length)]
        self.pieces.append(piece)
        self.length += len(piece)

    def full(self) -> bool:
        self.cut = self.length > self.limits.characters or time.monotonic() > self.deadline
        return self.cut


# --- Tidying --------------------------------------------------------------------------------

# PDFs made by browsers and by Office often name a character by the radical that looks the same
# (⻓ for 长), and no search would find it. Unicode's compatibility forms cover the Kangxi radicals
# and the compatibility ideographs; of the "CJK radicals supplement" they cover two, so those that
# are words of their own stand here (EquivalentUnifiedIdeograph.txt of the Unicode database).
RADICALS = dict(
    zip(
        "⺁⺎⺒⺠⻁⻄⻅⻆⻉⻋⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻭⻮⻯⻰",
        "厂兀巳民虎西见角贝车长门青韦页风飞食马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙",
        strict=True,
    )
)


def _replacements() -> dict[int, str | None]:
    table: dict[int, str | None] = {}
    for code in [*range(0x2E80, 0x2FE0), *range(0xF900, 0xFB00)]:
        plain = unicodedata.normalize("NFKC", chr(code))
        if plain != chr(code):
            table[code] = plain
    table |= {ord(radical): plain for radical, plain in RADICALS.items()}
    for code in range(0xA0):
        if unicodedata.category(chr(code)) == "Cc" and chr(code) not in "\t\n":
            table[code] = None
    table |= {0x0B: "\n", 0x0C: "\n", 0x85: "\n", 0x2028: "\n", 0x2029: "\n"}
    # Invisible: soft hyphen, widths of zero, directions, byte order mark.
    invisible = [
        0xAD,
        *range(0x200B, 0x2010),
        *range(0x202A, 0x202F),
        *range(0x2060, 0x2070),
        0xFEFF,
    ]
    table |= dict.fromkeys(invisible)
    # Bullets of symbol fonts, and halves of characters.
    table |= dict.fromkeys(range(0xE000, 0xF900), " ")
    table |= dict.fromkeys(range(0xD800, 0xE000))
    return table


REPLACEMENTS = _replacements()
BLANKS = re.compile(r"[^\S\n]+")
SPACED_OUT = re.compile(rf"(?<![^\s])[{HAN}](?: [{HAN}])+(?![^\s])")
WITHIN = re.compile(rf"[{HAN}{WITHIN_SENTENCE}]")


def tidy(text: str, *, broken_lines: bool = False) -> str:
    """Text without control characters, with single blanks and without empty lines.

    Args:
        text: what the parser gave.
        broken_lines: whether lines end where the page does, as in a PDF: then a new line between two
            Chinese characters disappears.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").translate(REPLACEMENTS)
    lines = (line.strip() for line in BLANKS.sub(" ", text).split("\n"))
    text = "\n".join(line for line in lines if line)
    # 通 知, spread over the width of a title.
    text = SPACED_OUT.sub(lambda found: found[0].replace(" ", ""), text)
    return join_lines(text) if broken_lines else text


def join_lines(text: str) -> str:
    """Text whose Chinese sentences run on over the ends of lines, so that no word is torn.

    A line less than half as long as the next is a heading and stays alone.
    """
    lines = text.split("\n")
    pieces = lines[:1]
    for line, following in pairwise(lines):
        runs_on = (
            WITHIN.match(line[-1:]) and WITHIN.match(following) and len(line) * 2 >= len(following)
        )
        pieces += ["" if runs_on else "\n", following]
    return "".join(pieces)


# --- The kinds of files ---------------------------------------------------------------------


def read_pdf(path: Path, text: Text) -> int:
    from pypdf import PdfReader
    from pypdf.errors import DependencyError, PyPdfError

    reader = PdfReader(path, strict=False)
    if reader.is_encrypted:
        # Many are closed to changes only, and open to every reader with an empty password.
        try:
            opened = reader.decrypt("")
        except (PyPdfError, DependencyError, NotImplementedError):
            # A broken file, a cipher that isn't installed, and (pypdf's word for it is the last of
            # the three) a kind of encryption that pypdf does not know: all are closed to us.
            opened = 0
        if not opened:
            raise UnreadableError("encrypted")
    pages = len(reader.pages)
    wanted = min(pages, text.limits.pages)
    damaged = 0
    for number in range(wanted):
        try:
            text.add((reader.pages[number].extract_text() or "") + "\n")
        except MemoryError:
            raise
        except Exception:  # noqa: BLE001 - parsers of broken files fail in every way there is
            damaged += 1
        if text.full():
            break
    if not pages or damaged == wanted:
        raise UnreadableError("damaged")
    text.cut = text.cut or pages > wanted
    return pages


def open_archive(path: Path) -> zipfile.ZipFile:
    """The file as a ZIP archive, when it can be unpacked without harm.

    `zipfile` never gives more of a part than the archive's directory says, so these sums hold.
    """
    with path.open("rb") as file:
        if file.read(len(OLE)) == OLE:
            # Office keeps a file with a password in an older container.
            encrypted = "EncryptedPackage".encode("utf-16-le") in file.read()
            raise UnreadableError("encrypted" if encrypted else "damaged")
    archive = zipfile.ZipFile(path)
    parts = archive.infolist()
    if len(parts) > UNPACKED_PARTS or sum(part.file_size for part in parts) > UNPACKED_BYTES:
        raise UnreadableError("too_large")
    if any(part.flag_bits & 1 for part in parts):
        raise UnreadableError("encrypted")
    return archive


def parts_named(archive: zipfile.ZipFile, pattern: str) -> list[str]:
    """Names of the archive's parts in the order of the numbers in them."""
    found = [name for name in archive.namelist() if re.fullmatch(pattern, name)]
    return sorted(found, key=lambda name: (int("0" + "".join(filter(str.isdigit, name))), name))


def add_paragraphs(file, text: Text) -> None:
    """Add the words of one part of a Word or PowerPoint file.

    Read from the XML and not through python-docx, which passes over text boxes, content controls
    and footnotes. What was deleted in tracked changes stands in other elements, so it is left out.
    """
    from defusedxml.ElementTree import iterparse

    fallback = 0  # Word writes a text box a second time for old programs
    for event, element in iterparse(file, events=("start", "end"), forbid_dtd=True):
        name = element.tag.rpartition("}")[2]
        if name == "Fallback":
            fallback += 1 if event == "start" else -1
        if event == "start" or fallback:
            continue
        if name == "t":
            text.add(element.text or "")
        elif name in ("p", "br", "cr"):
            text.add("\n")
            if text.full():
                return
        elif name == "tab":
            text.add(" ")
        element.clear()


def read_docx(path: Path, text: Text) -> int:
    with open_archive(path) as archive:
        bodies = parts_named(archive, r"word/document\d*\.xml")
        if not bodies:
            raise UnreadableError("damaged")
        around = [parts_named(archive, rf"word/{part}\d*\.xml") for part in ("header", "footer")]
        notes = parts_named(archive, r"word/(?:footnotes|endnotes)\d*\.xml")
        for name in [*around[0], *bodies, *notes, *around[1]]:
            with archive.open(name) as file:
                add_paragraphs(file, text)
            text.add("\n")
            if text.cut:
                break
    return 0


def read_pptx(path: Path, text: Text) -> int:
    with open_archive(path) as archive:
        slides = parts_named(archive, r"ppt/slides/slide\d+\.xml")
        if not slides:
            raise UnreadableError("damaged")
        for name in slides:
            with archive.open(name) as file:
                add_paragraphs(file, text)
            text.add("\n")
            if text.cut:
                break
    return len(slides)


def read_xlsx(path: Path, text: Text) -> int:
    open_archive(path).close()
    # Neither is needed to read, and both take memory and threads of their own.
    sys.modules["numpy"] = None  # type: ignore[assignment]
    os.environ["OPENPYXL_LXML"] = "False"
    from openpyxl import load_workbook

    book = load_workbook(path, read_only=True, data_only=True, keep_links=False)
    for sheet in book.worksheets:
        if getattr(sheet, "sheet_state", "visible") != "visible":
            continue
        text.add(f"{sheet.title}\n")
        sheet.reset_dimensions()  # files claim a million columns and fill ten
        for row in sheet.iter_rows(values_only=True):
            text.add(" ".join(cells(row)) + "\n")
            if text.full():
                return 0
    return 0


def cells(row: tuple) -> Iterator[str]:
    for value in row:
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if value is not None and value != "":
            yield str(value)


def read_plain(path: Path, text: Text) -> int:
    """UTF-8, UTF-16 with its mark, or GB 18030, which Chinese Windows still writes."""
    wanted = text.limits.characters * 4 + 4
    with path.open("rb") as file:
        content = file.read(wanted + 1)
    whole = len(content) <= wanted
    names = ["utf-8-sig", "gb18030"]
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        names = ["utf-16"]
    for name in names:
        try:
            text.add(codecs.getincrementaldecoder(name)().decode(content, final=whole))
        except UnicodeDecodeError:
            continue
        # No text has these; a picture that was named .txt does.
        if "\0" in text.pieces[-1]:
            break
        text.cut = not whole
        return 0
    raise UnreadableError("damaged")


READERS = {
    "pdf": read_pdf,
    "docx": read_docx,
    "pptx": read_pptx,
    "xlsx": read_xlsx,
    "txt": read_plain,
    "csv": read_plain,
}


def read(path: Path, kind: str, limits: Limits) -> dict[str, object]:
    """Read a file in this process.

    Args:
        path: the file.
        kind: one of `READERS`.
        limits: where to stop. The memory limit and the end of the time are not enforced here.

    Returns:
        The fields of `search.attachments.ReadText`.
    """
    text = Text(limits)
    answer: dict[str, object] = {
        "state": "failed",
        "text": "",
        "pages": 0,
        "cut": False,
        "error": "",
    }
    try:
        answer["pages"] = READERS[kind](path, text)
        words = tidy("".join(text.pieces), broken_lines=kind == "pdf")
    except ImportError:
        raise  # a fault of the installation, not of the file
    except UnreadableError as error:
        return answer | {"error": str(error)}
    except MemoryError:
        text.pieces.clear()
        return answer | {"error": "too_much_memory"}
    except Exception:  # noqa: BLE001 - parsers of broken files fail in every way there is
        return answer | {"error": "damaged"}
    if len(words) > limits.characters:
        words = words[: limits.characters]
        text.cut = True
    # Page numbers and rules alone are what a scan with a footer gives: nothing to search for.
    if not any(character.isalpha() for character in words):
        return answer | {"state": "empty"}
    return answer | {"state": "read", "text": words, "cut": text.cut}


def confine(limits: Limits) -> None:
    """Give this process what `limits` allow and no more, and let the site's own processes go first."""
    import resource

    seconds = int(limits.seconds) + 1
    for name, value in [
        ("RLIMIT_AS", limits.memory),
        ("RLIMIT_CPU", seconds),
        ("RLIMIT_FSIZE", 0),
        ("RLIMIT_CORE", 0),
    ]:
        try:
            resource.setrlimit(getattr(resource, name), (value, value))
        except (OSError, ValueError):  # macOS knows the name of the memory limit only
            continue
    os.nice(10)


def main(arguments: list[str]) -> None:
    path, kind, given = arguments
    limits = Limits(**json.loads(given))
    confine(limits)
    logging.disable(logging.CRITICAL)  # parsers complain of every flaw
    sys.stdout.write(json.dumps(read(Path(path), kind, limits)))


if __name__ == "__main__":
    main(sys.argv[1:])
