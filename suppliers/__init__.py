"""What is sold: suppliers, the category tree, products, SKUs, gift packs and their terms, stock with its movements."""
