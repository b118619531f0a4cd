"""Suppliers' own servers, which webhooks are posted to."""
