"""What is counted: one file per kind of fact, saying what one row is and which rows belong to which population."""
