"""How well pages are read: word F1, character error rate and cost, against the truth and other readers."""
