"""Accounts of `views` laid out as text: the terminal and Markdown."""
