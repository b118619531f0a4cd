from django.apps import AppConfig


class StorefrontConfig(AppConfig):
    name = "storefront"
    verbose_name = "商城页面"
    default_auto_field = "django.db.models.BigAutoField"
