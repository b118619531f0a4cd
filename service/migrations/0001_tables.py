"""All tables of service: what stood in its migrations before they were made one."""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from mall.core.tables import Together


class Migration(migrations.Migration):

    replaces = [
        ('service', '0001_messages_help_tickets'),
        ('service', '0002_telling'),
    ]

    initial = True

    dependencies = [
        ('orders', '0001_tables'),
        ('suppliers', '0001_tables'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        Together(
            operations=[
                migrations.CreateModel(
                    name='ReplyTemplate',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('title', models.CharField(max_length=30, verbose_name='名称')),
                        ('topic', models.CharField(blank=True, choices=[('order', '订单与配送'), ('after_sale', '退换与退款'), ('payment', '支付与发票'), ('goods', '商品咨询'), ('earnings', '收益与提现'), ('account', '账号与隐私'), ('other', '其他')], max_length=12, verbose_name='类型')),
                        ('text', models.CharField(max_length=1000, verbose_name='内容')),
                        ('position', models.PositiveSmallIntegerField(default=0, verbose_name='排序')),
                    ],
                    options={
                        'verbose_name': '回复模板',
                        'verbose_name_plural': '回复模板',
                        'ordering': ['position', 'id'],
                    },
                ),
                migrations.CreateModel(
                    name='HelpTopic',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('name', models.CharField(max_length=20, verbose_name='名称')),
                        ('slug', models.SlugField(max_length=40, unique=True, verbose_name='网址名')),
                        ('icon', models.CharField(default='info', max_length=30, verbose_name='图标')),
                        ('position', models.PositiveSmallIntegerField(default=0, verbose_name='排序')),
                        ('under', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='parts', to='service.helptopic', verbose_name='属于')),
                    ],
                    options={
                        'verbose_name': '帮助主题',
                        'verbose_name_plural': '帮助主题',
                        'ordering': ['position', 'id'],
                        'constraints': [models.CheckConstraint(condition=models.Q(('under', models.F('id')), _negated=True), name='service_help_topic_not_under_itself')],
                    },
                ),
                migrations.CreateModel(
                    name='HelpArticle',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('title', models.CharField(max_length=60, verbose_name='标题')),
                        ('slug', models.SlugField(max_length=60, unique=True, verbose_name='网址名')),
                        ('html', models.TextField(verbose_name='正文')),
                        ('summary', models.CharField(blank=True, max_length=120, verbose_name='摘要')),
                        ('search', django.contrib.postgres.search.SearchVectorField(editable=False, null=True)),
                        ('is_published', models.BooleanField(default=False, verbose_name='发布')),
                        ('is_hot', models.BooleanField(default=False, verbose_name='常见问题')),
                        ('position', models.PositiveSmallIntegerField(default=0, verbose_name='排序')),
                        ('written_at', models.DateTimeField(verbose_name='更新时间')),
                        ('topic', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='articles', to='service.helptopic', verbose_name='主题')),
                    ],
                    options={
                        'verbose_name': '帮助文章',
                        'verbose_name_plural': '帮助文章',
                        'ordering': ['position', 'id'],
                        'indexes': [django.contrib.postgres.indexes.GinIndex(fields=['search'], name='service_help_article_search')],
                    },
                ),
                migrations.CreateModel(
                    name='Message',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(choices=[('trade', '交易'), ('goods', '关注'), ('earnings', '收益'), ('system', '系统')], max_length=10, verbose_name='类别')),
                        ('wording', models.CharField(max_length=30, verbose_name='文案')),
                        ('words', models.JSONField(default=dict, verbose_name='填入')),
                        ('path', models.CharField(blank=True, max_length=200, verbose_name='去处')),
                        ('key', models.CharField(max_length=100, unique=True, verbose_name='去重键')),
                        ('at', models.DateTimeField(verbose_name='时间')),
                        ('read_at', models.DateTimeField(blank=True, null=True, verbose_name='已读时间')),
                        ('member', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='会员')),
                    ],
                    options={
                        'verbose_name': '消息',
                        'verbose_name_plural': '消息',
                        'indexes': [models.Index(fields=['member', '-at', '-id'], name='service_message_of_member'), models.Index(condition=models.Q(('read_at__isnull', True)), fields=['member', 'kind'], name='service_message_unread'), models.Index(fields=['at'], name='service_message_by_age')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('path', ''), models.Q(('path__startswith', '/'), models.Q(('path__startswith', '//'), _negated=True)), _connector='OR'), name='service_message_path_is_ours'), models.CheckConstraint(condition=models.Q(('kind__in', ['trade', 'goods', 'earnings', 'system'])), name='service_message_kind_known')],
                    },
                ),
                migrations.CreateModel(
                    name='MutedKind',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(choices=[('trade', '交易'), ('goods', '关注'), ('earnings', '收益'), ('system', '系统')], max_length=10, verbose_name='类别')),
                        ('at', models.DateTimeField(verbose_name='时间')),
                        ('member', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='会员')),
                    ],
                    options={
                        'verbose_name': '关闭的消息类别',
                        'verbose_name_plural': '关闭的消息类别',
                        'constraints': [models.UniqueConstraint(fields=('member', 'kind'), name='service_muted_kind_once'), models.CheckConstraint(condition=models.Q(('kind__in', ['trade', 'goods', 'earnings', 'system'])), name='service_muted_kind_known')],
                    },
                ),
                migrations.CreateModel(
                    name='Ticket',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('number', models.CharField(max_length=24, unique=True, verbose_name='编号')),
                        ('topic', models.CharField(choices=[('order', '订单与配送'), ('after_sale', '退换与退款'), ('payment', '支付与发票'), ('goods', '商品咨询'), ('earnings', '收益与提现'), ('account', '账号与隐私'), ('other', '其他')], max_length=12, verbose_name='类型')),
                        ('state', models.CharField(choices=[('waiting', '待回复'), ('answered', '已回复'), ('closed', '已关闭')], default='waiting', max_length=10, verbose_name='状态')),
                        ('opened_at', models.DateTimeField(verbose_name='提交时间')),
                        ('reply_due_at', models.DateTimeField(verbose_name='首次回复期限')),
                        ('first_replied_at', models.DateTimeField(blank=True, null=True, verbose_name='首次回复时间')),
                        ('waiting_since', models.DateTimeField(blank=True, null=True, verbose_name='等待自')),
                        ('last_at', models.DateTimeField(verbose_name='最后一条')),
                        ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='关闭时间')),
                        ('stars', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='满意度')),
                        ('praise', models.CharField(blank=True, max_length=200, verbose_name='评价')),
                        ('idempotency_key', models.CharField(max_length=64, verbose_name='幂等键')),
                        ('asked', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='suppliers.supplier', verbose_name='询问商家')),
                        ('assignee', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='受理人')),
                        ('member', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='会员')),
                        ('order', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orders.order', verbose_name='相关订单')),
                    ],
                    options={
                        'verbose_name': '工单',
                        'verbose_name_plural': '工单',
                        'indexes': [models.Index(fields=['member', '-last_at'], name='service_ticket_of_member'), models.Index(condition=models.Q(('state', 'waiting')), fields=['waiting_since'], name='service_ticket_queue')],
                        'constraints': [models.UniqueConstraint(fields=('member', 'idempotency_key'), name='service_ticket_key_unique'), models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'answered', 'closed'])), name='service_ticket_state_known'), models.CheckConstraint(condition=models.Q(('topic__in', ['order', 'after_sale', 'payment', 'goods', 'earnings', 'account', 'other'])), name='service_ticket_topic_known'), models.CheckConstraint(condition=models.Q(('stars__isnull', True), models.Q(('stars__gte', 1), ('stars__lte', 5)), _connector='OR'), name='service_ticket_stars_one_to_five'), models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', False), ('state', 'closed')), models.Q(models.Q(('state', 'closed'), _negated=True), ('closed_at__isnull', True)), _connector='OR'), name='service_ticket_closed_at_when_closed')],
                    },
                ),
                migrations.CreateModel(
                    name='TicketPost',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('author', models.CharField(choices=[('member', '会员'), ('operator', '客服'), ('ask', '询问商家'), ('supplier', '商家答复'), ('note', '内部备注')], max_length=10, verbose_name='谁')),
                        ('text', models.CharField(max_length=1000, verbose_name='内容')),
                        ('at', models.DateTimeField(verbose_name='时间')),
                        ('by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='账号')),
                        ('ticket', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='posts', to='service.ticket', verbose_name='工单')),
                    ],
                    options={
                        'verbose_name': '工单回复',
                        'verbose_name_plural': '工单回复',
                        'ordering': ['at', 'id'],
                        'constraints': [models.CheckConstraint(condition=models.Q(('author__in', ['member', 'operator', 'ask', 'supplier', 'note'])), name='service_ticket_post_author_known')],
                    },
                ),
                migrations.CreateModel(
                    name='TicketPhoto',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('name', models.CharField(max_length=120, unique=True, verbose_name='文件')),
                        ('width', models.PositiveSmallIntegerField(verbose_name='宽')),
                        ('height', models.PositiveSmallIntegerField(verbose_name='高')),
                        ('post', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='photos', to='service.ticketpost', verbose_name='回复')),
                    ],
                    options={
                        'verbose_name': '工单照片',
                        'verbose_name_plural': '工单照片',
                    },
                ),
                migrations.CreateModel(
                    name='Telling',
                    fields=[
                        ('name', models.CharField(max_length=20, primary_key=True, serialize=False, verbose_name='名称')),
                        ('number', models.BigIntegerField(default=0)),
                        ('place', models.BigIntegerField(default=0)),
                    ],
                    options={
                        'verbose_name': '通知进度',
                        'verbose_name_plural': '通知进度',
                    },
                ),
            ],
        ),
    ]
