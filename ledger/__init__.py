"""The double-entry ledger in integer fen: accounts, journal entries, postings. It knows no member, order or rate."""
