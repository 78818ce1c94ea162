"""Working hours of teams: the list of calendars, and the form of each."""
