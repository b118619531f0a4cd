"""Make one file of a statement, and print the seconds that it took and the megabytes by which the process grew.

python -m bench.statement MEMBER pdf|csv
"""

import json
import os
import sys
import time
from datetime import UTC, datetime

import django


def main(member_id: str, kind: str) -> None:
    django.setup()

    from agents import statement_files
    from agents.queries.periods import month_of
    from agents.queries.statements import statement
    from bench.costs import peak_bytes, resident_bytes
    from bench.population import BEGAN_AT
    from members.models import Member

    member = Member.objects.get(pk=member_id)
    before = resident_bytes(os.getpid())
    began = time.perf_counter()
    head = statement(member=member, period=month_of(BEGAN_AT), at=datetime.now(UTC))
    if kind == "pdf":
        statement_files.pdf_file(head, made_at="")
    else:
        for _ in statement_files.csv_lines(head):
            pass
    seconds = time.perf_counter() - began
    print(json.dumps([seconds, (peak_bytes() - before) / 1e6]))


if __name__ == "__main__":
    main(*sys.argv[1:])
