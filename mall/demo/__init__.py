"""The demo: a living shop with 120 days behind it, made by the commands that pages, workers and operators use.

`load_demo` plays a story (`story`: pure, from one seeded `Random`, the same every time but for the dates) on a stage
(`stage`: one command of an app for each act, at an instant of the past). Order numbers, payment numbers and referral
codes are drawn by the mall itself and differ from time to time, as they must.

How the outside provider comes in: the sandbox is reached over HTTP only, also here, and no web server runs yet while
the demo is made. So the loader serves the mall to itself on a loopback port (`provider`), in a thread, and stands at
the instant of the story while it speaks (`mall.core.clock.standing_at`): refunds are sent and withdrawals released by
the gateways of real use, signed and dated in the past. Payments are the one exception: a charge, its page and its
notice are three requests, and 1,400 times that is more than the minute that the demo may take. They are captured by the
same command as a notice would, and the provider takes over the day's charges in one request (`history` in
`sandbox/api.py`): its book knows every payment, and each can still be refunded.

A day is one transaction, with what would ring for workers dropped: the loader settles by itself, day by day. Pictures
are drawn meanwhile by a process of their own (`drawing`) and kept by content, so that another demo takes them over.
Measured on a quiet machine of two cores, in durable mode and with all pictures drawn anew: 44 s, of which 30 s are
Python's and 13 s PostgreSQL's; drawing takes 20 s beside it.
"""
