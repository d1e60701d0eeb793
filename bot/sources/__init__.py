"""Where papers come from; raw JSON, XML and Markdown never leave this room."""
