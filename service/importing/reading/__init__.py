"""Reading files as people have them: text of any encoding, spreadsheets, Parquet, archives and pipes."""
