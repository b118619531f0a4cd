"""The demo's gateway: messages go to a page, `/demo/outbox`, and to nobody's phone."""

from datetime import datetime

from django.utils.translation import gettext as _

from . import NOTICES


class OutboxGateway:
    """Keeps messages as rows. Only where `DEMO` or `DEBUG` is on."""

    def send(self, *, phone: str, purpose: str, code: str, at: datetime) -> None:
        """Put the message in the outbox."""
        from members.commands import keep_message

        body = _("【%(site)s】验证码 %(code)s，5 分钟内有效。请勿告诉他人。")
        keep_message(phone=phone, purpose=purpose, body=body % {"site": _("演示"), "code": code}, at=at)

    def notify(self, *, phone: str, notice: str, at: datetime) -> None:
        """Put the notice in the outbox."""
        from members.commands import keep_message

        body = _("【%(site)s】%(words)s") % {"site": _("演示"), "words": NOTICES[notice]}
        keep_message(phone=phone, purpose=notice, body=body, at=at)
