-- Entries of the two registers, keys to success and schools causing concern, as they stood on the as-at day.
{{ local_return(
    'local_registers',
    fields=['register', 'urn', 'entered_on', 'reason', 'reviewed_on', 'removed_on'],
    key=['register', 'urn', 'entered_on'],
    noted_on='entered_on',
    later_dates=['reviewed_on', 'removed_on']
) }}
