from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    name = "sandbox.payments"
    label = "sandbox_payments"
    verbose_name = "沙箱：微信支付与支付宝"
    default_auto_field = "django.db.models.BigAutoField"
