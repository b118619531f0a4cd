"""Orders from placing to completion, their payments and refunds, and the gateways to payment providers."""
