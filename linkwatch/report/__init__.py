"""Database → people: what broke, since when, what replaces it."""
