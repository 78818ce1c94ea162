"""What an account configures, as people change it: with a check of what they saw, an author, and the way back."""
