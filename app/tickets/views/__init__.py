"""Lists of tickets as people like to see them: which columns, in which order, and views saved under a name."""
