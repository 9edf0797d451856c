"""Finding: the words of a question understood, ranked by an index that is only a cache, answered from the database."""
