"""Reports for people and programs: JSON, CSV, Parquet, XLSX, the terminal, and the words around the numbers."""
