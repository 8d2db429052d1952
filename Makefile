# `make check` judges the VolTracker history of this folder; `make test` runs the tests. Both install what a fresh
# Debian or Ubuntu lacks (as root or with sudo): see .ci/install.

CARGO ?= cargo

.PHONY: help check test fidelity lint doc deny mutants

help:
	@echo "make check   pgproof on this folder's migrations and spec"
	@echo "make test    all tests, some of them against a real PostgreSQL"
	@echo "make fidelity                 how far the replay agrees with a PostgreSQL server, topic by topic"
	@echo "make fidelity DIR=folder      the same for a folder of migrations: PLATFORM=supabase, if they are for that"
	@echo "make fidelity VERSION=16      either on PostgreSQL 14 to 18, which is downloaded if it is not there"
	@echo "make lint    formatting and clippy"
	@echo "make doc     the library's documentation"
	@echo "make mutants ten mistakes in a copy of the tree, which the random scripts must see"
	@echo "make deny    licences and advisories of dependencies (needs: cargo install cargo-deny --locked)"

check:
	@.ci/install build
	$(CARGO) run -- check --table

test:
	@.ci/install build
	@.ci/install server
	$(CARGO) build
	@.ci/check-assertions
	$(CARGO) test --workspace

fidelity:
	@.ci/install build
	@$(if $(VERSION),,.ci/install server)
	$(if $(VERSION),PGPROOF_PG_BIN=$$(.ci/install server $(VERSION)) && export PGPROOF_PG_BIN && )$(if $(DIR),$(CARGO) xtask fidelity \
	    $(if $(PLATFORM),--platform $(PLATFORM)) $(DIR),$(CARGO) test --test differential -- --nocapture a_server)

lint:
	$(CARGO) fmt --all --check
	$(CARGO) clippy --workspace --all-targets -- -D warnings

doc:
	RUSTDOCFLAGS='-D warnings' $(CARGO) doc --no-deps

deny:
	$(CARGO) deny check

mutants:
	@.ci/install build
	@.ci/install server
	$(CARGO) xtask mutants
