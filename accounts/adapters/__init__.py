"""The outside of accounts: the counter of failed sign-ins that allauth keeps in the shared cache."""
