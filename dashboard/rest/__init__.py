"""The dashboard over HTTP: the wall's snapshot, the map's cells and cases, the audit trail."""
