-- Support given to schools, as it stood on the as-at day.
{{ local_return(
    'local_interventions',
    fields=['urn', 'intervention', 'started_on', 'ended_on', 'paid_by', 'note'],
    key=['urn', 'intervention', 'started_on'],
    noted_on='started_on',
    later_dates=['ended_on']
) }}
