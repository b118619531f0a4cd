from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("orders", "0006_payment_scenes")]

    operations = [
        migrations.AddField(
            model_name="order",
            name="extended_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="延长收货时间"),
        ),
    ]
