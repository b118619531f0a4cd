"""Tickets, the help and reply templates for operators, and what suppliers are asked."""

from . import desk, help, tickets

__all__ = ["desk", "help", "tickets"]
