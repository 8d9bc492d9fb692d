"""Joining what several machines have found: each checked a shard of a copy of one database."""
