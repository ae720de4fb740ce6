# Every command of the house. GNU make 3.81 or newer; `make` alone prints the list.

PYTHON ?= python3
VENV = .venv
KATA_BIN = $(VENV)/bin/kata
READY = $(VENV)/.ready
READY_DEV = $(VENV)/.ready-dev
READY_REAL = $(VENV)/.ready-real
PIP = $(VENV)/bin/python -m pip --disable-pip-version-check --no-input -qq
UV = .cache/lock/bin/uv

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup start test watch list show hint examples solution trace reset progress grade interview doctor check real hostile lint types bench pace classroom throughput exporting saving walls steady soak fuzz versions check-player lock clean

help: ## print this
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' \
	  $(firstword $(MAKEFILE_LIST))

setup: $(READY) ## make .venv ready; every other target does so by itself

# For the learner

# $(call of_kata,VERB,OPTIONS): the verb for KATA, or which katas there are.
define of_kata
	@$(if $(KATA),,echo 'Which kata? Type its name, for example: make $(1) KATA=semaphore' >&2; \
	  $(KATA_BIN) list; exit 2;) $(KATA_BIN) $(1) '$(KATA)' $(2)
endef

start: $(READY) ## [KATA=semaphore]: what to do first; without KATA the next one
	@$(KATA_BIN) start $(if $(KATA),'$(KATA)')

test: $(READY) ## KATA=semaphore [LAW= SEED= CASE= FILE= ISOLATION= JSON=1 ADVICE=1]
	$(call of_kata,test,$(if $(LAW),--law '$(LAW)') \
	  $(if $(SEED),--seed '$(SEED)') $(if $(CASE),--case '$(CASE)') \
	  $(if $(FILE),--file '$(FILE)') $(if $(ISOLATION),--isolation '$(ISOLATION)') \
	  $(if $(filter-out 0,$(JSON)),--json) $(if $(filter-out 0,$(ADVICE)),--advice))

watch: $(READY) ## [KATA=semaphore]: graded again each time you save
	@$(KATA_BIN) watch $(if $(KATA),'$(KATA)')

list: $(READY) ## every kata, and how far you are
	@$(KATA_BIN) list

show: $(READY) ## KATA=semaphore: what the kata asks for
	$(call of_kata,show)

hint: $(READY) ## KATA=semaphore [LAW=]: one step further on the way to a law
	$(call of_kata,hint,$(if $(LAW),--law '$(LAW)'))

examples: $(READY) ## KATA=semaphore: the kata's small tests, with pytest alone
	$(call of_kata,examples)

solution: $(READY) ## KATA=semaphore [NAME= GIVE_UP=1]: our answers, after a pass
	$(call of_kata,solution,$(NAME) $(if $(filter-out 0,$(GIVE_UP)),--give-up))

trace: $(READY) ## KATA=semaphore [LAW=]: the run that broke a law, for a trace viewer
	$(call of_kata,trace,$(if $(LAW),--law '$(LAW)'))

reset: $(READY) ## KATA=semaphore: the stub again; your text is kept
	$(call of_kata,reset)

progress: $(READY) ## how far you are, and what to go on with
	@$(KATA_BIN) progress

# For the lecturer

grade: $(READY) ## SUBMISSIONS=folder [ROSTER= DEADLINE= KATAS="semaphore ..." OUT= JOBS=]
ifeq ($(SUBMISSIONS),)
	@echo 'Which folder? For example: make grade SUBMISSIONS=submissions' >&2
	@exit 2
else
	@$(KATA_BIN) grade '$(SUBMISSIONS)' $(if $(ROSTER),--roster '$(ROSTER)') \
	  $(if $(DEADLINE),--deadline '$(DEADLINE)') $(foreach each,$(KATAS),--kata '$(each)') \
	  $(if $(OUT),--out '$(OUT)') $(if $(JOBS),--jobs '$(JOBS)')
endif

# For the interviewer

interview: $(READY) ## KATA=semaphore [MINUTES=45 NONCE="some words"]: begin, or go on
	@$(KATA_BIN) interview start $(if $(KATA),--kata '$(KATA)') \
	  $(if $(MINUTES),--minutes '$(MINUTES)') $(if $(NONCE),--nonce '$(NONCE)')

# For those who work on the project

doctor: $(READY) ## what a submission could do on this machine
	@$(KATA_BIN) doctor

check: lint types ## what CI runs: lint, types, then all tests
	@$(VENV)/bin/python -m pytest -n auto --dist worksteal

real: $(READY_REAL) ## with real servers, files, processes and a browser
	@$(VENV)/bin/python -m pytest -rs --no-header -q --durations=3 tests/real

hostile: $(READY_DEV) ## hostile submissions, behind each kind of walls that can be had
	@$(VENV)/bin/python -m pytest -rs --no-header -q tests/hostile tests/fuzz

lint: $(READY_DEV) ## format, rules, and who may import whom
	@$(VENV)/bin/ruff format --check --quiet .
	@$(VENV)/bin/ruff check --quiet .
	@$(VENV)/bin/lint-imports --no-logo

types: $(READY_DEV) ## mypy, strict
	@$(VENV)/bin/mypy

bench: $(READY) ## ours beside what people use today; writes docs/benchmarks.md
	@$(VENV)/bin/python benchmarks/bench.py

pace: $(READY) ## how long the verdict on our own answer to each kata takes
	@$(VENV)/bin/python benchmarks/pace.py

classroom: $(READY) ## a generated class, graded whole and killed [STUDENTS=200 KILLS=10]
	@$(VENV)/bin/python benchmarks/classroom.py $(or $(STUDENTS),200) $(or $(KILLS),10)

throughput: $(READY) ## verdicts a second, memory, and what takes the time [SUBMISSIONS=1000]
	@$(VENV)/bin/python benchmarks/throughput.py $(or $(SUBMISSIONS),1000)

exporting: $(READY) ## how long each form of export takes for 10,000 results
	@$(VENV)/bin/python benchmarks/exporting.py

saving: $(READY) ## how long from a save to its screen in kata watch [SAVES=50]
	@$(VENV)/bin/python benchmarks/saving.py $(or $(SAVES),50)

walls: $(READY) ## what each kind of walls costs, and that none changes a verdict
	@$(VENV)/bin/python benchmarks/walls.py

steady: $(READY) ## verdicts under load against idle ones [TIMES=100 BUSY=8 JOBS=4]
	@$(VENV)/bin/python benchmarks/steady.py $(or $(TIMES),100) $(or $(BUSY),8) $(or $(JOBS),4)

soak: $(READY_DEV) ## anything under load, then leaks [MINUTES=10 SEED=]; SEEDS=20: kata check
	@$(if $(SEEDS),$(KATA_BIN) check --seeds '$(SEEDS)', \
	  $(VENV)/bin/python benchmarks/soak.py $(or $(MINUTES),10) $(SEED))

fuzz: $(READY) ## the wire under fire, with fresh seeds [MINUTES=5]
	@$(VENV)/bin/python benchmarks/fuzz.py $(or $(MINUTES),5)

versions: ## PYTHONS="python3.12 python3.13": the player's tests on each [CONTENT=right|none]
ifeq ($(strip $(PYTHONS)),)
	@echo 'Which interpreters? For example: make versions PYTHONS="python3.12 python3.13"' >&2
	@exit 2
else
	@mkdir -p .cache; \
	for python in $(PYTHONS); do \
	  version=$$($$python -c 'import sys; print("%d.%d" % sys.version_info[:2])') || exit 1; \
	  $(MAKE) --no-print-directory check-player \
	    PYTHON=$$python VENV=.cache/venv-$$version >.cache/$$version.txt 2>&1 & \
	  started="$$started $$!:$$version"; \
	done; \
	for each in $$started; do \
	  wait $${each%%:*} || failed=1; \
	  echo "Python $${each##*:}"; cat .cache/$${each##*:}.txt; \
	done; \
	exit $${failed:-0}
endif

# What depends on the interpreter: the player, and each answer's verdict.
check-player: $(READY_DEV)
	@$(VENV)/bin/python -m pytest -n auto --dist worksteal \
	  $(wildcard tests/grader/player tests/content)

lock: ## write the locks anew, same versions [UPGRADE=1: newest versions]
	@test -x $(UV) || $(PYTHON) -m venv .cache/lock
	@.cache/lock/bin/python -m pip --disable-pip-version-check -qq install uv==0.13.8
	@$(LOCK) --group build --output-file requirements.lock
	@$(LOCK) --group dev --constraint requirements.lock \
	  --output-file requirements-dev.lock
	@$(LOCK) --group real --constraint requirements-dev.lock \
	  --output-file requirements-real.lock

# --universal: one lock for each platform and every Python from 3.11 on, with markers.
LOCK = $(UV) pip compile --quiet --no-config --universal --python-version 3.11 \
  --python .cache/lock/bin/python --generate-hashes --no-emit-index-url \
  --custom-compile-command 'make lock' $(if $(UPGRADE),--upgrade) pyproject.toml

clean: ## remove .venv and caches; build/ stays, it holds your results
	@rm -rf .venv .cache .hypothesis .import_linter_cache .mypy_cache \
	  .pytest_cache .ruff_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The stamp holds the folder that .venv was made in. A copy of the repository, or a Python
# that has gone, makes .venv useless however new the stamp is.
ifneq ($(shell cat $(READY) 2>/dev/null)$(if $(realpath $(VENV)/bin/python),, gone),$(CURDIR))
.PHONY: $(READY)
endif

$(READY): requirements.lock pyproject.toml
	@$(VENV_SERVES) || $(PYTHON) -c '$(OLD_ENOUGH)' 2>/dev/null || { \
	  echo 'asyncio-katas needs Python 3.11 or newer, which $(PYTHON) is not;' \
	    'name one that is: make setup PYTHON=python3.12' >&2; exit 1; }
	@echo 'Setting up $(VENV) (once) …' >&2
	@$(VENV_SERVES) || $(PYTHON) -m venv --clear $(VENV) >&2
	@$(PIP) install --require-hashes -r requirements.lock
	@$(PIP) install --no-deps --no-build-isolation -e .
	@$(VENV)/bin/python -m compileall -q grader  # what plays submissions writes no bytecode
	@echo "$(CURDIR)" > $@

OLD_ENOUGH = import sys; sys.version_info >= (3, 11) or sys.exit(1)
VENV_SERVES = { test ! -e $(READY) || test "$$(cat $(READY))" = "$(CURDIR)"; } && \
  $(VENV)/bin/python -c '$(OLD_ENOUGH); import pip' 2>/dev/null

$(READY_DEV): requirements-dev.lock $(READY)
	@echo 'Adding the tools of the house to $(VENV) (once) …' >&2
	@$(PIP) install --require-hashes -r requirements-dev.lock
	@touch $@

$(READY_REAL): requirements-real.lock $(READY)
	@echo 'Adding the drivers of real databases to $(VENV) (once) …' >&2
	@$(PIP) install --require-hashes -r requirements-real.lock
	@touch $@
