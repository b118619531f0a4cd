from django.apps import AppConfig


class RemittanceConfig(AppConfig):
    name = "remittance"
    verbose_name = "供应商结算"
    default_auto_field = "django.db.models.BigAutoField"
