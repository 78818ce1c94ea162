"""What rows look like: types, tables, codes, calendars and windows of time."""
