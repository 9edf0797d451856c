"""Reports: pages of figures that lead to something that can be done."""
