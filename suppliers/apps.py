from django.apps import AppConfig


class SuppliersConfig(AppConfig):
    name = "suppliers"
    verbose_name = "供应商与商品"
    default_auto_field = "django.db.models.BigAutoField"
