"""Journeys in a window use the fixtures of the tests of the window."""

from __future__ import annotations

from tests.gui.conftest import look, open_window  # noqa: F401 - fixtures
