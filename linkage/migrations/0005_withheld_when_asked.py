"""What is withheld of a withdrawal, fixed on its event when it was asked for."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("linkage", "0004_retail")]

    operations = [
        migrations.AddField("linkageevent", "fee_fen", models.BigIntegerField(null=True, verbose_name="服务费（分）")),
        migrations.AddField("linkageevent", "tax_fen", models.BigIntegerField(null=True, verbose_name="预扣个税（分）")),
        migrations.AddConstraint(
            "linkageevent",
            models.CheckConstraint(
                condition=models.Q(fee_fen__isnull=True, tax_fen__isnull=True)
                | models.Q(fee_fen__gte=0, tax_fen__gte=0, amount_fen__gte=models.F("fee_fen") + models.F("tax_fen")),
                name="linkage_event_withholds_within_the_amount",
            ),
        ),
    ]
