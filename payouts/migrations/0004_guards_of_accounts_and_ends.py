"""What keeps withdrawals going forward, now with a payee who confirms, money that comes back, and an account that stays."""

from django.db import migrations

FORWARD = """
DROP TRIGGER payouts_withdrawal_forward ON payouts_withdrawal;
CREATE TRIGGER payouts_withdrawal_forward BEFORE UPDATE ON payouts_withdrawal
    FOR EACH ROW WHEN (
        OLD.state IN ('paid', 'rejected'{ended})
        OR (OLD.state = 'approved' AND NEW.state = 'requested')
        OR (OLD.state = 'sending' AND NEW.state IN ('requested', 'approved'))
        OR (OLD.state = 'requested' AND NEW.state IN ('sending', 'paid'{sent}) AND NOT NEW.imported)
        OR (OLD.state = 'approved' AND NEW.state IN ('paid'{sent}) AND NOT NEW.imported)
        OR OLD.number IS DISTINCT FROM NEW.number OR OLD.member_id IS DISTINCT FROM NEW.member_id
        OR OLD.shard IS DISTINCT FROM NEW.shard OR OLD.amount_fen IS DISTINCT FROM NEW.amount_fen
        OR OLD.fee_fen IS DISTINCT FROM NEW.fee_fen OR OLD.tax_fen IS DISTINCT FROM NEW.tax_fen
        OR OLD.net_fen IS DISTINCT FROM NEW.net_fen OR OLD.requested_at IS DISTINCT FROM NEW.requested_at
        OR (OLD.approved_by_id IS NOT NULL AND OLD.approved_by_id IS DISTINCT FROM NEW.approved_by_id)
        OR (OLD.released_by_id IS NOT NULL AND OLD.released_by_id IS DISTINCT FROM NEW.released_by_id)
        {more}
    ) EXECUTE FUNCTION payouts_withdrawal_changes();
"""
NOW = FORWARD.format(
    ended=", 'returned'",
    sent=", 'confirming', 'returned'",
    more="""OR (OLD.state = 'confirming' AND NEW.state IN ('requested', 'approved', 'sending'))
        OR (OLD.account_id IS NOT NULL AND OLD.account_id IS DISTINCT FROM NEW.account_id)
        OR (OLD.payee_id IS NOT NULL AND OLD.payee_id IS DISTINCT FROM NEW.payee_id)
        OR (OLD.account_id IS NULL AND NEW.account_id IS NOT NULL AND OLD.state <> 'requested')""",
)
BEFORE = FORWARD.format(ended="", sent="", more="")


class Migration(migrations.Migration):
    dependencies = [("payouts", "0003_accounts_limits_and_confirmation")]

    operations = [migrations.RunSQL(NOW, BEFORE)]
