"""All tables of sandbox_payments: what stood in its migrations before they were made one."""

import django.db.models.deletion
from django.db import migrations, models

import sandbox.payments.models
from mall.core.tables import Together


class Migration(migrations.Migration):

    replaces = [
        ('sandbox_payments', '0001_initial'),
        ('sandbox_payments', '0002_transfer_bills'),
    ]

    initial = True

    dependencies = [
    ]

    operations = [
        Together(
            operations=[
                migrations.CreateModel(
                    name='TradeTrouble',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('provider', models.CharField(choices=[('wechat', '微信支付'), ('alipay', '支付宝')], max_length=8, verbose_name='机构')),
                        ('operation', models.CharField(max_length=12, verbose_name='接口')),
                        ('kind', models.CharField(choices=[('refused', '接口：业务拒绝'), ('unavailable', '接口：答 500'), ('lost_answer', '接口：已处理但答 500'), ('silent', '接口：迟迟不答'), ('bad_signature', '接口：应答签名不对'), ('delayed', '通知：迟到'), ('repeated', '通知：重复三次'), ('reordered', '通知：排到下一条之后'), ('dropped', '通知：丢失'), ('forged', '通知：先来两条伪造的')], max_length=14, verbose_name='故障')),
                        ('remaining', models.PositiveSmallIntegerField(default=1, verbose_name='剩余次数')),
                    ],
                    options={
                        'verbose_name': '预约故障',
                        'verbose_name_plural': '预约故障',
                    },
                ),
                migrations.CreateModel(
                    name='Trade',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('provider', models.CharField(choices=[('wechat', '微信支付'), ('alipay', '支付宝')], max_length=8, verbose_name='机构')),
                        ('merchant_id', models.CharField(max_length=32, verbose_name='商户号')),
                        ('number', models.CharField(max_length=64, verbose_name='商户单号')),
                        ('reference', models.CharField(max_length=40, unique=True, verbose_name='流水号')),
                        ('token', models.CharField(default=sandbox.payments.models.new_token, editable=False, max_length=40, unique=True)),
                        ('kind', models.CharField(max_length=8, verbose_name='方式')),
                        ('payer', models.CharField(blank=True, max_length=64, verbose_name='付款人')),
                        ('amount_fen', models.BigIntegerField(verbose_name='金额（分）')),
                        ('currency', models.CharField(max_length=3, verbose_name='币种')),
                        ('subject', models.CharField(max_length=256, verbose_name='商品')),
                        ('notify_url', models.URLField(max_length=300)),
                        ('return_url', models.URLField(blank=True, max_length=300)),
                        ('state', models.CharField(choices=[('open', '待支付'), ('paid', '已支付'), ('closed', '已关闭')], default='open', max_length=8, verbose_name='状态')),
                        ('expires_at', models.DateTimeField(verbose_name='截止时间')),
                        ('paid_at', models.DateTimeField(null=True, verbose_name='支付时间')),
                        ('created_at', models.DateTimeField(verbose_name='创建时间')),
                    ],
                    options={
                        'verbose_name': '沙箱交易',
                        'verbose_name_plural': '沙箱交易',
                        'constraints': [models.UniqueConstraint(fields=('provider', 'merchant_id', 'number'), name='sandbox_trade_once'), models.CheckConstraint(condition=models.Q(('amount_fen__gt', 0)), name='sandbox_trade_amount_positive'), models.CheckConstraint(condition=models.Q(models.Q(('paid_at__isnull', False), ('state', 'paid')), models.Q(models.Q(('state', 'paid'), _negated=True), ('paid_at__isnull', True)), _connector='OR'), name='sandbox_trade_paid_when_paid')],
                    },
                ),
                migrations.CreateModel(
                    name='TradeNotice',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('notice_id', models.CharField(max_length=64, unique=True, verbose_name='通知号')),
                        ('event', models.CharField(max_length=32, verbose_name='事件')),
                        ('notify_url', models.URLField(max_length=300)),
                        ('content', models.JSONField(verbose_name='内容')),
                        ('trouble', models.CharField(blank=True, max_length=12, verbose_name='故障')),
                        ('tries', models.PositiveSmallIntegerField(default=0, verbose_name='已发次数')),
                        ('next_try_at', models.DateTimeField(null=True, verbose_name='下次发送')),
                        ('acknowledged_at', models.DateTimeField(null=True, verbose_name='确认时间')),
                        ('last_answer', models.CharField(blank=True, max_length=80, verbose_name='最近应答')),
                        ('created_at', models.DateTimeField(verbose_name='创建时间')),
                        ('trade', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='notices', to='sandbox_payments.trade', verbose_name='交易')),
                        ('bill', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='notices', to='sandbox_payments.transferbill', verbose_name='转账')),
                    ],
                    options={
                        'verbose_name': '沙箱通知',
                        'verbose_name_plural': '沙箱通知',
                        'indexes': [models.Index(condition=models.Q(('acknowledged_at__isnull', True), ('next_try_at__isnull', False)), fields=['next_try_at'], name='sandbox_tradenotice_due')],
                        'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('bill__isnull', False), ('trade__isnull', True)), models.Q(('bill__isnull', True), ('trade__isnull', False)), _connector='OR'), name='sandbox_tradenotice_about_one_thing')],
                    },
                ),
                migrations.CreateModel(
                    name='TradeRefund',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('number', models.CharField(max_length=64, verbose_name='商户退款单号')),
                        ('reference', models.CharField(max_length=40, unique=True, verbose_name='流水号')),
                        ('amount_fen', models.BigIntegerField(verbose_name='金额（分）')),
                        ('notify_url', models.URLField(blank=True, max_length=300)),
                        ('state', models.CharField(choices=[('processing', '处理中'), ('succeeded', '已退款'), ('abnormal', '退款异常')], max_length=10, verbose_name='状态')),
                        ('succeeded_at', models.DateTimeField(null=True, verbose_name='退款时间')),
                        ('created_at', models.DateTimeField(verbose_name='申请时间')),
                        ('trade', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='refunds', to='sandbox_payments.trade', verbose_name='交易')),
                    ],
                    options={
                        'verbose_name': '沙箱退款',
                        'verbose_name_plural': '沙箱退款',
                        'constraints': [models.UniqueConstraint(fields=('trade', 'number'), name='sandbox_traderefund_once'), models.CheckConstraint(condition=models.Q(('amount_fen__gt', 0)), name='sandbox_traderefund_amount_positive')],
                    },
                ),
                migrations.CreateModel(
                    name='TransferBill',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('merchant_id', models.CharField(max_length=32, verbose_name='商户号')),
                        ('number', models.CharField(max_length=64, verbose_name='商户单号')),
                        ('reference', models.CharField(max_length=40, unique=True, verbose_name='流水号')),
                        ('package', models.CharField(default=sandbox.payments.models.new_token, editable=False, max_length=40, unique=True)),
                        ('openid', models.CharField(max_length=64, verbose_name='收款人')),
                        ('payee_name', models.CharField(blank=True, max_length=60, verbose_name='收款人姓名')),
                        ('amount_fen', models.BigIntegerField(verbose_name='金额（分）')),
                        ('remark', models.CharField(max_length=32, verbose_name='备注')),
                        ('notify_url', models.URLField(max_length=300)),
                        ('state', models.CharField(choices=[('WAIT_USER_CONFIRM', '待收款用户确认'), ('SUCCESS', '转账成功'), ('FAIL', '转账失败'), ('CANCELING', '撤销中'), ('CANCELLED', '已撤销')], default='WAIT_USER_CONFIRM', max_length=20, verbose_name='状态')),
                        ('fail_reason', models.CharField(blank=True, max_length=40, verbose_name='失败原因')),
                        ('created_at', models.DateTimeField(verbose_name='创建时间')),
                        ('updated_at', models.DateTimeField(verbose_name='更新时间')),
                        ('expires_at', models.DateTimeField(verbose_name='截止时间')),
                    ],
                    options={
                        'verbose_name': '沙箱转账',
                        'verbose_name_plural': '沙箱转账',
                        'indexes': [models.Index(condition=models.Q(('state', 'WAIT_USER_CONFIRM')), fields=['expires_at'], name='sandbox_bill_due')],
                        'constraints': [models.UniqueConstraint(fields=('merchant_id', 'number'), name='sandbox_transferbill_once'), models.CheckConstraint(condition=models.Q(('amount_fen__gt', 0)), name='sandbox_transferbill_amount_positive')],
                    },
                ),
            ],
        ),
    ]
