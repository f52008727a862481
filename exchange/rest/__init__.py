"""Exchange over HTTP: files, message templates, the inbox."""
