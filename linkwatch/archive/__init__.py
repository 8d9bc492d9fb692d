"""URLs → mementos: CDX look-up, Save Page Now, choice of memento."""
