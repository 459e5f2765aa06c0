"""The static site of a build: pages that a person reads. `writing` renders the accounts of `views` and writes them,
`chart_kinds` draws. What a page says stands in `views`.
"""
