"""What is sold out."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('suppliers', '0004_imports'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='sku',
            index=models.Index(condition=models.Q(('is_active', True), ('on_hand', models.F('reserved'))), fields=['product'], name='suppliers_sku_out'),
        ),
    ]
