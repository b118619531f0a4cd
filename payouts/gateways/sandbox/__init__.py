"""The sandbox provider's transfers, spoken to over HTTP like any other."""

from .client import SandboxTransfers

__all__ = ["SandboxTransfers"]
