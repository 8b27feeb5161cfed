"""One-to-one meetings as participants see them."""
