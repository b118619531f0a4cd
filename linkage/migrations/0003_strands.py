"""Strands of the referral tree in place of pointers to the nearest title above (`linkage.models.Position`)."""

from django.db import migrations, models

# Whoever joined first below a referrer goes on with the referrer's strand; the order is that of the numbered events.
STRANDS = """
CREATE TEMPORARY TABLE linkage_strand ON COMMIT DROP AS
WITH RECURSIVE first AS (
    SELECT DISTINCT ON (position.referrer_id) position.referrer_id, position.member_id
    FROM linkage_position position
    JOIN linkage_event event ON event.member_id = position.member_id AND event.kind = 'join'
        AND event.number IS NOT NULL
    WHERE position.referrer_id IS NOT NULL
    ORDER BY position.referrer_id, event.number
), strand AS (
    SELECT member_id, member_id AS strand_id, 0 AS place FROM linkage_position
    WHERE member_id NOT IN (SELECT member_id FROM first)
    UNION ALL
    SELECT first.member_id, strand.strand_id, strand.place + 1
    FROM strand JOIN first ON first.referrer_id = strand.member_id
)
SELECT member_id, strand_id, place FROM strand;

UPDATE linkage_position position SET strand_id = strand.strand_id, place = strand.place
FROM linkage_strand strand WHERE strand.member_id = position.member_id;
"""

# The nearest title above, for going back.
SKIPS = """
CREATE TEMPORARY TABLE linkage_skip ON COMMIT DROP AS
WITH RECURSIVE below AS (
    SELECT member_id, rank, NULL::bigint AS skip_id FROM linkage_position WHERE referrer_id IS NULL
    UNION ALL
    SELECT position.member_id, position.rank,
        CASE WHEN below.rank > 0 THEN below.member_id ELSE below.skip_id END
    FROM below JOIN linkage_position position ON position.referrer_id = below.member_id
)
SELECT member_id, skip_id FROM below;

UPDATE linkage_position position SET skip_id = skip.skip_id
FROM linkage_skip skip WHERE skip.member_id = position.member_id;
"""


class Migration(migrations.Migration):
    dependencies = [("linkage", "0002_guards")]

    operations = [
        migrations.AddField("position", "strand_id", models.BigIntegerField(null=True)),
        migrations.AddField("position", "place", models.IntegerField(null=True)),
        migrations.RunSQL(STRANDS, SKIPS),
        # The foreign keys of the rows that were changed are checked before the table is.
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", "SET CONSTRAINTS ALL IMMEDIATE"),
        migrations.RemoveField("position", "skip_id"),
        migrations.AlterField("position", "strand_id", models.BigIntegerField()),
        migrations.AlterField("position", "place", models.IntegerField()),
        migrations.AddConstraint(
            "position",
            models.CheckConstraint(
                condition=models.Q(("place", 0), ("strand_id", models.F("member")))
                | models.Q(("place__gt", 0), ("referrer_id__isnull", False)),
                name="linkage_position_strand_begins_with_itself",
            ),
        ),
        migrations.AddConstraint(
            "position",
            models.UniqueConstraint(
                condition=models.Q(("rank__gt", 0)), fields=("strand_id", "place"), name="linkage_position_titled"
            ),
        ),
    ]
