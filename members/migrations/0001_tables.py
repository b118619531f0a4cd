"""All tables of members: what stood in its migrations before they were made one."""

import django.db.models.deletion
import django.db.models.functions.datetime
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

import members.models.account
import members.models.member
from mall.core.tables import Together


class Migration(migrations.Migration):

    replaces = [
        ('members', '0001_initial'),
        ('members', '0003_identity_consent_account'),
        ('members', '0004_retail'),
        ('members', '0005_role_agreements'),
        ('members', '0006_payout_codes'),
        ('members', '0007_member_search'),
        ('members', '0008_advising'),
    ]

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
        Together(
            operations=[
                migrations.CreateModel(
                    name='Member',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('password', models.CharField(max_length=128, verbose_name='password')),
                        ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                        ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                        ('public_id', models.CharField(default=members.models.member.new_public_id, editable=False, max_length=64, unique=True, verbose_name='会员号')),
                        ('phone', models.CharField(blank=True, max_length=20, null=True, unique=True, verbose_name='手机号')),
                        ('phone_verified', models.BooleanField(default=False, verbose_name='手机号已验证')),
                        ('nickname', models.CharField(blank=True, max_length=40, verbose_name='昵称')),
                        ('referral_code', models.CharField(default=members.models.member.new_referral_code, editable=False, max_length=12, unique=True, verbose_name='推荐码')),
                        ('shard', models.PositiveSmallIntegerField(editable=False, verbose_name='分片')),
                        ('joined_at', models.DateTimeField(verbose_name='加入时间')),
                        ('profile_completed_at', models.DateTimeField(editable=False, null=True, verbose_name='资料完善时间')),
                        ('is_active', models.BooleanField(default=True, verbose_name='启用')),
                        ('is_staff', models.BooleanField(default=False, verbose_name='运营人员')),
                        ('created_at', models.DateTimeField(auto_now_add=True)),
                        ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                        ('referrer', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='recruits', to=settings.AUTH_USER_MODEL, verbose_name='推荐人')),
                        ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
                        ('closed_at', models.DateTimeField(editable=False, null=True, verbose_name='注销时间')),
                        ('personalised', models.BooleanField(db_default=False, default=False, editable=False, verbose_name='个性化推荐')),
                    ],
                    options={
                        'verbose_name': '会员',
                        'verbose_name_plural': '会员',
                        'indexes': [models.Index(django.db.models.functions.text.Right('phone', 4), condition=models.Q(('phone__isnull', False)), name='members_member_phone_tail'), models.Index(condition=models.Q(('nickname', ''), _negated=True), fields=['nickname'], name='members_member_nickname', opclasses=['varchar_pattern_ops'])],
                        'constraints': [models.CheckConstraint(condition=models.Q(('referrer__isnull', True), models.Q(('referrer', models.F('id')), _negated=True), _connector='OR'), name='members_member_not_own_referrer'), models.CheckConstraint(condition=models.Q(('phone__isnull', True), ('phone__regex', '^\\+[1-9][0-9]{6,17}$'), _connector='OR'), name='members_member_phone_e164'), models.CheckConstraint(condition=models.Q(('phone_verified', False), ('phone__isnull', False), _connector='OR'), name='members_member_verified_has_phone'), models.CheckConstraint(condition=models.Q(('closed_at__isnull', True), models.Q(('is_active', False), ('nickname', ''), ('phone__isnull', True)), _connector='OR'), name='members_member_closed_is_nobody')],
                    },
                ),
                migrations.CreateModel(
                    name='Address',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('name', models.CharField(max_length=40, verbose_name='收货人')),
                        ('phone', models.CharField(max_length=20, verbose_name='手机号')),
                        ('province', models.CharField(max_length=20, verbose_name='省份')),
                        ('city', models.CharField(max_length=30, verbose_name='城市')),
                        ('district', models.CharField(blank=True, max_length=30, verbose_name='区县')),
                        ('detail', models.CharField(max_length=120, verbose_name='详细地址')),
                        ('is_default', models.BooleanField(default=False, verbose_name='默认地址')),
                        ('deleted_at', models.DateTimeField(blank=True, null=True, verbose_name='删除时间')),
                        ('created_at', models.DateTimeField(auto_now_add=True)),
                        ('member', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='addresses', to=settings.AUTH_USER_MODEL, verbose_name='会员')),
                        ('label', models.CharField(blank=True, choices=[('home', '家'), ('work', '公司'), ('school', '学校')], db_default='', default='', max_length=8, verbose_name='标签')),
                    ],
                    options={
                        'verbose_name': '收货地址',
                        'verbose_name_plural': '收货地址',
                        'constraints': [models.UniqueConstraint(condition=models.Q(('deleted_at__isnull', True), ('is_default', True)), fields=('member',), name='members_address_one_default'), models.CheckConstraint(condition=models.Q(('label__in', ['', 'home', 'work', 'school'])), name='members_address_label_known')],
                    },
                ),
                migrations.CreateModel(
                    name='CodeRequest',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('phone', models.CharField(max_length=20)),
                        ('purpose', models.CharField(choices=[('login', '登录'), ('confirm', '确认本人'), ('new-phone', '验证新手机号'), ('payout', '修改收款账户')], max_length=12)),
                        ('address', models.CharField(blank=True, max_length=64)),
                        ('code_hash', models.CharField(max_length=64)),
                        ('tries_left', models.PositiveSmallIntegerField()),
                        ('at', models.DateTimeField()),
                        ('expires_at', models.DateTimeField()),
                        ('used_at', models.DateTimeField(null=True)),
                    ],
                    options={
                        'verbose_name': '验证码请求',
                        'verbose_name_plural': '验证码请求',
                        'indexes': [models.Index(fields=['phone', '-at'], name='members_coderequest_phone'), models.Index(fields=['address', '-at'], name='members_coderequest_address'), models.Index(fields=['at'], name='members_coderequest_at')],
                    },
                ),
                migrations.CreateModel(
                    name='DayVisit',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('date', models.DateField(verbose_name='日期')),
                        ('member', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='day_visits', to=settings.AUTH_USER_MODEL, verbose_name='会员')),
                    ],
                    options={
                        'verbose_name': '到访日',
                        'verbose_name_plural': '到访日',
                        'constraints': [models.UniqueConstraint(fields=('member', 'date'), name='members_dayvisit_once_a_day')],
                    },
                ),
                migrations.CreateModel(
                    name='SmsMessage',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('phone', models.CharField(max_length=20, verbose_name='手机号')),
                        ('purpose', models.CharField(max_length=12, verbose_name='用途')),
                        ('body', models.CharField(max_length=200, verbose_name='内容')),
                        ('at', models.DateTimeField(verbose_name='时间')),
                    ],
                    options={
                        'verbose_name': '短信',
                        'verbose_name_plural': '短信',
                        'indexes': [models.Index(fields=['-at'], name='members_smsmessage_at')],
                    },
                ),
                migrations.CreateModel(
                    name='Touch',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('visitor_hash', models.CharField(max_length=64, verbose_name='访客标识')),
                        ('channel', models.CharField(blank=True, max_length=20, verbose_name='渠道')),
                        ('target_path', models.CharField(blank=True, max_length=200, verbose_name='落地页')),
                        ('at', models.DateTimeField(verbose_name='时间')),
                        ('member', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='touched_by', to=settings.AUTH_USER_MODEL, verbose_name='访客会员')),
                        ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='touches', to=settings.AUTH_USER_MODEL, verbose_name='分享人')),
                    ],
                    options={
                        'verbose_name': '触达',
                        'verbose_name_plural': '触达',
                        'indexes': [models.Index(fields=['owner', '-at'], name='members_touch_owner_at')],
                    },
                ),
                migrations.CreateModel(
                    name='AccountClosing',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('gives_up_rewards', models.BooleanField(default=False, verbose_name='放弃奖励余额')),
                        ('requested_at', models.DateTimeField(verbose_name='申请时间')),
                        ('due_at', models.DateTimeField(verbose_name='注销时间')),
                        ('called_off_at', models.DateTimeField(blank=True, null=True, verbose_name='撤销时间')),
                        ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='完成时间')),
                        ('member', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='closings', to=settings.AUTH_USER_MODEL, verbose_name='会员')),
                    ],
                    options={
                        'verbose_name': '账号注销',
                        'verbose_name_plural': '账号注销',
                        'indexes': [models.Index(condition=models.Q(('called_off_at__isnull', True), ('closed_at__isnull', True)), fields=['due_at'], name='members_closing_due')],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('called_off_at__isnull', True), ('closed_at__isnull', True)), fields=('member',), name='members_closing_one_waits'), models.CheckConstraint(condition=models.Q(('called_off_at__isnull', True), ('closed_at__isnull', True), _connector='OR'), name='members_closing_one_end')],
                    },
                ),
                migrations.CreateModel(
                    name='Consent',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('visitor_hash', models.CharField(blank=True, default='', max_length=64, verbose_name='访客标识')),
                        ('is_given', models.BooleanField(verbose_name='同意')),
                        ('at', models.DateTimeField(verbose_name='时间')),
                        ('member', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='consents', to=settings.AUTH_USER_MODEL, verbose_name='会员')),
                        ('text', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='consents', to='members.consenttext', verbose_name='文本版本')),
                    ],
                    options={
                        'verbose_name': '同意记录',
                        'verbose_name_plural': '同意记录',
                        'indexes': [models.Index(fields=['member', '-at'], name='members_consent_member_at')],
                        'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('member__isnull', False), ('visitor_hash', '')), models.Q(('member__isnull', True), models.Q(('visitor_hash', ''), _negated=True)), _connector='OR'), name='members_consent_of_one_person')],
                    },
                ),
                migrations.CreateModel(
                    name='ConsentText',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(choices=[('terms', '用户协议'), ('privacy', '隐私政策'), ('personal', '个性化推荐'), ('marketing', '优惠和活动通知'), ('sharing', '向供应商提供收货信息'), ('agent', '代理协议'), ('shopkeeper', '店主协议')], max_length=10, verbose_name='类别')),
                        ('version', models.PositiveIntegerField(verbose_name='版本')),
                        ('title', models.CharField(max_length=60, verbose_name='标题')),
                        ('purpose', models.CharField(max_length=300, verbose_name='目的')),
                        ('body', models.TextField(verbose_name='正文')),
                        ('text_hash', models.CharField(max_length=64, verbose_name='正文哈希')),
                        ('in_force_at', models.DateTimeField(verbose_name='生效时间')),
                    ],
                    options={
                        'verbose_name': '同意文本',
                        'verbose_name_plural': '同意文本',
                        'constraints': [models.UniqueConstraint(fields=('kind', 'version'), name='members_consenttext_version_once'), models.CheckConstraint(condition=models.Q(('kind__in', ['terms', 'privacy', 'personal', 'marketing', 'sharing', 'agent', 'shopkeeper'])), name='members_consenttext_kind_known')],
                    },
                ),
                migrations.CreateModel(
                    name='DataExport',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('token', models.CharField(default=members.models.account.new_export_token, editable=False, max_length=40, unique=True)),
                        ('requested_at', models.DateTimeField(verbose_name='申请时间')),
                        ('ready_at', models.DateTimeField(blank=True, null=True, verbose_name='完成时间')),
                        ('expires_at', models.DateTimeField(blank=True, null=True, verbose_name='链接失效时间')),
                        ('content', models.BinaryField(null=True)),
                        ('row_count', models.PositiveIntegerField(default=0, verbose_name='行数')),
                        ('member', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='exports', to=settings.AUTH_USER_MODEL, verbose_name='会员')),
                    ],
                    options={
                        'verbose_name': '个人数据副本',
                        'verbose_name_plural': '个人数据副本',
                        'indexes': [models.Index(condition=models.Q(('ready_at__isnull', True)), fields=['requested_at'], name='members_export_waiting'), models.Index(condition=models.Q(('content__isnull', False)), fields=['expires_at'], name='members_export_kept')],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('ready_at__isnull', True)), fields=('member',), name='members_dataexport_one_at_a_time')],
                    },
                ),
                migrations.CreateModel(
                    name='MemberSession',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('session_key', models.CharField(editable=False, max_length=40, unique=True)),
                        ('system', models.CharField(max_length=12, verbose_name='系统')),
                        ('browser', models.CharField(max_length=12, verbose_name='浏览器')),
                        ('started_at', models.DateTimeField(verbose_name='登录时间')),
                        ('seen_at', models.DateTimeField(verbose_name='最近使用')),
                        ('member', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sessions', to=settings.AUTH_USER_MODEL, verbose_name='会员')),
                    ],
                    options={
                        'verbose_name': '登录设备',
                        'verbose_name_plural': '登录设备',
                        'indexes': [models.Index(fields=['seen_at'], name='members_session_seen')],
                    },
                ),
                migrations.CreateModel(
                    name='PhoneChange',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('phone', models.CharField(max_length=20, verbose_name='新手机号')),
                        ('requested_at', models.DateTimeField(verbose_name='申请时间')),
                        ('due_at', models.DateTimeField(verbose_name='生效时间')),
                        ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='结束时间')),
                        ('was_done', models.BooleanField(default=False, verbose_name='已更换')),
                        ('member', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='phone_changes', to=settings.AUTH_USER_MODEL, verbose_name='会员')),
                    ],
                    options={
                        'verbose_name': '更换手机号',
                        'verbose_name_plural': '更换手机号',
                        'indexes': [models.Index(condition=models.Q(('ended_at__isnull', True)), fields=['due_at'], name='members_phonechange_due')],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('member',), name='members_phonechange_one_waits'), models.CheckConstraint(condition=models.Q(('was_done', False), ('ended_at__isnull', False), _connector='OR'), name='members_phonechange_done_is_ended')],
                    },
                ),
                migrations.CreateModel(
                    name='WechatIdentity',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('app_id', models.CharField(max_length=32, verbose_name='公众号')),
                        ('openid', models.CharField(max_length=64, verbose_name='OpenID')),
                        ('unionid', models.CharField(blank=True, default='', max_length=64, verbose_name='UnionID')),
                        ('nickname', models.CharField(blank=True, default='', max_length=40, verbose_name='微信昵称')),
                        ('first_seen_at', models.DateTimeField(verbose_name='首次出现')),
                        ('agreed_at', models.DateTimeField(blank=True, null=True, verbose_name='授权时间')),
                        ('bound_at', models.DateTimeField(blank=True, null=True, verbose_name='绑定时间')),
                        ('member', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='wechat', to=settings.AUTH_USER_MODEL, verbose_name='会员')),
                    ],
                    options={
                        'verbose_name': '微信身份',
                        'verbose_name_plural': '微信身份',
                        'constraints': [models.UniqueConstraint(fields=('app_id', 'openid'), name='members_wechat_openid_once'), models.UniqueConstraint(condition=models.Q(('member__isnull', False)), fields=('member', 'app_id'), name='members_wechat_one_a_member'), models.CheckConstraint(condition=models.Q(('member__isnull', True), ('bound_at__isnull', False), _connector='OR'), name='members_wechat_bound_at_a_time')],
                    },
                ),
                migrations.CreateModel(
                    name='RelationPolicy',
                    fields=[
                        ('version', models.PositiveIntegerField(primary_key=True, serialize=False, verbose_name='版本')),
                        ('starts_at', models.DateTimeField(unique=True, verbose_name='生效时间')),
                        ('touch_days', models.PositiveSmallIntegerField(verbose_name='触达有效（天）')),
                        ('protection_days', models.PositiveSmallIntegerField(verbose_name='保护期（天）')),
                        ('lock_days', models.PositiveSmallIntegerField(verbose_name='锁客期（天）')),
                        ('order_lock_days', models.PositiveSmallIntegerField(verbose_name='下单后锁客期（天）')),
                        ('cooling_off_days', models.PositiveSmallIntegerField(verbose_name='佣金冷静期（天）')),
                        ('own_purchases', models.BooleanField(default=False, verbose_name='自购有佣金')),
                        ('created_at', models.DateTimeField(auto_now_add=True)),
                        ('created_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='设置人')),
                    ],
                    options={
                        'verbose_name': '客户关系规则',
                        'verbose_name_plural': '客户关系规则',
                        'ordering': ['-version'],
                        'constraints': [models.CheckConstraint(condition=models.Q(('lock_days__gte', 1), ('touch_days__gte', 1), ('lock_days__gte', models.F('protection_days'))), name='members_relationpolicy_lock_covers_protection'), models.CheckConstraint(condition=models.Q(('order_lock_days__gte', models.F('lock_days'))), name='members_relationpolicy_orders_extend')],
                    },
                ),
                migrations.CreateModel(
                    name='AdviserRelation',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('reason', models.CharField(choices=[('login', '经分享链接登录'), ('order', '经分享链接下单'), ('takeover', '保护期后经新链接下单'), ('chosen', '客户自己选择'), ('operator', '平台裁定')], max_length=10, verbose_name='建立方式')),
                        ('since', models.DateTimeField(verbose_name='建立时间')),
                        ('protected_until', models.DateTimeField(verbose_name='保护期至')),
                        ('until', models.DateTimeField(verbose_name='锁客期至')),
                        ('last_order_at', models.DateTimeField(blank=True, null=True, verbose_name='最近下单')),
                        ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='结束时间')),
                        ('end_reason', models.CharField(blank=True, choices=[('lapsed', '锁客期结束'), ('takeover', '客户改由新链接下单'), ('changed', '客户更换'), ('left', '客户解除'), ('operator', '平台裁定'), ('opened', '客户自己成为店主'), ('closed', '账号注销')], db_default='', default='', max_length=10, verbose_name='结束原因')),
                        ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                        ('adviser', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='customer_relations', to=settings.AUTH_USER_MODEL, verbose_name='专属顾问')),
                        ('customer', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='adviser_relations', to=settings.AUTH_USER_MODEL, verbose_name='客户')),
                        ('touch', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='members.touch', verbose_name='触达')),
                        ('policy', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='members.relationpolicy', verbose_name='规则版本')),
                    ],
                    options={
                        'verbose_name': '客户关系',
                        'verbose_name_plural': '客户关系',
                        'indexes': [models.Index(fields=['adviser', 'until', 'id'], name='members_relation_adviser'), models.Index(fields=['customer', '-since'], name='members_relation_customer'), models.Index(condition=models.Q(('ended_at__isnull', True)), fields=['until'], name='members_relation_lapses')],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('customer',), name='members_adviserrelation_one_adviser'), models.CheckConstraint(condition=models.Q(('customer', models.F('adviser')), _negated=True), name='members_adviserrelation_not_own_adviser'), models.CheckConstraint(condition=models.Q(('protected_until__gte', models.F('since')), ('until__gte', models.F('protected_until'))), name='members_adviserrelation_lock_covers_protection'), models.CheckConstraint(condition=models.Q(models.Q(('end_reason', ''), ('ended_at__isnull', True)), models.Q(('ended_at__gte', models.F('since')), ('ended_at__isnull', False), models.Q(('end_reason', ''), _negated=True)), _connector='OR'), name='members_adviserrelation_ended_with_a_reason')],
                    },
                ),
                migrations.CreateModel(
                    name='Shopkeeper',
                    fields=[
                        ('member', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='shopkeeper', serialize=False, to=settings.AUTH_USER_MODEL, verbose_name='会员')),
                        ('state', models.CharField(choices=[('applied', '待审核'), ('approved', '已开通'), ('refused', '未通过'), ('suspended', '已暂停')], max_length=10, verbose_name='状态')),
                        ('statement', models.CharField(blank=True, db_default='', default='', max_length=200, verbose_name='申请说明')),
                        ('applied_at', models.DateTimeField(verbose_name='申请时间')),
                        ('approved_at', models.DateTimeField(blank=True, null=True, verbose_name='开通时间')),
                        ('decided_at', models.DateTimeField(blank=True, null=True, verbose_name='处理时间')),
                        ('reason', models.CharField(blank=True, db_default='', default='', max_length=200, verbose_name='原因')),
                        ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='处理人')),
                    ],
                    options={
                        'verbose_name': '店主',
                        'verbose_name_plural': '店主',
                        'indexes': [models.Index(condition=models.Q(('state', 'applied')), fields=['applied_at'], name='members_shopkeeper_queue')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['applied', 'approved', 'refused', 'suspended'])), name='members_shopkeeper_state_known'), models.CheckConstraint(condition=models.Q(('state', 'applied'), ('decided_at__isnull', False), _connector='OR'), name='members_shopkeeper_decided_when_decided'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['approved', 'suspended']), _negated=True), ('approved_at__isnull', False), _connector='OR'), name='members_shopkeeper_approved_when_approved'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['refused', 'suspended']), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='members_shopkeeper_refused_with_a_reason'), models.CheckConstraint(condition=models.Q(('decided_by__isnull', True), models.Q(('decided_by', models.F('member')), _negated=True), _connector='OR'), name='members_shopkeeper_not_approved_by_itself')],
                    },
                ),
                migrations.CreateModel(
                    name='RelationContest',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('state', models.CharField(choices=[('open', '待裁定'), ('upheld', '支持客户'), ('refused', '维持原关系')], max_length=10, verbose_name='状态')),
                        ('words', models.CharField(max_length=300, verbose_name='客户的理由')),
                        ('opened_at', models.DateTimeField(verbose_name='提出时间')),
                        ('answer', models.CharField(blank=True, db_default='', default='', max_length=300, verbose_name='裁定理由')),
                        ('decided_at', models.DateTimeField(blank=True, null=True, verbose_name='裁定时间')),
                        ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='裁定人')),
                        ('relation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='contests', to='members.adviserrelation', verbose_name='客户关系')),
                    ],
                    options={
                        'verbose_name': '顾问异议',
                        'verbose_name_plural': '顾问异议',
                        'indexes': [models.Index(condition=models.Q(('state', 'open')), fields=['opened_at'], name='members_contest_queue')],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'open')), fields=('relation',), name='members_relationcontest_one_open'), models.CheckConstraint(condition=models.Q(('state__in', ['open', 'upheld', 'refused'])), name='members_relationcontest_known'), models.CheckConstraint(condition=models.Q(models.Q(('answer', ''), ('decided_at__isnull', True), ('state', 'open')), models.Q(models.Q(('state', 'open'), _negated=True), ('decided_at__isnull', False), ('decided_by__isnull', False), models.Q(('answer', ''), _negated=True)), _connector='OR'), name='members_relationcontest_decided_with_an_answer')],
                    },
                ),
            ],
        ),
    ]
