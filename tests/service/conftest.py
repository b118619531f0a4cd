"""Help and tickets for tests."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from mall.core.photos import Photo, take_photo
from members.models import Member
from orders.models import Order
from service.commands import ArticleText, open_ticket, save_article, save_topic
from service.models import HelpArticle, Ticket, Topic
from tests.factories import AT, a_member


@pytest.fixture(autouse=True)
def _photos_of_this_test(settings, tmp_path: Path) -> None:
    settings.PRIVATE_ROOT = tmp_path / "private"
    settings.STORAGES = {
        **settings.STORAGES,
        "private": {**settings.STORAGES["private"], "OPTIONS": {"location": str(tmp_path / "private")}},
    }


def upload(name: str = "a.png", side: int = 30) -> SimpleUploadedFile:
    file = BytesIO()
    Image.new("RGB", (side, side), "#12715b").save(file, "PNG")
    return SimpleUploadedFile(name, file.getvalue(), "image/png")


def a_photo() -> Photo:
    return take_photo(upload())


MakeTicket = Callable[..., Ticket]


@pytest.fixture
def a_ticket() -> MakeTicket:
    def make(
        *, member: Member | None = None, order: Order | None = None, photos: int = 0, key: str = "key", at=AT
    ) -> Ticket:
        return open_ticket(
            member=member or a_member(),
            topic=Topic.ORDER,
            text="包裹三天没有更新了",
            order=order,
            photos=[a_photo() for _ in range(photos)],
            idempotency_key=key,
            reply_hours=24,
            at=at,
        )

    return make


MakeArticle = Callable[..., HelpArticle]


@pytest.fixture
def an_article() -> MakeArticle:
    def make(title: str = "退款多久到账？", text: str = "退款原路退回，微信一般当天到账。", **parts) -> HelpArticle:
        topic = save_topic(name="退换", slug="returns", icon="rotate-ccw")
        slug = parts.pop("slug", f"article-{HelpArticle.objects.count() + 1}")
        return save_article(text=ArticleText(topic.pk, title, slug, text, **parts), at=AT)

    return make
