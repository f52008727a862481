"""The pages of the dashboard: the wall and the way in, and the audit viewer."""
