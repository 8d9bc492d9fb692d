"""Scrapy spiders that fetch articles from a live site. They import linkwatch, never the reverse."""
