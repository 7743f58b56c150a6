# The front door. Each target is the whole job: it installs what is missing, builds, and does what it says.
.PHONY: run install deb reproducible test bench fuzz lint coverage advice agreement endurance differential clean

run:
	@scripts/setup run && scripts/build release && scripts/run-example

# Where `make install` puts the program; a home folder needs no root. DESTDIR is honoured.
PREFIX ?= /usr/local

install:
	@scripts/setup run && scripts/build release && cmake --install build/release --prefix "$(PREFIX)" >build/install.log \
		&& echo "install: $(PREFIX)/bin/causeway"

deb:
	@scripts/setup deb && scripts/make-deb

reproducible:
	@scripts/setup deb && scripts/make-deb twice

test:
	@scripts/setup test && scripts/build dev && scripts/build release && scripts/run-tests

bench:
	@scripts/setup bench && scripts/build release && scripts/run-bench

fuzz:
	@scripts/setup fuzz && scripts/build fuzz && scripts/run-fuzz

lint:
	@scripts/setup lint && scripts/build dev && scripts/lint

coverage:
	@scripts/setup coverage && scripts/build coverage && scripts/coverage

agreement:
	@scripts/setup test && scripts/build proof && build/proof/tests/agreement/agreement 1000 \
		&& build/proof/tests/import/roundtrip all \
		&& CAUSEWAY_AGREEMENT=$${CAUSEWAY_AGREEMENT:-1000} tests/node/agreement_test.py build/proof/causeway

advice:
	@scripts/setup test && scripts/build release && for run in singles "pairs" "triples 2000" "drawn 6000" rehearsed; do \
		CAUSEWAY_JOBS=$$(nproc) tests/advice/follow_test.py build/release/causeway $$run || exit 1; done

endurance:
	@scripts/setup test && scripts/build proof && CAUSEWAY_HANDSHAKES=10000 build/proof/tests/unit_net_connection \
		&& CAUSEWAY_RELOADS=10000 build/proof/tests/unit_net_listener \
		&& CAUSEWAY_FAULTS=all build/proof/tests/workbench/workbench_together \
		&& CAUSEWAY_FAULTS=all build/proof/tests/workbench/workbench_faults \
		&& CAUSEWAY_KILLS=100 tests/node/chaos_test.py build/proof/causeway kills \
		&& CAUSEWAY_FAILOVERS=100 tests/node/chaos_test.py build/proof/causeway failover \
		&& CAUSEWAY_CHANGES=10000 tests/node/chaos_test.py build/proof/causeway lists \
		&& CAUSEWAY_UPLOAD_KILLS=all tests/node/upload_killed_test.py build/proof/causeway \
		&& CAUSEWAY_CROWD=10000 tests/node/crowd_test.py build/proof/causeway \
		&& CAUSEWAY_SIGNINS=1000 tests/node/edge_test.py build/proof/causeway chaos

differential:
	@scripts/setup test && scripts/build dev && tests/http/differential.py build/dev/tests/http/http_reading --random 20000

clean:
	@rm -rf build
