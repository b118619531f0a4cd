"""The sandbox provider, spoken to over HTTP like any other."""

from .client import SandboxGateway

__all__ = ["SandboxGateway"]
