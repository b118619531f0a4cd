"""What keeps the referral graph a forest, each tree in one shard, and the terms of advising, whoever writes."""

from django.db import migrations

GUARDS = """
-- A referrer was there before its recruit and never changes, so no walk up the referral line can come back.
-- Volatile: rows that the same statement has inserted before are seen.
CREATE FUNCTION members_bind() RETURNS trigger LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    tree smallint;
BEGIN
    IF NEW.referrer_id IS NOT NULL THEN
        SELECT shard INTO tree FROM members_member WHERE id = NEW.referrer_id;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'members: the referrer % of a new member is not there yet', NEW.referrer_id
                USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'members_member_referrer_was_there';
        END IF;
        IF NEW.shard <> tree THEN
            RAISE EXCEPTION 'members: shard % is not the shard % of the referrer', NEW.shard, tree
                USING ERRCODE = 'check_violation', CONSTRAINT = 'members_member_shard_of_referrer';
        END IF;
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER members_member_bind BEFORE INSERT ON members_member
    FOR EACH ROW WHEN (NEW.referrer_id IS NOT NULL) EXECUTE FUNCTION members_bind();

CREATE FUNCTION members_bound() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'members: id, public id, referrer and shard of a member never change'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'members_member_bound_for_ever';
END $$;

CREATE TRIGGER members_member_bound BEFORE UPDATE ON members_member
    FOR EACH ROW WHEN (
        OLD.id IS DISTINCT FROM NEW.id OR OLD.public_id IS DISTINCT FROM NEW.public_id
        OR OLD.referrer_id IS DISTINCT FROM NEW.referrer_id OR OLD.shard IS DISTINCT FROM NEW.shard
    ) EXECUTE FUNCTION members_bound();

-- Deleting and inserting again would be a second binding. Who leaves is switched off and made anonymous instead.
CREATE FUNCTION members_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'members: members are never deleted'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'members_member_never_deleted';
END $$;

CREATE TRIGGER members_member_kept BEFORE DELETE ON members_member
    FOR EACH ROW EXECUTE FUNCTION members_kept();

CREATE FUNCTION members_policy_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'members: a version of the terms between shopkeepers and customers never changes'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'members_relationpolicy_never_edited';
END $$;

CREATE TRIGGER members_relationpolicy_kept BEFORE UPDATE OR DELETE ON members_relationpolicy
    FOR EACH ROW EXECUTE FUNCTION members_policy_kept();
"""

UNGUARD = """
DROP TRIGGER members_relationpolicy_kept ON members_relationpolicy;
DROP FUNCTION members_policy_kept();
DROP TRIGGER members_member_kept ON members_member;
DROP TRIGGER members_member_bound ON members_member;
DROP TRIGGER members_member_bind ON members_member;
DROP FUNCTION members_kept();
DROP FUNCTION members_bound();
DROP FUNCTION members_bind();
"""


class Migration(migrations.Migration):
    replaces = [("members", "0002_guards")]
    dependencies = [("members", "0001_tables")]

    operations = [
        migrations.RunSQL(GUARDS, UNGUARD),
    ]
