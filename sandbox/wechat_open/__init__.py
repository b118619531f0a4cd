"""The stand-in of WeChat's open platform: OAuth of web pages, and the tokens of the JS-SDK.

It speaks the addresses, parameters and error codes of `open.weixin.qq.com` and `api.weixin.qq.com`. Who is "in WeChat"
is chosen on a page of its own and kept in a cookie of its own; codes and tokens live in the cache, as they live for
minutes there. It keeps no rows.
"""
