"""What shows that nothing was lost or changed: verify, and backups that are proved as they are restored."""
