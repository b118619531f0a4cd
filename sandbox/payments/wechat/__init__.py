"""The stand-in of WeChat Pay, API version 3."""
