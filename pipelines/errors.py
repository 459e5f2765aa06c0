"""The errors a person is meant to read. Nothing else belongs here."""


class RaygError(Exception):
    """Something a user can correct: one line, `what, where: what to do`, shown without a traceback."""


class StoppedError(RaygError):
    """A person stopped it."""
