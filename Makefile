# Everything a newcomer needs: `make demo` and `make test`. Python 3.11 to 3.14, and nothing else.
PYTHON ?= python3
VENV   ?= .venv
ARGS   ?=

.PHONY: demo test test-all test-quick test-broker lint lint-deploy runbooks pin-images audit bench bench-kafka growth soak chaos train eval lock lock-check newest clean

demo: $(VENV)/demo.done  ## a live wire on the screen; ARGS=--exit ends by itself
	$(VENV)/bin/streams demo $(ARGS)

test: $(VENV)/dev.done  ## unit, contract and broker tests, on the embedded broker
	$(VENV)/bin/python -m pytest -m "not services" $(ARGS)

test-all: test-quick test-broker  ## those on Apache Kafka and Prometheus too, where Java 17, Maven and prometheus are

test-quick: $(VENV)/dev.done  ## without any broker
	$(VENV)/bin/python -m pytest -m "not broker and not services" $(ARGS)

test-broker: $(VENV)/dev.done  ## on real brokers
	$(VENV)/bin/python -m pytest -m "broker or services" $(ARGS)

lint: $(VENV)/dev.done  ## style, types, and which folder imports what
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports

lint-deploy: $(VENV)/deploy.done  ## containers, dashboards, rules and manifests; skips what needs a tool that is missing
	$(VENV)/bin/python deploy/lint.py

runbooks:  ## where the alerts' runbook_url leads: make runbooks URL=https://git.example.org/…/deploy/runbooks
	$(PYTHON) deploy/prometheus/runbooks.py $(URL)

pin-images:  ## renew the digests of the base images; needs Docker
	deploy/pin.sh

audit: $(VENV)/deploy.done  ## known vulnerabilities of what is installed
	$(VENV)/bin/python deploy/audit.py

bench: $(VENV)/dev.done  ## the worker beside its bare stages
	$(VENV)/bin/python -m tests.bench $(ARGS)

bench-kafka: $(VENV)/bench.done  ## load, peers, cost on Apache Kafka: writes docs/benchmarks.md; ARGS=--short to try
	$(VENV)/bin/python -m tests.bench.kafka $(ARGS)

growth: $(VENV)/dev.done  ## time by length of a thousand kinds of text, to a megabyte; ARGS="--help" says how
	$(VENV)/bin/python -m tests.growth $(ARGS)

soak: $(VENV)/bench.done  ## an hour at half of capacity: memory, lag, latency; draws docs/soak.png; ARGS="--minutes 3"
	$(VENV)/bin/python -m tests.soak $(ARGS)

chaos: $(VENV)/dev.done  ## faults on Apache Kafka with three nodes; ARGS="--help" names them
	$(VENV)/bin/python -m tests.chaos $(ARGS)

train: $(VENV)/train.done  ## rebuild the models: make train DATA=DIR
	$(VENV)/bin/python -m streams.models.training train --data $(DATA) $(ARGS)

eval: $(VENV)/train.done  ## the table of the model card: make eval DATA=DIR [TEST=DIR]
	$(VENV)/bin/python -m streams.models.training eval --data $(DATA) $(if $(TEST),--test $(TEST)) $(ARGS)

$(VENV)/%.done: requirements/%.txt pyproject.toml
	$(call install,$*)

lock: $(VENV)/deploy.done  ## renew the lock files in requirements/ within pyproject.toml's ranges
	$(VENV)/bin/python tools/lock.py write

lock-check: $(VENV)/deploy.done  ## whether they fit pyproject.toml, and every Python and platform of the README
	$(VENV)/bin/python tools/lock.py check

newest: $(VENV)/deploy.done  ## the tests with the newest of everything: before `make lock`, and before a range is widened
	$(VENV)/bin/python tools/lock.py newest -- $(ARGS)

clean:
	rm -rf $(VENV)

define install
@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 15))' || \
	{ echo "streams needs Python 3.11 to 3.14: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
@echo "installing into $(VENV) (once, a few minutes)"
@$(PYTHON) -m venv $(VENV)
@$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/$(1).txt
@$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
@touch $@
endef
