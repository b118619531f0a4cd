from django.apps import AppConfig
from django.core.checks import register


class MembersConfig(AppConfig):
    name = "members"
    verbose_name = "会员"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from .checks import check_sms_gateway, check_wechat

        register(check_sms_gateway)
        register(check_wechat)
