"""Production values stand in base.py; local.py and test.py only loosen them."""
