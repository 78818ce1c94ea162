"""Files that people upload to import: kept in the service's home for a day, checked and imported in the background."""
