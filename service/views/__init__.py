"""The pages of the service: messages, help, tickets, and one's own data and account."""
