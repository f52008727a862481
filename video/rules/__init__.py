"""Decisions of video, pure: geometry, dwell, scenes, sampling, leases, and what may be added."""
