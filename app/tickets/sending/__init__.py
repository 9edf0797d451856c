"""Between the press of a button and the moment a reply leaves: what is looked at before, and how it is taken back."""
