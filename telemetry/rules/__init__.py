"""Decisions about what devices tell. Pure; each subject has its own file."""
