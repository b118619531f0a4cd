from django.apps import AppConfig


class PayoutsConfig(AppConfig):
    name = "payouts"
    verbose_name = "提现"
    default_auto_field = "django.db.models.BigAutoField"
