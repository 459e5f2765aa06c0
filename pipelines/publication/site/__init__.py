"""The static site of a build: pages that a person reads, made from the published marts and seeds alone.

`reading` fetches rows, `figures` says how a value is written and whether it is shown, `school`, `county`, `screen`,
`trusts`, `methods` and `quality` turn rows into what one kind of page shows, `charts` holds the chart kinds, `writing`
renders and writes. Nothing is calculated about schools here: what a page says stands in a mart.
"""
