# Every target does its own set-up. Needs Python 3.11 or newer and make; nothing else for `make run`.

VENV := .venv
BIN := $(VENV)/bin
PYTHON ?= python3

.PHONY: run test check lock bench eval browser try-teams clean

run: $(VENV)/.run
	@$(BIN)/doorstep run

test: $(VENV)/.dev browser check
	$(BIN)/coverage run -m pytest -n 2 -p no:cacheprovider --durations=5 > $(VENV)/pytest.log 2>&1; status=$$?; \
	$(BIN)/coverage combine -q; $(BIN)/coverage report --skip-covered --fail-under=88 > $(VENV)/coverage.log; covered=$$?; \
	tail -n 1 $(VENV)/coverage.log; cat $(VENV)/pytest.log; exit $$((status + covered))

check: $(VENV)/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/doorstep content check

lock: $(VENV)/.uv
	for extras in "--extra build -o requirements.lock" "--extra build --extra dev -c requirements.lock -o requirements-dev.lock"; do \
	  $(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	    --custom-compile-command 'make lock' -q $$extras pyproject.toml || exit 1; done
	@! grep -n '://' requirements.lock requirements-dev.lock

bench: $(VENV)/.dev
	$(BIN)/python -m bench

# How well messages are read that the reader hadn't learned from; five minutes.
eval: $(VENV)/.dev
	$(BIN)/python tools/evaluate.py

# Microsoft's Agents Playground on this Doorstep. It listens on every address, so as root it gets a network of its own.
PLAYGROUND := $(VENV)/playground
try-teams: $(VENV)/.dev browser
	@test -d $(PLAYGROUND)/node_modules || npm install --silent --no-audit --no-fund --prefix $(PLAYGROUND) @microsoft/m365agentsplayground@0.2.28
	@if [ -n "$(SCREENSHOTS)" ] && [ "$$(id -u)" = 0 ]; then \
	  unshare -n sh -c 'ip link set lo up && exec $(BIN)/python tools/try_teams.py $(PLAYGROUND) --screenshots $(SCREENSHOTS)'; \
	else $(BIN)/python tools/try_teams.py $(PLAYGROUND) $(if $(SCREENSHOTS),--screenshots $(SCREENSHOTS)); fi

# A browser for the tests: one already here, else Debian's package, else Playwright's own.
browser: $(VENV)/.dev
	@$(BIN)/python tools/find_browser.py > $(VENV)/browser 2>/dev/null || { \
	  echo "Installing a browser for the tests …"; \
	  { [ "$$(id -u)" = 0 ] && apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium; } >/dev/null 2>&1 || \
	  { sudo -n apt-get update -qq && sudo -n apt-get install -y -qq chromium; } >/dev/null 2>&1 || \
	  $(BIN)/playwright install chromium >/dev/null 2>&1; \
	  $(BIN)/python tools/find_browser.py > $(VENV)/browser; }

$(VENV)/.uv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Doorstep needs Python 3.11 or newer: make PYTHON=python3.12 …"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/pip install -q --disable-pip-version-check uv >/dev/null 2>&1 || echo "uv could not be installed; pip takes its place, a little slower."
	@touch $@

# $(call install,LOCK): hash-pinned, by uv where there is one, else by pip; then the project itself, without asking a registry.
define install
@if [ -x $(BIN)/uv ]; then \
  VIRTUAL_ENV=$(CURDIR)/$(VENV) $(BIN)/uv pip install -q --require-hashes --compile-bytecode -r $(1) 2>$(VENV)/install.log || { cat $(VENV)/install.log; exit 1; }; \
else $(BIN)/pip install -q --disable-pip-version-check --require-hashes -r $(1); fi
@$(BIN)/pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
endef

$(VENV)/.run: $(VENV)/.uv requirements.lock pyproject.toml
	@echo "Setting up (once, about five minutes: it also learns from the examples) …"
	$(call install,requirements.lock)
	@$(BIN)/doorstep content build
	@touch $@

$(VENV)/.dev: $(VENV)/.uv requirements-dev.lock pyproject.toml
	@echo "Setting up for the tests (once) …"
	$(call install,requirements-dev.lock)
	@$(BIN)/doorstep content build
	@touch $@ $(VENV)/.run

clean:
	rm -rf $(VENV) .doorstep .coverage*
