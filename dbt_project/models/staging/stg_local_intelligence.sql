-- What the authority knows of a school beside its data, up to the as-at day.
{{ local_return(
    'local_intelligence',
    fields=['urn', 'kind', 'noted_on', 'source', 'note'],
    key=['urn', 'kind', 'noted_on', 'source'],
    noted_on='noted_on'
) }}
