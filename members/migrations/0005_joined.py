"""Who joined on a day."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('members', '0004_supplier_agreement'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='member',
            index=models.Index(fields=['joined_at'], name='members_member_joined'),
        ),
    ]
