"""Mementos and new addresses → articles: what is replaced, how it is spelled, and that nothing else is."""
