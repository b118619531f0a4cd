"""Pure rules of the shop's pages."""
