"""Slash commands: parse, one service, render, reply."""
