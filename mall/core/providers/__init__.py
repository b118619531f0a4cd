"""Speaking to outside providers of money: requests with an end to patience, strict reading, WeChat Pay's signatures."""


class GatewayError(Exception):
    """The provider gave no answer that can be relied on: it may or may not have done what it was asked."""
