"""The period bar above a page: the period and its neighbours, the comparison, and the active filters."""
