"""What a build says of a school, the county or a measure, as plain data: one reader of marts, one vocabulary, one rule
of who sees what. Nothing here lays a page out.
"""
