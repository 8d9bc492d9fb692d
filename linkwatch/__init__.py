"""linkwatch: the nightly job against link rot."""

__version__ = "0.1.0"
