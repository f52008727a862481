"""The pages of exchange: imports of files, message templates, the inbox."""
