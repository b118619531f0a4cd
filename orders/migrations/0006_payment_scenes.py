from django.db import migrations, models


class Migration(migrations.Migration):
    """Payments get a way (scene), a sheet, and an instant at which their provider is asked."""

    dependencies = [("orders", "0005_cart")]

    operations = [
        migrations.AddField("payment", "scene", models.CharField(blank=True, db_default="", default="", max_length=10, verbose_name="方式")),
        migrations.AddField("payment", "sheet", models.JSONField(editable=False, null=True)),
        migrations.AddField("payment", "opened_at", models.DateTimeField(editable=False, null=True)),
        migrations.AddField("payment", "asks", models.PositiveSmallIntegerField(db_default=0, default=0, editable=False)),
        migrations.AddField("payment", "ask_at", models.DateTimeField(editable=False, null=True)),
        migrations.AlterField("payment", "pay_url", models.CharField(blank=True, db_default="", default="", editable=False, max_length=4000)),
        migrations.AlterField("notice", "notice_id", models.CharField(max_length=128, verbose_name="通知号")),
        migrations.RunSQL(
            "UPDATE orders_payment SET ask_at = created_at + interval '30 seconds' WHERE state = 'created'",
            migrations.RunSQL.noop,
        ),
        migrations.RemoveIndex("payment", "orders_payment_waiting"),
        migrations.RemoveField("payment", "asked_at"),
        migrations.AddIndex("payment", models.Index(condition=models.Q(("ask_at__isnull", False)), fields=["ask_at"], name="orders_payment_to_ask")),
    ]
