"""Who got a title on a day."""

from django.db import migrations, models

from mall.core.tables import Together


class Migration(migrations.Migration):

    dependencies = [
        ('linkage', '0003_maturing_sums'),
    ]

    operations = [
        Together(
            operations=[
                migrations.AddIndex(
                    model_name='position',
                    index=models.Index(condition=models.Q(('agent_at__isnull', False)), fields=['agent_at'], name='linkage_position_agents'),
                ),
                migrations.AddIndex(
                    model_name='position',
                    index=models.Index(condition=models.Q(('partner_at__isnull', False)), fields=['partner_at'], name='linkage_position_partners'),
                ),
            ],
        ),
    ]
