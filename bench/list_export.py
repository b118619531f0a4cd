"""Export the list of orders, and print its rows, the seconds, and the megabytes by which the process grew.

python -m bench.list_export csv|xlsx
"""

import json
import os
import sys
import time

import django


def main(kind: str) -> None:
    django.setup()

    from django.contrib import admin

    from bench.costs import peak_bytes, resident_bytes
    from mall.core import clock
    from mall.core.admin import ops_site
    from mall.core.admin.lists.exporting import exported
    from mall.core.models import ListExport
    from orders.models import Order

    admin.autodiscover()
    desk = ops_site.get_model_admin(Order)
    record = ListExport.objects.create(
        at=clock.now(), by_id=0, by_name="bench", page="ops.orders.order", title="订单", file_kind=kind
    )
    rows = Order.objects.select_related(*desk.list_select_related)
    before = resident_bytes(os.getpid())
    began = time.perf_counter()
    answer = exported(
        record=record, rows=rows, columns=desk.export_columns, prepare=lambda found: desk.prepare(None, found)
    )
    for _piece in answer.streaming_content:
        pass
    seconds = time.perf_counter() - began
    record.refresh_from_db()
    print(json.dumps([record.row_count, seconds, (peak_bytes() - before) / 1e6]))


if __name__ == "__main__":
    main(*sys.argv[1:])
