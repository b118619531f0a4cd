"""What the mall owes its suppliers: statements made from the ledger, disputes, invoices, and paying out."""
