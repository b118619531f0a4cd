"""Service to customers: help, tickets, messages, and their own data (consent, export, closing the account)."""
