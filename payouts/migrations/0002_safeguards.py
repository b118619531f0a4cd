"""The first policy, and what keeps used policies and decided withdrawals as they are, whoever writes."""

from django.db import migrations

from payouts.rules import FIRST_POLICY

GUARDS = """
-- A policy that withdrawals were asked under is what they were asked under, for ever.
CREATE FUNCTION payouts_policy_used() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM payouts_withdrawal WHERE requested_at >= OLD.starts_at) THEN
        RAISE EXCEPTION 'payouts: policy v% has been in use', OLD.version
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'payouts_payoutpolicy_used_for_ever';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;

CREATE TRIGGER payouts_payoutpolicy_used BEFORE UPDATE OR DELETE ON payouts_payoutpolicy
    FOR EACH ROW EXECUTE FUNCTION payouts_policy_used();

-- Whose and how much never changes; a state goes forward only; the end is the end.
CREATE FUNCTION payouts_withdrawal_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'payouts: withdrawal % cannot change that way', OLD.number
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'payouts_withdrawal_goes_forward_only';
END $$;

CREATE TRIGGER payouts_withdrawal_kept BEFORE DELETE ON payouts_withdrawal
    FOR EACH ROW EXECUTE FUNCTION payouts_withdrawal_changes();

CREATE TRIGGER payouts_withdrawal_forward BEFORE UPDATE ON payouts_withdrawal
    FOR EACH ROW WHEN (
        OLD.state IN ('paid', 'rejected', 'returned')
        OR (OLD.state = 'approved' AND NEW.state = 'requested')
        OR (OLD.state = 'sending' AND NEW.state IN ('requested', 'approved'))
        OR (OLD.state = 'requested' AND NEW.state IN ('sending', 'paid', 'confirming', 'returned') AND NOT NEW.imported)
        OR (OLD.state = 'approved' AND NEW.state IN ('paid', 'confirming', 'returned') AND NOT NEW.imported)
        OR OLD.number IS DISTINCT FROM NEW.number OR OLD.member_id IS DISTINCT FROM NEW.member_id
        OR OLD.shard IS DISTINCT FROM NEW.shard OR OLD.amount_fen IS DISTINCT FROM NEW.amount_fen
        OR OLD.fee_fen IS DISTINCT FROM NEW.fee_fen OR OLD.tax_fen IS DISTINCT FROM NEW.tax_fen
        OR OLD.net_fen IS DISTINCT FROM NEW.net_fen OR OLD.requested_at IS DISTINCT FROM NEW.requested_at
        OR (OLD.approved_by_id IS NOT NULL AND OLD.approved_by_id IS DISTINCT FROM NEW.approved_by_id)
        OR (OLD.released_by_id IS NOT NULL AND OLD.released_by_id IS DISTINCT FROM NEW.released_by_id)
        OR (OLD.state = 'confirming' AND NEW.state IN ('requested', 'approved', 'sending'))
        OR (OLD.account_id IS NOT NULL AND OLD.account_id IS DISTINCT FROM NEW.account_id)
        OR (OLD.payee_id IS NOT NULL AND OLD.payee_id IS DISTINCT FROM NEW.payee_id)
        OR (OLD.account_id IS NULL AND NEW.account_id IS NOT NULL AND OLD.state <> 'requested')
    ) EXECUTE FUNCTION payouts_withdrawal_changes();
"""

UNGUARD = """
DROP TRIGGER payouts_withdrawal_forward ON payouts_withdrawal;
DROP TRIGGER payouts_withdrawal_kept ON payouts_withdrawal;
DROP TRIGGER payouts_payoutpolicy_used ON payouts_payoutpolicy;
DROP FUNCTION payouts_withdrawal_changes();
DROP FUNCTION payouts_policy_used();
"""


def first_policy(apps, schema_editor):
    apps.get_model("payouts", "PayoutPolicy").objects.create(**FIRST_POLICY)


class Migration(migrations.Migration):
    replaces = [("payouts", "0002_guards"), ("payouts", "0004_guards_of_accounts_and_ends")]
    dependencies = [("payouts", "0001_tables")]

    operations = [
        migrations.RunPython(first_policy, migrations.RunPython.noop),
        migrations.RunSQL(GUARDS, UNGUARD),
    ]
