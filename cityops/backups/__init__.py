"""A city that can be brought back to a moment: base backups, the write-ahead log, the files that rows name, and drills.

    BACKUP_DIR/base/NAME/        a base backup of the whole cluster, checked when taken, with `backup.json` beside it
    BACKUP_DIR/wal/              the write-ahead log since the oldest of them, streamed as it is written
    BACKUP_DIR/files/            every file below DATA_DIR/media, none ever overwritten
    BACKUP_DIR/drill.json        how the last drill ended

PostgreSQL's own programs do the work; docs/operating.md says what runs when.
"""
