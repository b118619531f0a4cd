"""Stand-ins of WeChat Pay and Alipay: each speaks its provider's real protocol with real RSA signatures.

They keep one book between them (`models.py`) and know nothing of the mall. `TradeTrouble` orders in advance what goes
wrong, as does the page `/sandbox/control/`.
"""
