"""A supplier's page of its interface at `/supplier/`."""

from . import desk

__all__ = ["desk"]
