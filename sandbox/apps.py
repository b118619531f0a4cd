from django.apps import AppConfig


class SandboxConfig(AppConfig):
    name = "sandbox"
    verbose_name = "沙箱支付机构"
    default_auto_field = "django.db.models.BigAutoField"
