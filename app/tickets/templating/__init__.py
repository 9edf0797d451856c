"""What is said again and again: reply templates, macros, and what may be chosen from while somebody types."""
