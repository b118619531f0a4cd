"""Why a request is refused."""

from django.utils.translation import gettext_lazy as _

MOVED_ON = _("这张询价单已经处理过，请刷新页面")


class EnterpriseRefused(Exception):
    """It cannot be done; the text says why, `field` what it is about, if it is about one. Nothing was changed."""

    def __init__(self, words: str, *, field: str = "") -> None:
        super().__init__(words)
        self.field = field
