"""Where a link was shared: the tag `ch` in it, which its touches keep."""

import re
from typing import Any

from django.utils.translation import gettext_lazy as _

CHANNEL = re.compile(r"[a-z0-9-]{1,20}")
WECHAT, GROUP, MOMENTS, OFFLINE, POSTER, QR, COPY = "wechat", "group", "moments", "offline", "poster", "qr", "copy"
NAMES: dict[str, Any] = {
    MOMENTS: _("朋友圈"),
    GROUP: _("微信群"),
    WECHAT: _("微信好友"),
    OFFLINE: _("线下"),
    POSTER: _("海报"),
    QR: _("二维码"),
    COPY: _("复制链接"),
}
# What somebody says before sharing; the others say themselves how the link went out.
CHOSEN = (MOMENTS, GROUP, WECHAT, OFFLINE)


def clean_channel(text: str) -> str:
    """Return a tag as it is kept; nothing for what cannot be one."""
    return text if CHANNEL.fullmatch(text) else ""


def channel_name(channel: str) -> str:
    """Return what people call a channel; a tag that somebody made up by its own name."""
    return str(NAMES[channel]) if channel in NAMES else channel or str(_("没有标记"))
