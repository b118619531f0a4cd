"""Papers are taken as pictures: of a PDF nothing is kept but how its pages look."""

from io import BytesIO

import pydyf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from pypdf import PdfWriter

from mall.core import documents, pdf_pages
from mall.core.documents import DocumentField, take_document
from mall.core.photos import PhotoRefused


def a_pdf(pages: int = 1, *, size: tuple[int, int] = (595, 842), script: str = "") -> bytes:
    """Return a PDF of blank white pages with a red square in each."""
    pdf = pydyf.PDF()
    for _ in range(pages):
        square = pydyf.Stream([b"1 0 0 rg 0 0 100 100 re f"])
        pdf.add_object(square)
        box = pydyf.Array([0, 0, *size])
        pdf.add_page(
            pydyf.Dictionary(
                {"Type": "/Page", "Parent": pdf.pages.reference, "MediaBox": box, "Contents": square.reference}
            )
        )
    if script:
        pdf.catalog["OpenAction"] = pydyf.Dictionary({"S": "/JavaScript", "JS": pydyf.String(script)})
    file = BytesIO()
    pdf.write(file)
    return file.getvalue()


def upload(content: bytes, name: str = "x.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="text/html")


def test_a_pdf_becomes_one_picture_with_its_pages_below_each_other_and_nothing_else_of_it() -> None:
    photo = take_document(upload(a_pdf(3, script="app.alert('绝密')")))
    picture = Image.open(BytesIO(photo.content))
    page = 842 * pdf_pages.WIDTH // 595
    assert (picture.format, picture.width) == ("WEBP", pdf_pages.WIDTH)
    assert abs(picture.height - 3 * page) <= 6
    red, white = picture.getpixel((30, page - 30)), picture.getpixel((900, 300))
    assert red[0] > 200 > 60 > red[1]
    assert min(white) > 240
    assert b"JavaScript" not in photo.content
    assert b"%PDF" not in photo.content


def test_a_wide_page_and_a_very_tall_one_stay_within_bounds() -> None:
    assert take_document(upload(a_pdf(size=(1_684, 595)))).height < pdf_pages.WIDTH
    tall = take_document(upload(a_pdf(size=(50, 14_000))))
    assert (tall.width, tall.height) == (pdf_pages.WIDTH, pdf_pages.HEIGHT_MAX)


def test_a_picture_is_taken_as_photos_are() -> None:
    file = BytesIO()
    Image.new("RGB", (2_000, 1_000), "green").save(file, "PNG")
    photo = take_document(upload(file.getvalue(), "x.png"))
    assert (photo.width, photo.height) == (1_600, 800)


def locked_pdf() -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    writer.encrypt("secret")
    file = BytesIO()
    writer.write(file)
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "空的"),
        (b"<svg onload=alert(1)>", "不是完好的"),
        (b"%PDF-1.7\n" + b"x" * 500, "打不开"),
        (b"<html>%PDF-1.4</html>", "打不开"),
        (a_pdf(pdf_pages.PAGES_MAX + 1), "最多 5 页"),
        (locked_pdf(), "密码"),
    ],
    ids=["empty", "svg", "garbage", "html", "long", "locked"],
)
def test_what_is_no_paper_is_refused_in_one_sentence(content: bytes, words: str) -> None:
    with pytest.raises(PhotoRefused, match=words):
        take_document(upload(content))


def test_a_file_that_is_too_large_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "BYTES_MAX", 100)
    with pytest.raises(PhotoRefused, match="10MB"):
        take_document(upload(a_pdf()))


def test_a_file_on_which_the_renderer_hangs_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "SECONDS_MAX", 0.001)
    with pytest.raises(PhotoRefused, match="打不开"):
        take_document(upload(a_pdf()))


def test_the_field_tells_nothing_from_an_empty_file() -> None:
    assert DocumentField(required=False).clean(None) is None
    for field, data in ((DocumentField(), None), (DocumentField(required=False), upload(b""))):
        with pytest.raises(Exception, match=r"请传一张|空的"):
            field.clean(data)
