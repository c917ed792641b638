"""The words: frozen values without I/O. Everything above speaks in them."""
