"""Decisions of the grid, pure: codes, coverage, calendars."""
