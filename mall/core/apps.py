from django.apps import AppConfig
from django.core.checks import Tags, register


class CoreConfig(AppConfig):
    name = "mall.core"
    label = "core"
    verbose_name = "基础"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from mall.core.lookups import register_lookups
        from mall.core.tables import check_replaced

        register_lookups()
        register(check_replaced, Tags.database)
