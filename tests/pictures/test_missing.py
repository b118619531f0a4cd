"""Goods that come without a picture get one that is drawn, the same every time."""

from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from PIL import Image

from mall.missing_pictures import draw_missing_pictures
from suppliers.models import Product
from tests.factories import a_sku

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def test_a_product_without_a_picture_gets_one(media: Path) -> None:
    product, pictured = a_sku().product, a_sku().product
    Product.objects.filter(pk=product.pk).update(label="", name="ABC 野山蜂蜜")
    Product.objects.filter(pk=pictured.pk).update(image="goods/own.webp")
    call_command("draw_missing_pictures")
    product.refresh_from_db()
    pictured.refresh_from_db()
    assert pictured.image == "goods/own.webp"
    assert product.image == f"products/{product.slug}/hero-750.webp"
    first = (media / product.image).read_bytes()
    assert Image.open(media / product.image).size == (750, 750)
    assert draw_missing_pictures() == 0
    Product.objects.filter(pk=product.pk).update(image="")
    assert draw_missing_pictures() == 1
    assert (media / product.image).read_bytes() == first
