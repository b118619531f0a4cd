"""All tables of agents: what stood in its migrations before they were made one."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

from mall.core.tables import Together


class Migration(migrations.Migration):

    replaces = [
        ('agents', '0001_shops'),
        ('agents', '0002_customers_and_ranks'),
        ('agents', '0003_sums'),
        ('agents', '0004_appeals_and_reading'),
    ]

    initial = True

    dependencies = [
        ('suppliers', '0001_tables'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        Together(
            operations=[
                migrations.CreateModel(
                    name='Persona',
                    fields=[
                        ('member', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='persona', serialize=False, to=settings.AUTH_USER_MODEL, verbose_name='会员')),
                        ('intro', models.CharField(blank=True, db_default='', default='', max_length=120, verbose_name='介绍')),
                        ('tags', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=8), blank=True, db_default=[], default=list, size=None, verbose_name='擅长')),
                        ('saved_at', models.DateTimeField(verbose_name='保存时间')),
                    ],
                    options={
                        'verbose_name': '个人名片',
                        'verbose_name_plural': '个人名片',
                    },
                ),
                migrations.CreateModel(
                    name='Material',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(choices=[('copy', '朋友圈文案'), ('images', '图片'), ('script', '短视频脚本'), ('tutorial', '教程')], max_length=8, verbose_name='类型')),
                        ('title', models.CharField(max_length=30, verbose_name='标题')),
                        ('text', models.TextField(blank=True, db_default='', default='', max_length=1000, verbose_name='文案')),
                        ('state', models.CharField(choices=[('draft', '待审核'), ('checked', '已审核'), ('withdrawn', '已撤下')], default='draft', max_length=9, verbose_name='状态')),
                        ('used_count', models.PositiveIntegerField(db_default=0, default=0, editable=False, verbose_name='使用次数')),
                        ('saved_at', models.DateTimeField(verbose_name='保存时间')),
                        ('checked_at', models.DateTimeField(blank=True, null=True, verbose_name='审核时间')),
                        ('checked_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='审核人')),
                        ('product', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='materials', to='suppliers.product', verbose_name='商品')),
                        ('saved_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='保存人')),
                    ],
                    options={
                        'verbose_name': '素材',
                        'verbose_name_plural': '素材',
                        'indexes': [models.Index(condition=models.Q(('state', 'checked')), fields=['-id'], name='agents_material_shown')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['copy', 'images', 'script', 'tutorial'])), name='agents_material_kind_known'), models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'checked', 'withdrawn'])), name='agents_material_state_known'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'checked'), _negated=True), ('checked_at__isnull', False), _connector='OR'), name='agents_material_checked_when_checked')],
                    },
                ),
                migrations.CreateModel(
                    name='MaterialImage',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('path', models.CharField(max_length=200, verbose_name='图片')),
                        ('width', models.PositiveSmallIntegerField(verbose_name='宽')),
                        ('height', models.PositiveSmallIntegerField(verbose_name='高')),
                        ('position', models.PositiveSmallIntegerField(default=0, verbose_name='排序')),
                        ('material', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='images', to='agents.material', verbose_name='素材')),
                    ],
                    options={
                        'verbose_name': '素材图片',
                        'verbose_name_plural': '素材图片',
                        'ordering': ['position', 'id'],
                        'constraints': [models.CheckConstraint(condition=models.Q(('path', ''), _negated=True), name='agents_materialimage_has_a_path')],
                    },
                ),
                migrations.CreateModel(
                    name='MaterialUse',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(choices=[('copied', '复制文案'), ('saved', '保存图片')], max_length=6, verbose_name='方式')),
                        ('date', models.DateField(verbose_name='日期')),
                        ('at', models.DateTimeField(verbose_name='时间')),
                        ('material', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='uses', to='agents.material', verbose_name='素材')),
                        ('member', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='material_uses', to=settings.AUTH_USER_MODEL, verbose_name='会员')),
                    ],
                    options={
                        'verbose_name': '素材使用',
                        'verbose_name_plural': '素材使用',
                        'constraints': [models.UniqueConstraint(fields=('material', 'member', 'kind', 'date'), name='agents_materialuse_once_a_day'), models.CheckConstraint(condition=models.Q(('kind__in', ['copied', 'saved'])), name='agents_materialuse_kind_known')],
                    },
                ),
                migrations.CreateModel(
                    name='Shop',
                    fields=[
                        ('owner', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='shop', serialize=False, to=settings.AUTH_USER_MODEL, verbose_name='店主')),
                        ('name', models.CharField(max_length=20, verbose_name='店名')),
                        ('notice', models.CharField(blank=True, db_default='', default='', max_length=60, verbose_name='一句话介绍')),
                        ('pinned_text', models.CharField(blank=True, db_default='', default='', max_length=300, verbose_name='置顶公告')),
                        ('picture', models.CharField(blank=True, db_default='', default='', max_length=200, verbose_name='店铺图片')),
                        ('is_open', models.BooleanField(db_default=True, default=True, verbose_name='营业中')),
                        ('opened_at', models.DateTimeField(verbose_name='开店时间')),
                        ('saved_at', models.DateTimeField(verbose_name='保存时间')),
                    ],
                    options={
                        'verbose_name': '小店',
                        'verbose_name_plural': '小店',
                        'constraints': [models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='agents_shop_has_a_name')],
                    },
                ),
                migrations.CreateModel(
                    name='ShopItem',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('position', models.PositiveIntegerField(verbose_name='排序')),
                        ('is_pinned', models.BooleanField(db_default=False, default=False, verbose_name='置顶')),
                        ('words', models.CharField(blank=True, db_default='', default='', max_length=40, verbose_name='推荐语')),
                        ('price_fen', models.BigIntegerField(null=True, verbose_name='已知价格（分）')),
                        ('stock', models.CharField(choices=[('plenty', '充足'), ('low', '紧张'), ('out', '缺货'), ('off', '已下架')], default='plenty', max_length=6, verbose_name='已知库存')),
                        ('added_at', models.DateTimeField(verbose_name='上架时间')),
                        ('product', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='shop_items', to='suppliers.product', verbose_name='商品')),
                        ('shop', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='items', to='agents.shop', verbose_name='小店')),
                    ],
                    options={
                        'verbose_name': '小店商品',
                        'verbose_name_plural': '小店商品',
                        'constraints': [models.UniqueConstraint(fields=('shop', 'product'), name='agents_shopitem_once_a_shop'), models.CheckConstraint(condition=models.Q(('stock__in', ['plenty', 'low', 'out', 'off'])), name='agents_shopitem_stock_known'), models.CheckConstraint(condition=models.Q(('price_fen__isnull', True), ('price_fen__gt', 0), _connector='OR'), name='agents_shopitem_price_positive')],
                    },
                ),
                migrations.CreateModel(
                    name='RankName',
                    fields=[
                        ('member', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='rank_name', serialize=False, to=settings.AUTH_USER_MODEL, verbose_name='会员')),
                        ('name', models.CharField(max_length=12, verbose_name='显示名称')),
                        ('at', models.DateTimeField(verbose_name='时间')),
                    ],
                    options={
                        'verbose_name': '排行显示名',
                        'verbose_name_plural': '排行显示名',
                        'constraints': [models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='agents_rankname_named')],
                    },
                ),
                migrations.CreateModel(
                    name='CustomerNote',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('text', models.CharField(max_length=300, verbose_name='备注')),
                        ('at', models.DateTimeField(verbose_name='时间')),
                        ('adviser', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='顾问')),
                        ('customer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='客户')),
                    ],
                    options={
                        'verbose_name': '客户备注',
                        'verbose_name_plural': '客户备注',
                        'indexes': [models.Index(fields=['adviser', 'customer', '-id'], name='agents_customernote_about')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='agents_customernote_written')],
                    },
                ),
                migrations.CreateModel(
                    name='CustomerTag',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('name', models.CharField(max_length=12, verbose_name='标签')),
                        ('adviser', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='顾问')),
                        ('customer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='客户')),
                    ],
                    options={
                        'verbose_name': '客户标签',
                        'verbose_name_plural': '客户标签',
                        'constraints': [models.UniqueConstraint(fields=('adviser', 'name', 'customer'), name='agents_customertag_once'), models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='agents_customertag_named')],
                    },
                ),
                migrations.CreateModel(
                    name='RankEntry',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.SmallIntegerField(choices=[(1, '服务客户'), (2, '复购率')], verbose_name='榜单')),
                        ('span', models.SmallIntegerField(choices=[(1, '本周'), (2, '本月')], verbose_name='周期')),
                        ('starts_date', models.DateField(verbose_name='开始日期')),
                        ('place', models.PositiveIntegerField(verbose_name='名次')),
                        ('value', models.PositiveIntegerField(verbose_name='数值')),
                        ('customers', models.PositiveIntegerField(verbose_name='服务客户数')),
                        ('counted_at', models.DateTimeField(verbose_name='统计时间')),
                        ('member', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rank_entries', to=settings.AUTH_USER_MODEL, verbose_name='会员')),
                    ],
                    options={
                        'verbose_name': '排行',
                        'verbose_name_plural': '排行',
                        'indexes': [models.Index(fields=['span', 'starts_date', 'kind', 'place', 'member'], name='agents_rankentry_list')],
                        'constraints': [models.UniqueConstraint(fields=('span', 'starts_date', 'kind', 'member'), name='agents_rankentry_once'), models.CheckConstraint(condition=models.Q(('place__gte', 1)), name='agents_rankentry_place_positive'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 2), _negated=True), ('value__lte', 10000), _connector='OR'), name='agents_rankentry_rate_is_a_rate')],
                    },
                ),
                migrations.CreateModel(
                    name='Reminder',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('due_date', models.DateField(verbose_name='日期')),
                        ('text', models.CharField(max_length=60, verbose_name='事项')),
                        ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                        ('done_at', models.DateTimeField(blank=True, null=True, verbose_name='完成时间')),
                        ('adviser', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='顾问')),
                        ('customer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='客户')),
                    ],
                    options={
                        'verbose_name': '跟进提醒',
                        'verbose_name_plural': '跟进提醒',
                        'indexes': [models.Index(condition=models.Q(('done_at', None)), fields=['adviser', 'due_date', 'id'], name='agents_reminder_due')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='agents_reminder_written'), models.UniqueConstraint(condition=models.Q(('done_at__isnull', True)), fields=('adviser', 'customer', 'due_date', 'text'), name='agents_reminder_open_once')],
                    },
                ),
                migrations.CreateModel(
                    name='SumMark',
                    fields=[
                        ('member', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='+', serialize=False, to=settings.AUTH_USER_MODEL, verbose_name='会员')),
                        ('reward_id', models.BigIntegerField(default=0)),
                        ('posting_id', models.BigIntegerField(default=0)),
                    ],
                    options={
                        'verbose_name': '收益汇总进度',
                        'verbose_name_plural': '收益汇总进度',
                    },
                ),
                migrations.CreateModel(
                    name='SumCursor',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('before_xact_id', models.BigIntegerField(default=0)),
                    ],
                    options={
                        'constraints': [models.CheckConstraint(condition=models.Q(('pk', 1)), name='agents_sumcursor_single')],
                    },
                ),
                migrations.CreateModel(
                    name='EarningSum',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('date', models.DateField(verbose_name='日期')),
                        ('what', models.SmallIntegerField(verbose_name='类别')),
                        ('amount_fen', models.BigIntegerField(verbose_name='金额（分）')),
                        ('member', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='会员')),
                    ],
                    options={
                        'verbose_name': '收益日汇总',
                        'verbose_name_plural': '收益日汇总',
                        'constraints': [models.UniqueConstraint(fields=('member', 'date', 'what'), include=('amount_fen',), name='agents_earningsum_once')],
                    },
                ),
                migrations.CreateModel(
                    name='Appeal',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('number', models.CharField(max_length=24, unique=True, verbose_name='编号')),
                        ('subject', models.CharField(choices=[('reward', '奖励'), ('commission', '零售佣金'), ('withdrawal', '提现'), ('order', '没有收益的订单')], max_length=10, verbose_name='对象')),
                        ('subject_id', models.BigIntegerField(verbose_name='对象编号')),
                        ('label', models.CharField(max_length=80, verbose_name='对象名称')),
                        ('doubt', models.CharField(choices=[('amount', '金额不对'), ('missing', '应该有却没有'), ('held', '冻结或到期'), ('taken_back', '被扣回'), ('payout', '提现和税款'), ('other', '其他')], max_length=10, verbose_name='类型')),
                        ('state', models.CharField(choices=[('open', '处理中'), ('decided', '已答复')], default='open', max_length=8, verbose_name='状态')),
                        ('opened_at', models.DateTimeField(verbose_name='提交时间')),
                        ('due_at', models.DateTimeField(verbose_name='答复期限')),
                        ('last_at', models.DateTimeField(verbose_name='最后一条')),
                        ('outcome', models.CharField(blank=True, choices=[('upheld', '成立'), ('partly', '部分成立'), ('dismissed', '不成立')], db_default='', default='', max_length=10, verbose_name='结论')),
                        ('decided_at', models.DateTimeField(blank=True, null=True, verbose_name='答复时间')),
                        ('reopened_at', models.DateTimeField(blank=True, null=True, verbose_name='再次申诉时间')),
                        ('idempotency_key', models.CharField(max_length=64, verbose_name='幂等键')),
                        ('assignee', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='受理人')),
                        ('decided_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='答复人')),
                        ('member', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='会员')),
                    ],
                    options={
                        'verbose_name': '申诉',
                        'verbose_name_plural': '申诉',
                        'indexes': [models.Index(fields=['member', '-id'], name='agents_appeal_of_member'), models.Index(condition=models.Q(('state', 'open')), fields=['due_at'], name='agents_appeal_queue')],
                        'constraints': [models.UniqueConstraint(fields=('member', 'idempotency_key'), name='agents_appeal_key_unique'), models.UniqueConstraint(condition=models.Q(('state', 'open')), fields=('member', 'subject', 'subject_id'), name='agents_appeal_one_open_a_subject'), models.CheckConstraint(condition=models.Q(('subject__in', ['reward', 'commission', 'withdrawal', 'order'])), name='agents_appeal_subject_known'), models.CheckConstraint(condition=models.Q(('doubt__in', ['amount', 'missing', 'held', 'taken_back', 'payout', 'other'])), name='agents_appeal_doubt_known'), models.CheckConstraint(condition=models.Q(('state__in', ['open', 'decided'])), name='agents_appeal_state_known'), models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', False), ('decided_by__isnull', False), ('outcome__in', ['upheld', 'partly', 'dismissed']), ('state', 'decided')), models.Q(('decided_at__isnull', True), ('outcome', ''), ('state', 'open')), _connector='OR'), name='agents_appeal_decided_by_somebody'), models.CheckConstraint(condition=models.Q(('decided_by__isnull', True), models.Q(('decided_by', models.F('member')), _negated=True), _connector='OR'), name='agents_appeal_not_decided_by_its_member')],
                    },
                ),
                migrations.CreateModel(
                    name='AppealPost',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('speaker', models.CharField(choices=[('member', '会员'), ('operator', '客服'), ('decision', '处理结果'), ('note', '内部备注')], max_length=8, verbose_name='谁')),
                        ('text', models.CharField(max_length=1000, verbose_name='内容')),
                        ('outcome', models.CharField(blank=True, choices=[('upheld', '成立'), ('partly', '部分成立'), ('dismissed', '不成立')], db_default='', default='', max_length=10, verbose_name='结论')),
                        ('at', models.DateTimeField(verbose_name='时间')),
                        ('appeal', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='posts', to='agents.appeal', verbose_name='申诉')),
                        ('written_by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='账号')),
                    ],
                    options={
                        'verbose_name': '申诉内容',
                        'verbose_name_plural': '申诉内容',
                        'ordering': ['at', 'id'],
                        'constraints': [models.CheckConstraint(condition=models.Q(('speaker__in', ['member', 'operator', 'decision', 'note'])), name='agents_appealpost_speaker_known'), models.CheckConstraint(condition=models.Q(models.Q(('outcome__in', ['upheld', 'partly', 'dismissed']), ('speaker', 'decision')), models.Q(models.Q(('speaker', 'decision'), _negated=True), ('outcome', '')), _connector='OR'), name='agents_appealpost_decisions_have_an_outcome')],
                    },
                ),
                migrations.CreateModel(
                    name='AppealPhoto',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('name', models.CharField(max_length=120, unique=True, verbose_name='文件')),
                        ('width', models.PositiveSmallIntegerField(verbose_name='宽')),
                        ('height', models.PositiveSmallIntegerField(verbose_name='高')),
                        ('post', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='photos', to='agents.appealpost', verbose_name='内容')),
                    ],
                    options={
                        'verbose_name': '申诉照片',
                        'verbose_name_plural': '申诉照片',
                    },
                ),
                migrations.CreateModel(
                    name='DayOfQuestions',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('date', models.DateField(verbose_name='日期')),
                        ('asked', models.PositiveSmallIntegerField(verbose_name='次数')),
                        ('member', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='会员')),
                    ],
                    options={
                        'verbose_name': '每日查询次数',
                        'verbose_name_plural': '每日查询次数',
                        'constraints': [models.UniqueConstraint(fields=('member', 'date'), name='agents_dayofquestions_once_a_day'), models.CheckConstraint(condition=models.Q(('asked__gte', 1), ('asked__lte', 20)), name='agents_dayofquestions_within_limit')],
                    },
                ),
                migrations.CreateModel(
                    name='RulesAccepted',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('plan_version', models.PositiveIntegerField(verbose_name='规则版本')),
                        ('at', models.DateTimeField(verbose_name='时间')),
                        ('member', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='会员')),
                    ],
                    options={
                        'verbose_name': '规则确认',
                        'verbose_name_plural': '规则确认',
                        'constraints': [models.UniqueConstraint(fields=('member', 'plan_version'), name='agents_rulesaccepted_once_a_version')],
                    },
                ),
            ],
        ),
    ]
