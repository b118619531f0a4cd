"""The stand-in of Alipay's open platform."""
