"""Papers of suppliers are decided by operators and run out; their pictures become private."""

from functools import partial

import django.db.models.deletion
from django.conf import settings
from django.core.files.storage import storages
from django.db import migrations, models

from mall.core.policies import keep_to_supplier, let_go, mirror_rights
from mall.core.tables import Together

TABLES = {
    "suppliers_permitlapse": "EXISTS (SELECT 1 FROM suppliers_product AS holder WHERE holder.id = product_id)",
}


def hide_pictures(apps, schema_editor):
    """Move the pictures of papers out of the public media folder. A file that is gone leaves its row without one."""
    papers = apps.get_model("suppliers", "Qualification")
    public, private = storages["default"], storages["private"]
    for paper in papers.objects.exclude(picture=""):
        if not public.exists(paper.picture):
            if not private.exists(paper.picture):
                papers.objects.filter(pk=paper.pk).update(picture="")
            continue
        with public.open(paper.picture) as file:
            kept = private.save(paper.picture, file)
        papers.objects.filter(pk=paper.pk).update(picture=kept)
        schema_editor.connection.on_commit(partial(public.delete, paper.picture))


class Migration(migrations.Migration):

    dependencies = [
        ('suppliers', '0002_desk'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        Together(
            operations=[
                migrations.CreateModel(
                    name='PermitLapse',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('at', models.DateTimeField(verbose_name='下架时间')),
                    ],
                    options={
                        'verbose_name': '证照到期下架',
                        'verbose_name_plural': '证照到期下架',
                    },
                ),
                migrations.AddField(
                    model_name='category',
                    name='permit',
                    field=models.CharField(blank=True, choices=[('food', '食品经营许可证'), ('production', '生产许可证'), ('cosmetic', '化妆品生产许可证')], db_default='', default='', help_text='这个分类和它下面的商品，要有这张证才能上架', max_length=10, verbose_name='要求的许可证'),
                ),
                migrations.AddField(
                    model_name='qualification',
                    name='decided_at',
                    field=models.DateTimeField(blank=True, null=True, verbose_name='审核时间'),
                ),
                migrations.AddField(
                    model_name='qualification',
                    name='decided_by',
                    field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='审核人'),
                ),
                migrations.AddField(
                    model_name='qualification',
                    name='lapsed_at',
                    field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name='失效时间'),
                ),
                migrations.AddField(
                    model_name='qualification',
                    name='reason',
                    field=models.CharField(blank=True, db_default='', default='', max_length=200, verbose_name='审核意见'),
                ),
                migrations.AddField(
                    model_name='qualification',
                    name='replaces',
                    field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='successors', to='suppliers.qualification', verbose_name='替换'),
                ),
                migrations.AddField(
                    model_name='qualification',
                    name='state',
                    field=models.CharField(choices=[('waiting', '待审核'), ('approved', '有效'), ('rejected', '未通过'), ('replaced', '已换新证'), ('withdrawn', '已撤回')], db_default='approved', default='approved', max_length=10, verbose_name='状态'),
                ),
                migrations.AddField(
                    model_name='qualification',
                    name='submitted_at',
                    field=models.DateTimeField(blank=True, null=True, verbose_name='提交时间'),
                ),
                migrations.AddField(
                    model_name='qualification',
                    name='submitted_by',
                    field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='提交人'),
                ),
                migrations.AddField(
                    model_name='qualification',
                    name='warned_at',
                    field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name='到期提醒时间'),
                ),
                migrations.AlterField(
                    model_name='qualification',
                    name='kind',
                    field=models.CharField(choices=[('business', '营业执照'), ('food', '食品经营许可证'), ('production', '生产许可证'), ('cosmetic', '化妆品生产许可证'), ('trademark', '商标注册证'), ('origin', '产地证明'), ('inspection', '检验报告'), ('organic', '有机认证')], max_length=10, verbose_name='类型'),
                ),
                migrations.AlterField(
                    model_name='qualification',
                    name='picture',
                    field=models.CharField(blank=True, default='', editable=False, max_length=200, verbose_name='证照图片'),
                ),
                migrations.AddIndex(
                    model_name='qualification',
                    index=models.Index(condition=models.Q(('state', 'waiting')), fields=['submitted_at'], name='suppliers_paper_waiting'),
                ),
                migrations.AddIndex(
                    model_name='qualification',
                    index=models.Index(condition=models.Q(('state', 'approved'), ('valid_until__isnull', False)), fields=['valid_until'], name='suppliers_paper_expiry'),
                ),
                migrations.AddConstraint(
                    model_name='qualification',
                    constraint=models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'approved', 'rejected', 'replaced', 'withdrawn'])), name='suppliers_qualification_state_known'),
                ),
                migrations.AddConstraint(
                    model_name='qualification',
                    constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'rejected'), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='suppliers_qualification_rejected_for_a_reason'),
                ),
                migrations.AddConstraint(
                    model_name='qualification',
                    constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'waiting'), _negated=True), models.Q(('decided_at__isnull', True), ('submitted_at__isnull', False)), _connector='OR'), name='suppliers_qualification_waits_since_it_was_submitted'),
                ),
                migrations.AddConstraint(
                    model_name='qualification',
                    constraint=models.UniqueConstraint(condition=models.Q(('state', 'waiting')), fields=('replaces',), name='suppliers_qualification_one_successor_waits'),
                ),
                migrations.AddField(
                    model_name='permitlapse',
                    name='paper',
                    field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='permit_lapses', to='suppliers.qualification', verbose_name='证照'),
                ),
                migrations.AddField(
                    model_name='permitlapse',
                    name='product',
                    field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='permit_lapses', to='suppliers.product', verbose_name='商品'),
                ),
                migrations.AddConstraint(
                    model_name='permitlapse',
                    constraint=models.UniqueConstraint(fields=('product', 'paper'), name='suppliers_permitlapse_once'),
                ),
            ],
        ),
        migrations.RunPython(hide_pictures, migrations.RunPython.noop),
        migrations.RunPython(partial(keep_to_supplier, TABLES), partial(let_go, TABLES)),
        migrations.RunPython(mirror_rights, migrations.RunPython.noop),
    ]
