"""What a form does with the gallery of a product: written at once for a draft, else reviewed."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from mall.core import clock
from mall.core.films import kept_film
from mall.core.photos import kept_photos
from suppliers import commands, queries
from suppliers.commands import GalleryEdit, ReviewRefused, entry_of
from suppliers.models import MediaKind, Product, ProductMedia

FOLDER = "goods"


def save_gallery(request: HttpRequest, product: Product, formset: Any) -> None:
    """Do what the form says; the formset has been saved without committing."""
    if Product.objects.filter(pk=product.pk, is_published=True).exists():
        _propose(request, product, formset)
        return
    for media in formset.deleted_objects:
        media.delete()
    for form in formset.forms:
        if form.has_changed() and form not in formset.deleted_forms:
            with _with_files(form) as media:
                media.save()
    if formset.has_changed():
        commands.mark_changed(product=product, at=clock.now())


def waiting_pictures(product: Product) -> SafeString | str:
    """Return the pictures that wait for the operators."""
    return render_to_string("supplier/waiting_gallery.html", {"pictures": queries.waiting_gallery(product=product)})


def _propose(request: HttpRequest, product: Product, formset: Any) -> None:
    """Hand the gallery as the form has it to the operators; the shelf keeps showing the one that it has."""
    edits = []
    try:
        with ExitStack() as files:
            for form in formset.forms:
                was = form.instance.path
                if form in formset.deleted_forms:
                    edits.append(GalleryEdit(was, None))
                elif form.has_changed():
                    edits.append(GalleryEdit(was, entry_of(files.enter_context(_with_files(form)))))
            if not edits:
                return
            proposed = commands.propose_gallery(product=product, edits=edits, by=request.user, at=clock.now())
    except ReviewRefused as refusal:
        messages.error(request, str(refusal))
        return
    if proposed:
        messages.info(request, gettext("商品在架：图片改动已送审，通过前仍展示原来的图片"))


@contextmanager
def _with_files(form: forms.ModelForm) -> Iterator[ProductMedia]:
    """Keep the files that were sent with a row of the gallery, and give the row as it is to be, unsaved.

    Where the block raises, the files are dropped again."""
    media, photos, film, at = form.instance, form.cleaned_data["photos"], form.cleaned_data["film"], clock.now()
    with kept_photos(photos, folder=FOLDER, at=at) as names, kept_film(film, folder=FOLDER, at=at) as path:
        if path:
            media.poster = media.poster or media.path
            media.kind, media.path = MediaKind.VIDEO, path
        if names:
            media.width, media.height = photos[0].width, photos[0].height
            if media.kind == MediaKind.VIDEO:
                media.poster = names[0]
            else:
                media.path = names[0]
        yield media
