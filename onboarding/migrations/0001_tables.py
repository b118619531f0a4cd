"""Applications of firms that want to supply. Under the supplier's site each sees of them its own alone."""

from functools import partial

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from mall.core.policies import OWN, keep_to_supplier, let_go, mirror_rights
from mall.core.tables import Together

OF_APPLICATION = "EXISTS (SELECT 1 FROM onboarding_application AS holder WHERE holder.id = application_id)"
TABLES = {
    "onboarding_application": f"supplier_id = {OWN}",
    "onboarding_application_categories": OF_APPLICATION,
    "onboarding_applicationstep": OF_APPLICATION,
    "onboarding_applicationpaper": OF_APPLICATION,
}


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('members', '0004_supplier_agreement'),
        ('suppliers', '0003_papers'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        Together(
            operations=[
                migrations.CreateModel(
                    name='Application',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('number', models.CharField(max_length=24, unique=True, verbose_name='申请编号')),
                        ('stage', models.CharField(choices=[('filling', '填写中'), ('waiting', '待审核'), ('returned', '待补充'), ('approved', '已通过'), ('rejected', '未通过')], default='filling', max_length=10, verbose_name='阶段')),
                        ('shop_name', models.CharField(blank=True, default='', max_length=20, verbose_name='店铺名称')),
                        ('company_name', models.CharField(blank=True, default='', max_length=60, verbose_name='公司名称')),
                        ('licence_number', models.CharField(blank=True, default='', max_length=18, verbose_name='统一社会信用代码')),
                        ('legal_person', models.CharField(blank=True, default='', max_length=20, verbose_name='法定代表人')),
                        ('address', models.CharField(blank=True, default='', max_length=120, verbose_name='注册地址')),
                        ('contact_name', models.CharField(blank=True, default='', max_length=20, verbose_name='联系人')),
                        ('contact_phone', models.CharField(blank=True, default='', max_length=20, verbose_name='联系电话')),
                        ('holder', models.CharField(blank=True, default='', max_length=60, verbose_name='户名')),
                        ('bank_name', models.CharField(blank=True, default='', max_length=60, verbose_name='开户行')),
                        ('number_sealed', models.CharField(blank=True, default='', editable=False, max_length=300)),
                        ('account_label', models.CharField(blank=True, default='', max_length=20, verbose_name='账号')),
                        ('signed_name', models.CharField(blank=True, default='', max_length=20, verbose_name='签署人')),
                        ('signed_at', models.DateTimeField(blank=True, null=True, verbose_name='签署时间')),
                        ('started_at', models.DateTimeField(verbose_name='开始时间')),
                        ('touched_at', models.DateTimeField(verbose_name='最后修改')),
                        ('submitted_at', models.DateTimeField(blank=True, null=True, verbose_name='提交时间')),
                        ('decided_at', models.DateTimeField(blank=True, null=True, verbose_name='审核时间')),
                        ('reason', models.CharField(blank=True, default='', max_length=200, verbose_name='未通过的原因')),
                        ('applicant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='supplier_applications', to=settings.AUTH_USER_MODEL, verbose_name='申请人')),
                        ('categories', models.ManyToManyField(blank=True, related_name='+', to='suppliers.category', verbose_name='经营类目')),
                        ('consent', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='members.consent', verbose_name='签署的协议')),
                        ('decided_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='审核人')),
                        ('supplier', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='application', to='suppliers.supplier', verbose_name='供应商')),
                    ],
                    options={
                        'verbose_name': '入驻申请',
                        'verbose_name_plural': '入驻申请',
                    },
                ),
                migrations.CreateModel(
                    name='ApplicationPaper',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(choices=[('business', '营业执照'), ('food', '食品经营许可证'), ('production', '生产许可证'), ('cosmetic', '化妆品生产许可证'), ('trademark', '商标注册证'), ('origin', '产地证明'), ('inspection', '检验报告'), ('organic', '有机认证')], max_length=10, verbose_name='类型')),
                        ('number', models.CharField(max_length=40, verbose_name='编号')),
                        ('picture', models.CharField(editable=False, max_length=200, verbose_name='图片')),
                        ('valid_until', models.DateField(blank=True, null=True, verbose_name='有效期至')),
                        ('uploaded_at', models.DateTimeField(verbose_name='上传时间')),
                        ('application', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='papers', to='onboarding.application', verbose_name='申请')),
                    ],
                    options={
                        'verbose_name': '申请材料',
                        'verbose_name_plural': '申请材料',
                    },
                ),
                migrations.CreateModel(
                    name='ApplicationStep',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('step', models.CharField(choices=[('company', '公司信息'), ('papers', '证照和类目'), ('bank', '收款账户'), ('agreement', '供货协议')], max_length=10, verbose_name='步骤')),
                        ('state', models.CharField(choices=[('open', '待填写'), ('filled', '已填写'), ('sent_back', '要修改'), ('passed', '已通过')], default='open', max_length=10, verbose_name='状态')),
                        ('comment', models.CharField(blank=True, default='', max_length=200, verbose_name='审核意见')),
                        ('commented_at', models.DateTimeField(blank=True, null=True, verbose_name='审核时间')),
                        ('filled_at', models.DateTimeField(blank=True, null=True, verbose_name='填写时间')),
                        ('application', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='onboarding.application', verbose_name='申请')),
                        ('commented_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='审核人')),
                    ],
                    options={
                        'verbose_name': '入驻步骤',
                        'verbose_name_plural': '入驻步骤',
                    },
                ),
                migrations.AddIndex(
                    model_name='application',
                    index=models.Index(fields=['stage', 'submitted_at'], name='onboarding_application_queue'),
                ),
                migrations.AddConstraint(
                    model_name='application',
                    constraint=models.CheckConstraint(condition=models.Q(('stage__in', ['filling', 'waiting', 'returned', 'approved', 'rejected'])), name='onboarding_application_stage_known'),
                ),
                migrations.AddConstraint(
                    model_name='application',
                    constraint=models.UniqueConstraint(condition=models.Q(('stage__in', ('filling', 'waiting', 'returned'))), fields=('applicant',), name='onboarding_application_one_live'),
                ),
                migrations.AddConstraint(
                    model_name='application',
                    constraint=models.UniqueConstraint(condition=models.Q(('stage', 'approved')), fields=('licence_number',), name='onboarding_application_firm_once'),
                ),
                migrations.AddConstraint(
                    model_name='application',
                    constraint=models.CheckConstraint(condition=models.Q(models.Q(('stage', 'approved'), ('supplier__isnull', False)), models.Q(models.Q(('stage', 'approved'), _negated=True), ('supplier__isnull', True)), _connector='OR'), name='onboarding_application_supplier_when_approved'),
                ),
                migrations.AddConstraint(
                    model_name='application',
                    constraint=models.CheckConstraint(condition=models.Q(models.Q(('stage', 'rejected'), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='onboarding_application_rejected_for_a_reason'),
                ),
                migrations.AddConstraint(
                    model_name='application',
                    constraint=models.CheckConstraint(condition=models.Q(('stage', 'filling'), ('submitted_at__isnull', False), _connector='OR'), name='onboarding_application_submitted_before_it_is_decided'),
                ),
                migrations.AddConstraint(
                    model_name='applicationpaper',
                    constraint=models.UniqueConstraint(fields=('application', 'kind'), name='onboarding_paper_kind_once'),
                ),
                migrations.AddConstraint(
                    model_name='applicationpaper',
                    constraint=models.CheckConstraint(condition=models.Q(('picture', ''), _negated=True), name='onboarding_paper_has_a_picture'),
                ),
                migrations.AddConstraint(
                    model_name='applicationstep',
                    constraint=models.UniqueConstraint(fields=('application', 'step'), name='onboarding_step_once'),
                ),
                migrations.AddConstraint(
                    model_name='applicationstep',
                    constraint=models.CheckConstraint(condition=models.Q(('step__in', ('company', 'papers', 'bank', 'agreement'))), name='onboarding_step_known'),
                ),
                migrations.AddConstraint(
                    model_name='applicationstep',
                    constraint=models.CheckConstraint(condition=models.Q(('state__in', ['open', 'filled', 'sent_back', 'passed'])), name='onboarding_step_state_known'),
                ),
                migrations.AddConstraint(
                    model_name='applicationstep',
                    constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'sent_back'), _negated=True), models.Q(('comment', ''), _negated=True), _connector='OR'), name='onboarding_step_sent_back_for_a_reason'),
                ),
            ],
        ),
        migrations.RunPython(partial(keep_to_supplier, TABLES), partial(let_go, TABLES)),
        migrations.RunPython(mirror_rights, migrations.RunPython.noop),
    ]
