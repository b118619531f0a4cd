"""When a refund was asked for, by the clock of who asked."""

from django.db import migrations, models

from mall.core.tables import Together


class Migration(migrations.Migration):

    dependencies = [
        ('sandbox', '0001_tables'),
    ]

    operations = [
        Together(
            operations=[
                migrations.AddField(
                    model_name='sandboxrefund',
                    name='refunded_at',
                    field=models.DateTimeField(null=True, verbose_name='退款时间'),
                ),
            ],
        ),
        migrations.RunSQL(
            "UPDATE sandbox_sandboxrefund SET refunded_at = created_at", reverse_sql=migrations.RunSQL.noop
        ),
        migrations.AlterField(
            model_name='sandboxrefund',
            name='refunded_at',
            field=models.DateTimeField(verbose_name='退款时间'),
        ),
    ]
