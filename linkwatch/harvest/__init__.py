"""Articles → links: the corpus walk, one module per format, pure extraction."""
