"""Pages of accounts: one's own account, organisations, posts, people, rosters."""
