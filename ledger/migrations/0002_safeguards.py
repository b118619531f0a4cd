"""What keeps the books, their chains and the daily roots: balanced, sealed and append-only, whoever writes."""

from django.db import migrations

from mall.core.tables import withhold

GUARDS = """
CREATE FUNCTION ledger_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'ledger: % of % is refused, correct by a reversing entry', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE TRIGGER ledger_journalentry_append_only BEFORE UPDATE OR DELETE ON ledger_journalentry
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER ledger_posting_append_only BEFORE UPDATE OR DELETE ON ledger_posting
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();

-- An entry takes lines only from the transaction that writes it (pg_current_xact_id is the same inside savepoints).
CREATE FUNCTION ledger_seal() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
    late bigint;
BEGIN
    SELECT added.entry_id INTO late FROM (SELECT DISTINCT entry_id FROM added) AS added
    WHERE (SELECT e.xact_id FROM ledger_journalentry e WHERE e.id = added.entry_id)
        IS DISTINCT FROM pg_current_xact_id()::text::bigint
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'ledger: entry % is sealed or does not exist', late
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER ledger_posting_seal AFTER INSERT ON ledger_posting
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION ledger_seal();

-- Checked at commit, once for each entry: its lines sum to zero and are what its head says.
CREATE FUNCTION ledger_balanced() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
    total numeric;
    debits numeric;
    lines bigint;
BEGIN
    SELECT coalesce(sum(amount_fen), 0), coalesce(sum(amount_fen) FILTER (WHERE amount_fen > 0), 0), count(*)
    INTO total, debits, lines FROM ledger_posting WHERE entry_id = NEW.id;
    IF total <> 0 OR debits <> NEW.debit_fen OR lines <> NEW.line_count THEN
        RAISE EXCEPTION 'ledger: entry % (% %) is not balanced or not complete: sum %, debits %, lines %',
            NEW.id, NEW.kind, NEW.reference, total, debits, lines
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER ledger_journalentry_balanced AFTER INSERT ON ledger_journalentry
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_balanced();

-- Nobody sets the transaction's number by hand.
CREATE FUNCTION ledger_stamp() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.xact_id := pg_current_xact_id()::text::bigint;
    RETURN NEW;
END $$;

CREATE TRIGGER ledger_journalentry_stamp BEFORE INSERT ON ledger_journalentry
    FOR EACH ROW WHEN (NEW.xact_id IS DISTINCT FROM pg_current_xact_id()::text::bigint)
    EXECUTE FUNCTION ledger_stamp();

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
DROP TRIGGER ledger_journalentry_stamp ON ledger_journalentry;
DROP TRIGGER ledger_journalentry_balanced ON ledger_journalentry;
DROP TRIGGER ledger_posting_seal ON ledger_posting;
DROP TRIGGER ledger_posting_append_only ON ledger_posting;
DROP TRIGGER ledger_journalentry_append_only ON ledger_journalentry;
DROP FUNCTION ledger_stamp();
DROP FUNCTION ledger_balanced();
DROP FUNCTION ledger_seal();
DROP FUNCTION ledger_refuse_change();
"""


class Migration(migrations.Migration):
    replaces = [("ledger", "0002_guards")]
    dependencies = [("ledger", "0001_tables")]

    operations = [
        migrations.RunSQL(GUARDS, UNGUARD),
        # The application may read and add, and update the kept balances and the cursor; nothing else.
        withhold(
            "UPDATE, DELETE, TRUNCATE, TRIGGER",
            *("ledger_journalentry", "ledger_posting"),
            *("ledger_chainentry", "ledger_dailyroot", "ledger_rootblock"),
        ),
        withhold("DELETE, TRUNCATE, TRIGGER", "ledger_account", "ledger_checkpoint", "ledger_chaincursor"),
    ]
