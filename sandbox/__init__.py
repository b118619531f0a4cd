"""The stand-in of an outside provider of payments and transfers: its own tables, its own signed HTTP API, its own pages.

It imports no other app and none imports it: the mall reaches it over HTTP only, as it would reach a real provider.
"""
