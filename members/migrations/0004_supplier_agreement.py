"""The agreement of suppliers, which a firm signs when it applies."""

from django.db import migrations, models

from mall.core.tables import Together


class Migration(migrations.Migration):

    dependencies = [
        ('members', '0003_staff'),
    ]

    operations = [
        Together(
            operations=[
                migrations.RemoveConstraint(
                    model_name='consenttext',
                    name='members_consenttext_kind_known',
                ),
                migrations.AlterField(
                    model_name='consenttext',
                    name='kind',
                    field=models.CharField(choices=[('terms', '用户协议'), ('privacy', '隐私政策'), ('personal', '个性化推荐'), ('marketing', '优惠和活动通知'), ('sharing', '向供应商提供收货信息'), ('agent', '代理协议'), ('shopkeeper', '店主协议'), ('supplier', '供货协议')], max_length=10, verbose_name='类别'),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name='consenttext',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['terms', 'privacy', 'personal', 'marketing', 'sharing', 'agent', 'shopkeeper', 'supplier'])), name='members_consenttext_kind_known'),
        ),
    ]
