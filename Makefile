# Every target works from a fresh clone. `make` alone lists them.
.DEFAULT_GOAL := help
.PHONY: help run test lint format messages shots bench lock

help: ## what can be made
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

run: ## set everything up and serve the portal with demo content; PORT=8000 chooses the port
	@bin/run

test: ## set everything up and run the suite on PostgreSQL, then on SQLite; ARGS="-k survey" goes to pytest
	@bin/test

lint: ## style, floors, migrations, catalogues, settings for production
	@bin/lint

format: ## put Python and templates in their one form
	@bin/setup dev
	@.venv/bin/python -m ruff check -q --fix-only .
	@.venv/bin/python -m ruff format .

messages: ## collect strings into locale/vi, and the libraries' into locale_vendor/vi
	@bin/setup dev
	@.venv/bin/python bin/messages.py update
	@.venv/bin/python bin/vendor_messages.py

shots: ## screenshots of every template at 360 and 1280 px into var/shots
	@bin/shots

bench: ## ten thousand documents beside ten, on both databases; a million responses on PostgreSQL
	@bin/bench

lock: ## resolve requirements/*.in again into the hash-pinned lock files
	@bin/lock
