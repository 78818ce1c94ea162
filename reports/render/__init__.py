"""A report for people and programs: JSON, CSV, Parquet, XLSX, terminal, and the words around the numbers."""
