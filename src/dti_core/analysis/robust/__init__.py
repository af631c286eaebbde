"""How sure ranks are: what other weights and other marks would change, drawn at random and for certain."""
