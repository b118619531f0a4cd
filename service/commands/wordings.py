"""What operators write once and use often: templates of answers, and tags."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from mall.core.text import clean_line
from service import rules
from service.models import ReplyTemplate, Tag

from .refusals import TicketRefused, cleaned


def save_template(
    *, title: str, text: str, topic: str = "", position: int = 0, template: ReplyTemplate | None = None
) -> ReplyTemplate:
    """Write a text that operators answer with often, or another text of one. Raises TicketRefused where it has a
    placeholder that nothing fills."""
    row = template or ReplyTemplate()
    row.title, row.text, row.topic, row.position = clean_line(title, 30), cleaned(text), topic, position
    unknown = sorted(rules.placeholders(row.text) - set(rules.PLACEHOLDERS))
    if unknown:
        raise TicketRefused(_("没有 {%s} 这个占位符，检查一下是不是写错了") % unknown[0])
    row.save()
    return row


def save_tag(*, name: str, is_active: bool = True, tag: Tag | None = None) -> Tag:
    """Make a tag, rename one, or put one away. Raises TicketRefused where there is one of that name."""
    try:
        line = clean_line(name, 20)
    except ValueError:
        raise TicketRefused(_("标签最多 20 个字")) from None
    if not line:
        raise TicketRefused(_("请给标签起个名字"))
    row = tag or Tag()
    row.name, row.is_active = line, is_active
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise TicketRefused(_("已经有叫这个名字的标签")) from None
    return row
