"""When things run by themselves: schedules and sensors. `assets` holds what a build does, `sources.calendar` when
something is due.
"""
