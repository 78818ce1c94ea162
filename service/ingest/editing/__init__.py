"""What people edit one by one: saving it over the version they saw, its rules, and reading it back."""
