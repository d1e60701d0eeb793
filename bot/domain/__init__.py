"""Frozen data and pure decisions; no I/O, imports only errors."""
