## make validate     hold the claims against generated configurations
## make test         run the tests and doctests, some 11,000: about 12 minutes of two cores, 2 GB
## make lint         check style and format with ruff
## make types        check types with mypy
## make format       format the code and sort its imports
## make notebooks    execute the notebooks; fails where a cell fails or prints something new
## make refresh      execute the notebooks and store their outputs
## make completion   list the words that shells complete; writes checks/cli/completion.json
## make survey       hold every statement under every dynamics; writes docs/survey.md
## make gallery      make the pictures of docs/gallery.md again (needs Chromium)
## make bench        measure costs against the baselines; writes benchmarks/results
## make proofs       check the proofs in Coq (Debian 12's; proofs/README.md)
## make constraints  record the newest versions of all dependencies in constraints.txt
## make clean        remove the environment and all caches
##
## PYTHON=python3.12    the interpreter of the environment, 3.11 or newer (to change it: make clean)
## ARGS="--examples 50" more arguments for validate or test
## CONSTRAINTS=         install the newest versions instead of those in constraints.txt

PYTHON ?= python3
VENV = .venv
CONSTRAINTS = constraints.txt
WORKERS = 2
ARGS =

# Make takes a blank for the end of a name unless it is escaped; the shell wants quotes.
BLANK := $(subst x,,x x)
PLACE = $(subst $(BLANK),\ ,$(VENV))
CORE = $(PLACE)/.installed-core
FULL = $(PLACE)/.installed-full
BIN = "$(VENV)"/bin

# The tests start hundreds of programs; without caches each would compile the house again.
unexport PYTHONDONTWRITEBYTECODE

NEW_ENOUGH = import sys; sys.exit(None if sys.version_info >= (3, 11) else \
	"hardmax needs Python 3.11 or newer, and this is " + sys.version.split()[0] + \
	"; name another with: make PYTHON=python3.12")

.NOTPARALLEL:
.PHONY: help validate survey completion test lint types format notebooks refresh bench constraints proofs clean

help:
	@sed -n 's/^##//p' Makefile

define install
	@"$(PYTHON)" -c '$(NEW_ENOUGH)'
	@echo "Installing hardmax in $(VENV)"
	@"$(PYTHON)" -m venv "$(VENV)"
	@$(BIN)/python -m pip install --quiet $(addprefix --constraint ,$(CONSTRAINTS)) --editable
endef

$(CORE): pyproject.toml $(CONSTRAINTS)
	$(install) .
	@touch "$@"

$(FULL): pyproject.toml $(CONSTRAINTS)
	$(install) '.[test,report,cluster,notebooks,sentiment,serve]'
	@touch "$(VENV)/.installed-core" "$@"

validate: $(CORE)
	$(BIN)/hardmax validate $(ARGS)

test: $(FULL)
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal $(ARGS)

lint: $(FULL)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(FULL)
	$(BIN)/mypy --strict hardmax theory checks sentiment benchmarks

completion: $(FULL)
	$(BIN)/python -m checks.cli.offers > build.json
	mv build.json checks/cli/completion.json

survey: $(CORE)
	$(BIN)/hardmax survey --seed 1 --markdown docs/survey.md --force $(ARGS)

gallery: $(FULL)
	$(BIN)/python docs/gallery.py

bench: $(FULL)
	$(BIN)/python -m benchmarks $(ARGS)

format: $(FULL)
	$(BIN)/ruff check --fix-only --select I .
	$(BIN)/ruff format .

notebooks: $(FULL)
	$(BIN)/python notebooks/execute.py

refresh: $(FULL)
	$(BIN)/python notebooks/execute.py --store

constraints:
	"$(PYTHON)" -m venv --clear build/constraints
	build/constraints/bin/python -m pip install --quiet '.[test,report,cluster,notebooks,sentiment,serve]'
	@echo "# The versions with which the tests last passed." > constraints.txt
	build/constraints/bin/python -m pip freeze --exclude hardmax-theory >> constraints.txt

proofs:
	$(MAKE) -j $(WORKERS) -C proofs all
	$(MAKE) -C proofs assumptions instances

clean:
	rm -rf "$(VENV)" build dist .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
