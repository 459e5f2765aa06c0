"""Views laid out as text: the terminal and Markdown."""
