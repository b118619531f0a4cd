"""A shop of django-oscar as its package makes it: the reference for pages and for placing orders.

Runs in an environment of its own; nothing of the mall is imported here.
"""
