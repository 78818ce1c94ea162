"""The bulk driver: copies the rows of a simulated floor into the tables of an empty account."""
