"""A small simulated web: what ``linkwatch demo`` and the tests run against."""
