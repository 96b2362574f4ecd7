# db_advisor: `make demo` and `make check` are the two commands to begin with; `make` builds both modules.
#
#   make                build/pg<major>/db_advisor.so (server module) and build/sqlite/db_advisor.so
#   make pg, sqlite     one of them; PG_CONFIG=… picks the server
#   make install        the server module, through PGXS; DESTDIR=… stages. Likewise uninstall
#   make demo           both demos on throw-away data, with everything they need installed first
#   make check          all tests; STEPS='unit regress …' picks some, TESTS='name …' some within them
#   make check-versions the same on newer PostgreSQL and SQLite, in systems of their own (root, debootstrap)
#   make installcheck   the regress tests on the server that psql connects to
#   make lint, format   the house rules; clang-format over all sources
#   make docs           docs/rules.md from the rule files
#   make dist           the release as a zip for PGXN, of what is committed
#   make bench-what-if  what_if against real indexes, in full
#   make bench-overhead what recording costs, beside other extensions; ARGS='--cpu' and so on
#   make bench-rules    what each rule costs on 1,000 tables and 5,000 indexes
#   make bench-replay   is it told rightly what followed advice did; ARGS='--seeds 1,2'
#   make bench-index-quality  how good the recommended index sets are; ARGS='tpch --scale 0.1' and so on
#   make bench-sqlite   the advice of the SQLite module beside the shell's .expert; ARGS='workload' and so on
#   make check-clients  the Node example, with npm; make fuzz-sqlite: damaged files and random texts under sanitizers
#
# The server module is built by PGXS inside build/pg<major>, which calls this file again with
# ADVISOR_PGXS set. All paths in it are relative, so that a checkout below a path with spaces works.
PG_CONFIG ?= pg_config

ifndef ADVISOR_PGXS

PG_MAJOR  := $(shell $(PG_CONFIG) --version 2>/dev/null | sed 's/^[^0-9]*\([0-9]*\).*/\1/')
PG_BUILD  := build/pg$(PG_MAJOR)
PGXS_MAKE  = +$(MAKE) --no-print-directory -C $(PG_BUILD) -f ../../Makefile ADVISOR_PGXS=1 PG_CONFIG='$(PG_CONFIG)'
PG_SOURCES = $(wildcard core/*.cpp core/*/*.cpp pg_ext/*.cpp pg_ext/*/*.cpp rules/*/*.pg.cpp test/border/*.cpp)
export PG_CONFIG WERROR TESTS

.PHONY: all pg sqlite border-test install uninstall installcheck check check-versions dist lint format docs demo deps bench-what-if bench-overhead bench-rules bench-index-quality bench-sqlite check-clients fuzz-sqlite bench-replay clean
all: pg sqlite

pg: $(PG_BUILD)/.folders
	@$(PGXS_MAKE) all

# The border's test module is no part of what is installed.
border-test: $(PG_BUILD)/.folders
	@$(PGXS_MAKE) border_test.so

$(PG_BUILD)/.folders: $(sort $(dir $(PG_SOURCES)))
	@test -n '$(PG_MAJOR)' || { echo 'make: "$(PG_CONFIG)" does not run: call tools/install_deps.sh,' \
	    'or name the pg_config of your server with PG_CONFIG=…' >&2; exit 1; }
	@mkdir -p $(addprefix $(PG_BUILD)/,$(sort $(dir $(PG_SOURCES)))) && touch $@

install: pg
	@$(PGXS_MAKE) install

uninstall: $(PG_BUILD)/.folders
	@$(PGXS_MAKE) uninstall

sqlite:
	@cmake -S . -B build/cmake -DCMAKE_BUILD_TYPE=RelWithDebInfo -DADVISOR_WERROR=$(if $(WERROR),ON,OFF) >/dev/null
	+@cmake --build build/cmake --target db_advisor_sqlite db_advisor_sqlite_test_rules

deps:
	@tools/install_deps.sh

check:
	@tools/check.sh $(STEPS)

check-versions:
	@tools/check_versions.sh $(VERSIONS)

installcheck:
	@tools/check.sh installcheck

lint: all
	@tools/lint.sh

format:
	@tools/format.sh

dist:
	@tools/dist.sh

docs:
	@sh tools/collect_rules.sh docs . >docs/rules.md.new && mv docs/rules.md.new docs/rules.md

demo:
	@tools/demo.sh

bench-what-if: pg
	@bench/what_if/run.sh $(ARGS)

bench-overhead: pg
	@bench/overhead/run.sh $(ARGS)

bench-rules: pg
	@bench/rules/run.sh

bench-replay: pg
	@bench/replay/run.sh $(ARGS)

bench-index-quality: pg
	@bench/index_quality/run.sh $(or $(ARGS),tpch)

bench-sqlite: sqlite
	@bench/sqlite/run.sh $(or $(ARGS),development)

check-clients: sqlite
	@test/sqlite/clients/check_node.sh

fuzz-sqlite:
	@test/fuzz/run.sh $(ARGS)

clean:
	rm -rf build

else

root        = ../..
SOURCES     = $(patsubst $(root)/%,%,$(wildcard $(root)/core/*.cpp $(root)/core/*/*.cpp $(root)/pg_ext/*.cpp \
              $(root)/pg_ext/*/*.cpp $(root)/rules/*/*.pg.cpp))
BORDER_OBJS = $(patsubst $(root)/%.cpp,%.o,$(wildcard $(root)/test/border/*.cpp)) pg_ext/boundary.o
MODULE_big  = db_advisor
EXTENSION   = db_advisor
RELEASED    = $(wildcard $(root)/sql/released/*.sql)
FROM        = $(patsubst $(root)/sql/released/db_advisor--%.sql,%,$(RELEASED))
SCRIPT     := $(shell sed -n "s/^default_version = '\(.*\)'/\1/p" $(root)/db_advisor.control)
DATA        = $(RELEASED:$(root)/%=%)
DATA_built  = db_advisor--$(SCRIPT).sql $(FROM:%=db_advisor--%--$(SCRIPT).sql)
OBJS        = $(SOURCES:.cpp=.o)
DEPS        = $(OBJS:.o=.d) $(BORDER_OBJS:.o=.d)
EXTRA_CLEAN = $(DEPS) $(BORDER_OBJS) border_test.so
PG_CPPFLAGS = -I$(root) -DFMT_HEADER_ONLY
PG_CXXFLAGS = -std=c++20 -MMD -MP -fvisibility=hidden -fvisibility-inlines-hidden -fno-gnu-unique \
              -Wall -Wextra -Wshadow -Wpedantic -Wnon-virtual-dtor -Wno-cast-function-type $(WERROR)
SHLIB_LINK  = -lstdc++ -Wl,--version-script=$(root)/pg_ext/exports.map
override with_llvm := no
PGXS       := $(shell $(PG_CONFIG) --pgxs)
include $(PGXS)

$(shlib): $(root)/pg_ext/exports.map
$(DATA_built): $(wildcard $(root)/sql/*.sql $(root)/sql/*/ $(root)/sql/*/*.sql $(root)/rules/*/ $(root)/rules/*/*.sql) $(root)/tools/collect_rules.sh \
               $(root)/db_advisor.control
db_advisor--$(SCRIPT).sql:
	sh $(root)/tools/collect_rules.sh pg $(root) > $@.new && mv $@.new $@
db_advisor--%--$(SCRIPT).sql:
	sh $(root)/tools/collect_rules.sh update $(root) $* > $@.new && mv $@.new $@
border_test.so: $(BORDER_OBJS)
	$(CC) $(CFLAGS) $(CFLAGS_SL) -shared -o $@ $(BORDER_OBJS) $(LDFLAGS) $(LDFLAGS_SL) -lstdc++
-include $(DEPS)

endif
