"""Surveys and questionnaires as the working group builds them in the admin (Art. 5.5.d, 7)."""
