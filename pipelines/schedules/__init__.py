"""When things run by themselves: schedules and sensors, thin over `sources`, `landing` and `publication`. What a build
does belongs in `assets`; when something is due, in `sources.calendar`.
"""
