"""Page preparation: measures of a page, steps that make it easier to read, and the plan that chooses them."""
