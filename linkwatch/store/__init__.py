"""SQLite: migrations, views, and all SQL. Nothing outside this room writes SQL."""
