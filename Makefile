# Two commands matter: `make run` starts everything, `make test` proves it.
# Set-up happens by itself, once, and again only when pyproject.toml or constraints.txt change.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
REQUIREMENTS := pyproject.toml constraints.txt
INSTALL := $(BIN)/python -m pip install --quiet --constraint constraints.txt --editable

# The London face photos with their landmarks and splits.csv, for `make train`.
FACES ?= data/faces

.DEFAULT_GOAL := help
.PHONY: help run test lint format train packages clean

help: ## Print this list.
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST)

# `make run HTTPS=1` is for phones on the same network, whose cameras need HTTPS.
run: $(VENV)/.installed-run ## Start the model server and the app, print the address, stop both on Ctrl-C.
	@SKINXAI_HTTPS='$(or $(HTTPS),$(SKINXAI_HTTPS))' $(BIN)/python -m backend.supervisor

# Files side by side, on as many cores as there are; each process computes on one. In the order of
# their names, since the browser's come early then: they take longest.
test: $(VENV)/.installed-develop packages ## Run every test, in a real browser too.
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest --numprocesses auto --maxprocesses 4 \
		--dist loadfile --no-loadscope-reorder --durations 15 $(ARGS)

lint: $(VENV)/.installed-develop ## Check style, types and the direction of imports.
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(VENV)/.installed-develop ## Rewrite the code in the house style.
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

train: $(VENV)/.installed-train ## Train and export every network from the photos in FACES.
	$(BIN)/python -m baseline.pipeline --faces $(FACES)

packages:
	@.ci/packages

clean: ## Remove the environment and every cache; data/ and runs/ stay.
	rm -rf $(VENV) *.egg-info .cache .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache

# One stamp per set of extras: the server does not wait for the test kit, and whoever installed
# everything does not install the smaller sets again.
$(VENV)/.installed-run: $(REQUIREMENTS) | $(VENV)/pyvenv.cfg
	@echo "Installing the model server and the app (several GB on the first run) ..."
	@$(INSTALL) '.[server,app]'
	@touch $@

$(VENV)/.installed-train: $(REQUIREMENTS) | $(VENV)/pyvenv.cfg
	@echo "Installing the training kit ..."
	@$(INSTALL) '.[train]'
	@touch $@

$(VENV)/.installed-develop: $(REQUIREMENTS) | $(VENV)/pyvenv.cfg
	@echo "Installing everything, with the test and lint tools ..."
	@$(INSTALL) '.[server,app,train,test,lint]'
	@touch $(VENV)/.installed-run $(VENV)/.installed-train $@

$(VENV)/pyvenv.cfg:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed: name it with 'make run PYTHON=/path/to/python3.11'."; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); exit 1; }
