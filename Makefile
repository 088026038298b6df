# Every target works from nothing but Python 3.11 to 3.13, pip and make; `make help` lists them.

ifeq ($(OS),Windows_NT)
PYTHON ?= python
VENV_PYTHON := .venv/Scripts/python.exe
else
# The first of these that runs and is new enough; say another one with: make PYTHON=/path/to/python demo
PYTHON ?= $(or $(shell for p in python3.11 python3.12 python3.13 python3 python; do \
	"$$p" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null && \
	echo "$$p" && break; done),python3)
VENV_PYTHON := .venv/bin/python
endif

.DEFAULT_GOAL := help
.PHONY: help setup keras demo test bench screenshots torture fuzz sbom audit lock clean

help: ## this list
	@$(PYTHON) .ci/help.py Makefile

setup: ## make .venv ready: locked packages, the project, system libraries (the targets below do it themselves)
	@$(PYTHON) .ci/setup.py

keras: ## .venv with TensorFlow on top, for networks and Keras encoders (2 GB more; stays until `make clean`)
	@$(PYTHON) .ci/setup.py --keras

demo: setup ## the built-in demo catalogue, from pictures and texts to a map and suggestions
	@$(VENV_PYTHON) -m prodlabel demo demo $(ARGS)

test: setup ## every check: ruff, mypy, import-linter, all tests (ARGS="--only mypy" for one)
	@$(VENV_PYTHON) .ci/check.py $(ARGS)

bench: setup ## the measured figures beside their alternatives
	@$(VENV_PYTHON) -m tests.benchmarks $(ARGS)

torture: setup ## hundreds of kills at random moments, and whether anything was lost (ARGS="--kills 1000")
	@$(VENV_PYTHON) -m tests.torture $(ARGS)

screenshots: setup ## pictures of the window's main states in both themes, in build/screenshots
	@$(VENV_PYTHON) .ci/screenshots.py

fuzz: setup ## every parser given changed files (ARGS="--seconds 600" for each)
	@$(VENV_PYTHON) -m tests.fuzz $(ARGS)

sbom: setup ## sbom.json: what the program is made of, from the lock (CycloneDX)
	@$(VENV_PYTHON) .ci/sbom.py sbom.json

audit: setup ## licences and known weaknesses of what is locked (asks a public service; ARGS=--offline: licences alone)
	@$(VENV_PYTHON) .ci/audit.py $(ARGS)

lock: setup ## make the locks again from pyproject.toml (ARGS=--upgrade for the newest versions)
	@$(VENV_PYTHON) .ci/lock.py $(ARGS)

clean: ## remove what the other targets made
	@$(PYTHON) .ci/clean.py
