"""Decisions about files: limits, headers, mappings, shapes and suspicions. Pure."""
