"""One deed done to several tickets at once, and taken back."""
