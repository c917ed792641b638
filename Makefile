# Every door of the project. `make` alone lists them.
.DEFAULT_GOAL := help
BIN := .venv/bin

.PHONY: help setup demo test check lint types imports sizes docs screenshots format lock clean

help: ## List what can be made
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 16

setup: ## Install everything from the lock file into .venv/ (quick when nothing changed)
	@infra/setup.sh

demo: setup ## Run the whole pipeline on an invented network; results in demo/
	@rm -rf demo
	@$(BIN)/pcbl --workspace demo init --demo
	@$(BIN)/pcbl --workspace demo nightly --as-of 2026-11-20

test: ## Run all tests
	@infra/setup.sh tests
	@$(BIN)/pytest --numprocesses auto --durations 10

check: ## Run every check, then the demo and the tests, as CI does
	@.ci/run

lint: setup ## Check formatting and style
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .

types: setup ## Check types
	@$(BIN)/mypy

imports: setup ## Check that imports only go down
	@$(BIN)/lint-imports

sizes: setup ## Show how long functions and files are
	@$(BIN)/python -m tests.support.sizes

docs: setup ## Write the generated pages in docs/ anew
	@$(BIN)/python -m pcbl_pipeline.contracts.dictionary docs
	@$(BIN)/python -m tests.support.reading_score docs
	@$(BIN)/python -m tests.support.narrative_score docs
	@$(BIN)/python -m tests.support.matching_score docs
	@$(BIN)/python -m tests.support.rule_examples

screenshots: setup ## Take the pictures of the README from demo/
	@infra/screenshots.sh

format: setup ## Format the code and repair what ruff can
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

lock: ## Resolve the dependencies anew into requirements.lock
	@infra/setup.sh installer
	@.boot/bin/uv pip compile pyproject.toml --extra dev --extra embedding --universal \
	  --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
	  --quiet --output-file requirements.lock

clean: ## Remove what was installed and generated
	@rm -rf .venv .boot demo dist .mypy_cache .pytest_cache .ruff_cache \
	  .import_linter_cache .hypothesis
