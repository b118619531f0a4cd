"""Materials are written by one operator, checked against the forbidden words and by a person, and withdrawn."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from agents.models import Material, MaterialImage, MaterialKind, MaterialState, UseKind
from agents.rules import forbidden_words
from mall.core.photos import Photo, drop_photos, kept_photos
from mall.core.text import clean_line, clean_text
from members.models import Member
from suppliers.models import Product

TITLE_MAX, TEXT_MAX, IMAGES_MAX = 30, 1000, 9
FOLDER = "materials"

_USE = """
INSERT INTO agents_materialuse (material_id, member_id, kind, date, at) VALUES (%s, %s, %s, %s, %s)
ON CONFLICT (material_id, member_id, kind, date) DO NOTHING
"""


class MaterialRefused(Exception):
    """It cannot be kept or shown; the text says why. Nothing was changed."""


@dataclass(frozen=True, slots=True)
class MaterialText:
    """What an operator wrote."""

    kind: str
    title: str
    text: str = ""
    product: Product | None = None


def save_material(
    *, material: Material | None, text: MaterialText, photos: Sequence[Photo] = (), by: Any, at: datetime
) -> Material:
    """Write a material, new or anew; photos replace those it had. Whatever was checked before waits for a check again.
    Raises MaterialRefused."""
    if text.kind not in MaterialKind.values:
        raise MaterialRefused(_("没有这种素材"))
    try:
        title, words = clean_line(text.title, TITLE_MAX), clean_text(text.text, TEXT_MAX)
    except ValueError as error:
        raise MaterialRefused(_("标题最多 30 字，文案最多 1000 字")) from error
    if not title:
        raise MaterialRefused(_("请填写标题"))
    if len(photos) > IMAGES_MAX:
        raise MaterialRefused(_("最多传 %(count)d 张图片") % {"count": IMAGES_MAX})
    has_images = bool(photos) or (material is not None and material.images.exists())
    if text.kind == MaterialKind.IMAGES and not has_images:
        raise MaterialRefused(_("图片素材至少要有一张图片"))
    if text.kind != MaterialKind.IMAGES and not words:
        raise MaterialRefused(_("请填写文案"))
    fields = {"kind": text.kind, "title": title, "text": words, "product": text.product}
    state = {"state": MaterialState.DRAFT, "saved_by": by, "saved_at": at, "checked_by": None, "checked_at": None}
    with kept_photos(photos, folder=FOLDER, at=at) as names, transaction.atomic():
        if material is None:
            kept = Material.objects.create(**fields, **state)
        else:
            kept = Material.objects.select_for_update(no_key=True).get(pk=material.pk)
            for name, value in {**fields, **state}.items():
                setattr(kept, name, value)
            kept.save()
        if names:
            old = list(kept.images.values_list("path", flat=True))
            kept.images.all().delete()
            MaterialImage.objects.bulk_create(
                [
                    MaterialImage(material=kept, path=path, width=photo.width, height=photo.height, position=place)
                    for place, (path, photo) in enumerate(zip(names, photos, strict=True))
                ]
            )
            transaction.on_commit(lambda: drop_photos(old))
    return kept


def check_material(*, material: Material, by: Any, at: datetime) -> Material:
    """Let shopkeepers see a material: somebody has read it and answers for it. A repeat changes nothing. Raises
    MaterialRefused where a forbidden word stands in it, or where it was withdrawn."""
    with transaction.atomic():
        kept = Material.objects.select_for_update(no_key=True).get(pk=material.pk)
        if kept.state == MaterialState.CHECKED:
            return kept
        if kept.state == MaterialState.WITHDRAWN:
            raise MaterialRefused(_("这条素材已撤下，修改保存后再审核"))
        found = forbidden_words(f"{kept.title}\n{kept.text}")
        if found:
            raise MaterialRefused(_("有不能用的词：%(words)s。请改掉再审核。") % {"words": "、".join(found)})
        kept.state, kept.checked_by, kept.checked_at = MaterialState.CHECKED, by, at
        kept.save(update_fields=["state", "checked_by", "checked_at"])
    return kept


def withdraw_material(*, material: Material) -> None:
    """Show a material no longer. The row stays, and who had checked it."""
    Material.objects.filter(pk=material.pk).update(state=MaterialState.WITHDRAWN)


def use_material(*, member: Member, material: Material, kind: UseKind, at: datetime) -> None:
    """Count that a member copied or saved a material, once a day."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_USE, [material.pk, member.pk, kind.value, timezone.localdate(at), at])
        if cursor.rowcount:
            Material.objects.filter(pk=material.pk).update(used_count=F("used_count") + 1)
