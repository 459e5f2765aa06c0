"""What a build says of a school, a trust, the county or a KPI, as plain data; nothing here lays a page out.

`reading` is the one reader of marts, `words` the one vocabulary, `handling` the one rule of who may see what. `figures`
writes values. `accounts` reads the rows of each account; the module of each subject turns them into what is printed.
"""
