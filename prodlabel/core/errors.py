"""Errors that a user can do something about; anything else that is raised is a defect of the program.

The message of a `UserError` is one sentence about what is the matter and one about what to do.
"""

from __future__ import annotations


class UserError(Exception):
    """Something the user can mend; `str(error)` says what is the matter and what to do."""

    exit_code = 1


class InputError(UserError):
    """A file, folder or value that was given cannot be used."""

    exit_code = 2


class ProjectError(UserError):
    """The project folder cannot be opened or written."""

    exit_code = 3


class ProjectLockedError(ProjectError):
    """Another process has the project open for writing."""

    exit_code = 4


class ProjectDamagedError(ProjectError):
    """The project's files are not what prodlabel wrote."""

    exit_code = 5


class NotReadyError(UserError):
    """A step is asked for whose input is still missing (no vectors yet, too few labels ...)."""

    exit_code = 6


class WeightsMissingError(UserError):
    """An encoder needs weights that are not on this machine."""

    exit_code = 7


class Cancelled(Exception):  # noqa: N818 - not an error: the user asked for it
    """Raised by `Progress` at the next step after a cancel; what was finished stays."""

    exit_code = 130
