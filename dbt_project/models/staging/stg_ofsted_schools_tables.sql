-- Ofsted's outcomes within the performance tables: one row per school and file, with the overall grade of its latest
-- inspection and that inspection's last day.
{{ register_rows(
    'ofsted_schools_tables',
    fields=['urn', 'school_name', 'ofsted_phase', 'graded_ended_on', 'graded_published_on', 'graded_overall'],
    dates=['graded_ended_on', 'graded_published_on']
) }}
