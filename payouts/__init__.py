"""Withdrawals of members: four eyes, fee and tax policies, transfer gateways. Knows no plan, rank or reward."""
