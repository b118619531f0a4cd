"""Messages, help and tickets, and what members asked about their own data."""
