"""SQLite, and nothing outside this room knows it."""
