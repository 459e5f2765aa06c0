"""The workbooks of a build: `japr_pack.xlsx` and `desktop_exercise.xlsx`.

What belongs here: which sheets there are, what each asks of the published marts, and how a sheet looks. What the
numbers mean is dbt's; who may read what is `publication.views.handling`'s.
"""
