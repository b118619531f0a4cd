"""Chains over what each holder has in the books, and the daily roots; append-only as the books are."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

GUARDS = """
CREATE TRIGGER ledger_chainentry_append_only BEFORE UPDATE OR DELETE ON ledger_chainentry
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER ledger_dailyroot_append_only BEFORE UPDATE OR DELETE ON ledger_dailyroot
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER ledger_rootblock_append_only BEFORE UPDATE OR DELETE ON ledger_rootblock
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();
"""

UNGUARD = """
DROP TRIGGER ledger_rootblock_append_only ON ledger_rootblock;
DROP TRIGGER ledger_dailyroot_append_only ON ledger_dailyroot;
DROP TRIGGER ledger_chainentry_append_only ON ledger_chainentry;
"""


def revoke(apps, schema_editor):
    """The application's role may read and add; of the cursor alone it may change the one row."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [settings.DATABASE_APP_ROLE])
        if cursor.fetchone() is None:
            return
        role = schema_editor.connection.ops.quote_name(settings.DATABASE_APP_ROLE)
        cursor.execute(
            "REVOKE UPDATE, DELETE, TRUNCATE, TRIGGER"
            f" ON ledger_chainentry, ledger_dailyroot, ledger_rootblock FROM {role}"
        )
        cursor.execute(f"REVOKE DELETE, TRUNCATE, TRIGGER ON ledger_chaincursor FROM {role}")


class Migration(migrations.Migration):

    dependencies = [
        ('ledger', '0003_retail'),
    ]

    operations = [
        migrations.CreateModel(
            name='ChainCursor',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('xact_id', models.BigIntegerField(default=0)),
                ('entry_id', models.BigIntegerField(default=0)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('pk', 1)), name='ledger_chaincursor_single')],
            },
        ),
        migrations.CreateModel(
            name='DailyRoot',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('date', models.DateField(unique=True, verbose_name='日期')),
                ('root', models.BinaryField(verbose_name='根哈希')),
                ('holders', models.IntegerField(verbose_name='账户人数')),
                ('entries', models.BigIntegerField(verbose_name='凭证数')),
                ('last_chained_id', models.BigIntegerField()),
                ('published_at', models.DateTimeField(verbose_name='公布时间')),
            ],
            options={
                'verbose_name': '每日根哈希',
                'verbose_name_plural': '每日根哈希',
            },
        ),
        migrations.CreateModel(
            name='RootBlock',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.IntegerField()),
                ('first_holder_id', models.BigIntegerField()),
                ('node', models.BinaryField()),
                ('root', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='blocks', to='ledger.dailyroot')),
            ],
            options={
                'verbose_name': '根哈希分块',
                'verbose_name_plural': '根哈希分块',
                'constraints': [models.UniqueConstraint(fields=('root', 'place'), name='ledger_rootblock_place_once')],
            },
        ),
        migrations.CreateModel(
            name='ChainEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('holder_id', models.BigIntegerField(verbose_name='户主编号')),
                ('sequence', models.IntegerField(verbose_name='序号')),
                ('leaf', models.BinaryField(verbose_name='凭证哈希')),
                ('head', models.BinaryField(verbose_name='链头哈希')),
                ('entry', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='chained', to='ledger.journalentry', verbose_name='凭证')),
            ],
            options={
                'verbose_name': '凭证链',
                'verbose_name_plural': '凭证链',
                'indexes': [models.Index(condition=models.Q(('sequence', 1)), fields=['holder_id'], name='ledger_chainentry_holders')],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('sequence__gte', 1)), name='ledger_chainentry_sequence_from_one'),
                    models.UniqueConstraint(fields=('holder_id', 'sequence'), name='ledger_chainentry_next_once'),
                    models.UniqueConstraint(fields=('entry', 'holder_id'), name='ledger_chainentry_entry_once'),
                ],
            },
        ),
        migrations.RunSQL(GUARDS, UNGUARD),
        migrations.RunPython(revoke, migrations.RunPython.noop),
    ]
