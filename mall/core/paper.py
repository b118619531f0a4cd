"""A4 sheets as PDF: text in Noto Sans SC, rules and QR codes. Only the characters that were used are embedded.

Lengths are points (1/72 inch), counted from the upper left corner of the sheet.
"""

import zlib
from collections.abc import Callable, Sequence
from functools import cache
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path

import pydyf
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

WIDTH, HEIGHT = 595, 842
INK, MUTED, FAINT = "0.12 0.11 0.10", "0.36 0.34 0.31", "0.80 0.78 0.74"
LEFT, RIGHT, CENTRE = "left", "right", "centre"

_FACE = "NotoSansSC-Regular"
_UNKNOWN = "□"
_DROPPED = ["GSUB", "GPOS", "GDEF", "BASE", "vhea", "vmtx", "VORG", "name", "OS/2", "post"]


@cache
def _face() -> tuple[str, dict[str, int], dict[str, int]]:
    """Return where the face lies, and for each character its number in the face and its width in thousandths."""
    spec = find_spec("pylopdf_fonts_zh_cn")
    if spec is None or spec.origin is None:
        raise FileNotFoundError("the package pylopdf-fonts-zh-cn with the Noto faces is not installed")
    path = str(Path(spec.origin).parent / f"{_FACE}.otf")
    with TTFont(path, lazy=True) as font:
        names: dict[int, str] = font.getBestCmap()
        advances = font["hmtx"].metrics
        numbers = {chr(code): int(name.removeprefix("cid")) for code, name in names.items()}
        widths = {chr(code): int(advances[name][0]) for code, name in names.items()}
    return path, numbers, widths


class Paper:
    """A document under way: `new_page`, then `text`, `rule` and `code` on it, at last `finish`."""

    def __init__(self, *, title: str) -> None:
        self.title = title
        self._path, self._numbers, self._widths = _face()
        self._used: dict[str, str] = {}
        self._pages: list[list[str]] = []
        self._page: list[str] = []

    def new_page(self) -> None:
        self._page = []
        self._pages.append(self._page)

    def text(
        self,
        x: float,
        y: float,
        words: str,
        *,
        size: float = 8,
        align: str = LEFT,
        tone: str = INK,
        room: float = 0,
        strong: bool = False,
    ) -> None:
        """Write one line whose base is at `y`; with `room`, what does not fit into so many points is cut off."""
        if room:
            words = self._fitting(words, size, room)
        encoded = "".join([self._used.get(char) or self._use(char) for char in words])
        if align != LEFT:
            width = self.width(words, size)
            x -= width if align == RIGHT else width / 2
        mode = f" 2 Tr {size / 28:.2f} w {tone} RG" if strong else " 0 Tr"
        self._page.append(f"BT /F {size:g} Tf{mode} {tone} rg {x:.2f} {HEIGHT - y:.2f} Td <{encoded}> Tj ET")

    def rule(self, x: float, y: float, to_x: float, *, tone: str = FAINT, weight: float = 0.5) -> None:
        """Draw a line across."""
        self._page.append(f"{tone} RG {weight:g} w {x:.2f} {HEIGHT - y:.2f} m {to_x:.2f} {HEIGHT - y:.2f} l S")

    def code(self, x: float, y: float, rows: Sequence[Sequence[int]], *, size: float) -> None:
        """Draw a QR code, given as rows of dark (1) and light (0) squares, `size` points wide."""
        square = size / len(rows)
        dark = [
            f"{x + column * square:.2f} {HEIGHT - y - (row + 1) * square:.2f} {square:.3f} {square:.3f} re"
            for row, squares in enumerate(rows)
            for column, is_dark in enumerate(squares)
            if is_dark
        ]
        self._page.append(f"{INK} rg {' '.join(dark)} f")

    def width(self, words: str, size: float) -> float:
        """Return how many points a line takes."""
        widths = self._widths
        return sum([widths.get(char, 1000) for char in words]) * size / 1000

    def finish(self, foot: Callable[[int, int], str]) -> bytes:
        """Write what `foot` says of each page (its number, and how many there are) below it; return the file."""
        count = len(self._pages)
        for number, page in enumerate(self._pages, start=1):
            self._page = page
            self.text(WIDTH / 2, HEIGHT - 24, foot(number, count), size=7, align=CENTRE, tone=MUTED)
        pdf = pydyf.PDF()
        pdf.info["Title"] = pydyf.String(self.title)
        font = self._font(pdf)
        for page in self._pages:
            content = pydyf.Stream([("\n".join(page)).encode()], compress=True)
            pdf.add_object(content)
            pdf.add_page(
                pydyf.Dictionary(
                    {
                        "Type": "/Page",
                        "Parent": pdf.pages.reference,
                        "MediaBox": pydyf.Array([0, 0, WIDTH, HEIGHT]),
                        "Contents": content.reference,
                        "Resources": pydyf.Dictionary({"Font": pydyf.Dictionary({"F": font.reference})}),
                    }
                )
            )
        out = BytesIO()
        pdf.write(out)
        return out.getvalue()

    def _use(self, char: str) -> str:
        number = self._numbers.get(char)
        known = f"{self._numbers[_UNKNOWN] if number is None else number:04x}"
        self._used[char] = known
        return known

    def _fitting(self, words: str, size: float, room: float) -> str:
        if self.width(words, size) <= room:
            return words
        while words and self.width(words + "…", size) > room:
            words = words[:-1]
        return words + "…"

    def _font(self, pdf: "pydyf.PDF") -> "pydyf.Dictionary":
        """Add the characters used as a font that is addressed by their numbers in the face."""
        chars = sorted(char if char in self._numbers else _UNKNOWN for char in self._used)
        program = pydyf.Stream(
            [zlib.compress(_program(self._path, "".join(chars)))],
            {"Subtype": "/CIDFontType0C", "Filter": "/FlateDecode"},
        )
        pdf.add_object(program)
        name = f"/HEJISC+{_FACE}"
        described = pydyf.Dictionary(
            {
                "Type": "/FontDescriptor",
                "FontName": name,
                "Flags": 4,
                "FontBBox": pydyf.Array([-1002, -1048, 2928, 1808]),
                "ItalicAngle": 0,
                "Ascent": 880,
                "Descent": -120,
                "CapHeight": 733,
                "StemV": 80,
                "FontFile3": program.reference,
            }
        )
        pdf.add_object(described)
        widths = {self._numbers[char]: self._widths[char] for char in chars}
        face = pydyf.Dictionary(
            {
                "Type": "/Font",
                "Subtype": "/CIDFontType0",
                "BaseFont": name,
                "CIDSystemInfo": pydyf.Dictionary(
                    {"Registry": pydyf.String("Adobe"), "Ordering": pydyf.String("Identity"), "Supplement": 0}
                ),
                "FontDescriptor": described.reference,
                "DW": 1000,
                "W": pydyf.Array([f"{number} [{width}]" for number, width in sorted(widths.items())]),
            }
        )
        pdf.add_object(face)
        meanings = pydyf.Stream([_meanings({self._numbers[char]: char for char in chars})], compress=True)
        pdf.add_object(meanings)
        font = pydyf.Dictionary(
            {
                "Type": "/Font",
                "Subtype": "/Type0",
                "BaseFont": name,
                "Encoding": "/Identity-H",
                "DescendantFonts": pydyf.Array([face.reference]),
                "ToUnicode": meanings.reference,
            }
        )
        pdf.add_object(font)
        return font


def _program(path: str, text: str) -> bytes:
    """Return the outlines of these characters alone; they keep the numbers that they have in the face."""
    options = Options()
    options.layout_features = []
    options.drop_tables += _DROPPED
    options.notdef_outline = True
    options.hinting = False
    options.desubroutinize = True
    with TTFont(path, lazy=True) as font:
        subsetter = Subsetter(options)
        subsetter.populate(text=text)
        subsetter.subset(font)
        program: bytes = font["CFF "].compile(font)
    return program


def _meanings(chars: dict[int, str]) -> bytes:
    """Return the table by which a reader finds and copies text."""
    rows = [f"<{number:04x}> <{char.encode('utf-16-be').hex()}>" for number, char in sorted(chars.items())]
    blocks = [
        f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar"
        for block in (rows[start : start + 100] for start in range(0, len(rows), 100))
    ]
    head = (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
        "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
        "1 begincodespacerange\n<0000> <ffff>\nendcodespacerange\n"
    )
    tail = "\nendcmap\nCMapName currentdict /CMap defineresource pop\nend\nend"
    return (head + "\n".join(blocks) + tail).encode()
