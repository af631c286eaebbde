"""What becomes of marks from self-score to publication: how far a round is, and what appraisal changed."""
