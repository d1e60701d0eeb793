"""Who writes the five parts of a summary."""
