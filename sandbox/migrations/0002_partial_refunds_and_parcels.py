import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("sandbox", "0001_initial")]

    operations = [
        migrations.AlterField(
            model_name="sandboxrefund",
            name="charge",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="refunds",
                to="sandbox.sandboxcharge",
                verbose_name="收款单",
            ),
        ),
        migrations.AlterField(
            model_name="sandboxrefund",
            name="number",
            field=models.CharField(max_length=48, unique=True, verbose_name="商户退款单号"),
        ),
        migrations.CreateModel(
            name="SandboxParcel",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("carrier", models.CharField(max_length=30, verbose_name="快递公司")),
                ("number", models.CharField(max_length=40, verbose_name="快递单号")),
                ("origin", models.CharField(blank=True, max_length=40, verbose_name="发件地")),
                ("destination", models.CharField(blank=True, max_length=40, verbose_name="收件地")),
                ("handed_at", models.DateTimeField(verbose_name="交件时间")),
                ("notify_url", models.URLField(max_length=300)),
                ("pushed", models.PositiveSmallIntegerField(default=0, verbose_name="已推送")),
                ("next_push_at", models.DateTimeField(blank=True, null=True, verbose_name="下次推送")),
            ],
            options={
                "verbose_name": "快件",
                "verbose_name_plural": "快件",
                "indexes": [models.Index(fields=["next_push_at"], name="sandbox_parcel_to_push")],
                "constraints": [models.UniqueConstraint(fields=("carrier", "number"), name="sandbox_parcel_once")],
            },
        ),
    ]
