"""What people enter row by row: spend, running costs and exchange rates."""
