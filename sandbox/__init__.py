"""The stand-in of an outside provider of payments and transfers: own tables, own signed HTTP API, own pages.

It imports no other app and none imports it: the mall reaches it over HTTP only, as it would reach a real provider.
"""
