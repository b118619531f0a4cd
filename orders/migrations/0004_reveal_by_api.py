"""A look at a recipient may come by the supplier's interface."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('orders', '0003_refund_requests'),
    ]

    operations = [
        migrations.AlterField(
            model_name='recipientreveal',
            name='way',
            field=models.CharField(choices=[('page', '在订单里查看'), ('labels', '打印面单'), ('sheet', '下载发货表'), ('api', '通过接口获取')], max_length=8, verbose_name='方式'),
        ),
        migrations.RemoveConstraint(
            model_name='recipientreveal',
            name='orders_recipientreveal_way_known',
        ),
        migrations.AddConstraint(
            model_name='recipientreveal',
            constraint=models.CheckConstraint(condition=models.Q(('way__in', ['page', 'labels', 'sheet', 'api'])), name='orders_recipientreveal_way_known'),
        ),
    ]
