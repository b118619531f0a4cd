"""Offers of suppliers to shopkeepers, and samples; each row with its supplier alone."""

from functools import partial

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from mall.core.policies import OWN, keep_to_supplier, let_go, mirror_rights
from mall.core.tables import Together

TABLES = {"agents_sellingoffer": f"supplier_id = {OWN}", "agents_samplerequest": f"supplier_id = {OWN}"}


class Migration(migrations.Migration):

    dependencies = [
        ('agents', '0002_sums_of_arrivals'),
        ('suppliers', '0002_desk'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        Together(
            operations=[
                migrations.CreateModel(
                    name='SampleRequest',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('number', models.CharField(max_length=24, unique=True, verbose_name='申请编号')),
                        ('shop_name', models.CharField(max_length=20, verbose_name='小店')),
                        ('words', models.CharField(max_length=120, verbose_name='打算怎么卖')),
                        ('recipient_name', models.CharField(blank=True, db_default='', default='', max_length=40, verbose_name='收货人')),
                        ('recipient_phone', models.CharField(blank=True, db_default='', default='', max_length=20, verbose_name='收货电话')),
                        ('recipient_address', models.CharField(blank=True, db_default='', default='', max_length=240, verbose_name='收货地址')),
                        ('state', models.CharField(choices=[('asked', '待答复'), ('agreed', '待寄出'), ('sent', '已寄出'), ('declined', '没有同意'), ('withdrawn', '已撤回')], default='asked', max_length=10, verbose_name='状态')),
                        ('reason', models.CharField(blank=True, db_default='', default='', max_length=120, verbose_name='原因')),
                        ('asked_at', models.DateTimeField(verbose_name='申请时间')),
                        ('answered_at', models.DateTimeField(blank=True, null=True, verbose_name='答复时间')),
                        ('carrier', models.CharField(blank=True, db_default='', default='', max_length=20, verbose_name='快递公司')),
                        ('tracking_number', models.CharField(blank=True, db_default='', default='', max_length=40, verbose_name='快递单号')),
                        ('sent_at', models.DateTimeField(blank=True, null=True, verbose_name='寄出时间')),
                        ('answered_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='答复人')),
                        ('member', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='sample_requests', to=settings.AUTH_USER_MODEL, verbose_name='店主')),
                        ('product', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sample_requests', to='suppliers.product', verbose_name='商品')),
                        ('sku', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='suppliers.sku', verbose_name='寄出的规格')),
                        ('supplier', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='sample_requests', to='suppliers.supplier', verbose_name='供应商')),
                    ],
                    options={
                        'verbose_name': '样品申请',
                        'verbose_name_plural': '样品申请',
                        'indexes': [models.Index(fields=['supplier', 'state', '-asked_at'], name='agents_samplerequest_own'), models.Index(fields=['member', '-asked_at'], name='agents_samplerequest_member'), models.Index(condition=models.Q(('recipient_phone', ''), _negated=True), fields=['sent_at'], name='agents_samplerequest_to_forget')],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('state__in', ['asked', 'agreed'])), fields=('member', 'product'), name='agents_samplerequest_one_open'), models.CheckConstraint(condition=models.Q(('state__in', ['asked', 'agreed', 'sent', 'declined', 'withdrawn'])), name='agents_samplerequest_state_known'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'declined'), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='agents_samplerequest_declined_for_a_reason'), models.CheckConstraint(condition=models.Q(models.Q(('sent_at__isnull', False), ('sku__isnull', False), ('state', 'sent'), models.Q(('tracking_number', ''), _negated=True)), models.Q(models.Q(('state', 'sent'), _negated=True), ('sent_at__isnull', True), ('sku__isnull', True), ('tracking_number', '')), _connector='OR'), name='agents_samplerequest_sent_with_a_waybill'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['declined', 'withdrawn']), _negated=True), models.Q(('recipient_address', ''), ('recipient_phone', '')), _connector='OR'), name='agents_samplerequest_refused_forgets_where_to')],
                    },
                ),
                migrations.CreateModel(
                    name='SellingOffer',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('words', models.CharField(max_length=60, verbose_name='给店主的话')),
                        ('until_date', models.DateField(verbose_name='截止日期')),
                        ('opened_at', models.DateTimeField(verbose_name='发起时间')),
                        ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='结束时间')),
                        ('opened_by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='发起人')),
                        ('product', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='selling_offers', to='suppliers.product', verbose_name='商品')),
                        ('supplier', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='selling_offers', to='suppliers.supplier', verbose_name='供应商')),
                    ],
                    options={
                        'verbose_name': '帮卖邀请',
                        'verbose_name_plural': '帮卖邀请',
                        'indexes': [models.Index(condition=models.Q(('ended_at__isnull', True)), fields=['-opened_at'], name='agents_sellingoffer_open')],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('product',), name='agents_sellingoffer_one_open'), models.CheckConstraint(condition=models.Q(('words', ''), _negated=True), name='agents_sellingoffer_has_words')],
                    },
                ),
            ],
        ),
        migrations.RunPython(partial(keep_to_supplier, TABLES), partial(let_go, TABLES)),
        migrations.RunPython(mirror_rights, migrations.RunPython.noop),
    ]
