# db_advisor: `make demo` and `make check` are the two commands to begin with; `make` builds both modules.
#
#   make              build/pg<major>/db_advisor.so (server module) and build/sqlite/db_advisor.so
#   make sqlite       the SQLite module only
#   make install      the server module, through PGXS; PG_CONFIG=… picks the server, DESTDIR=… stages
#
# The server module is built by PGXS inside build/pg<major>, which calls this file again with
# ADVISOR_PGXS set. All paths in it are relative, so that a checkout below a path with spaces works.
PG_CONFIG ?= pg_config

ifndef ADVISOR_PGXS

PG_MAJOR  := $(shell $(PG_CONFIG) --version 2>/dev/null | sed 's/^[^0-9]*\([0-9]*\).*/\1/')
PG_BUILD  := build/pg$(PG_MAJOR)
PGXS_MAKE  = +$(MAKE) --no-print-directory -C $(PG_BUILD) -f ../../Makefile ADVISOR_PGXS=1 PG_CONFIG='$(PG_CONFIG)'

.PHONY: all pg sqlite install uninstall clean
all: pg sqlite

pg:
	@mkdir -p $(addprefix $(PG_BUILD)/,$(sort $(dir $(wildcard core/*.cpp core/*/*.cpp pg_ext/*.cpp pg_ext/*/*.cpp rules/*/*.pg.cpp))))
	@$(PGXS_MAKE) all

install: pg
	@$(PGXS_MAKE) install

uninstall:
	@$(PGXS_MAKE) uninstall

sqlite:
	@cmake -S . -B build/cmake -DCMAKE_BUILD_TYPE=RelWithDebInfo >/dev/null
	@cmake --build build/cmake --target db_advisor_sqlite

clean:
	rm -rf build

else

root        = ../..
SOURCES     = $(patsubst $(root)/%,%,$(wildcard $(root)/core/*.cpp $(root)/core/*/*.cpp $(root)/pg_ext/*.cpp \
              $(root)/pg_ext/*/*.cpp $(root)/rules/*/*.pg.cpp))
MODULE_big  = db_advisor
EXTENSION   = db_advisor
DATA_built  = db_advisor--0.1.sql
OBJS        = $(SOURCES:.cpp=.o)
DEPS        = $(OBJS:.o=.d)
EXTRA_CLEAN = $(DEPS)
PG_CPPFLAGS = -I$(root) -DFMT_HEADER_ONLY
PG_CXXFLAGS = -std=c++20 -MMD -MP -fvisibility=hidden -fvisibility-inlines-hidden -fno-gnu-unique \
              -Wall -Wextra -Wshadow -Wpedantic -Wnon-virtual-dtor -Wno-cast-function-type $(WERROR)
SHLIB_LINK  = -lstdc++ -Wl,--version-script=$(root)/pg_ext/exports.map
override with_llvm := no
PGXS       := $(shell $(PG_CONFIG) --pgxs)
include $(PGXS)

$(shlib): $(root)/pg_ext/exports.map
db_advisor--0.1.sql: $(root)/sql/db_advisor--0.1.sql $(wildcard $(root)/rules/*/*.pg.sql) $(root)/tools/collect_rules.sh
	sh $(root)/tools/collect_rules.sh pg $(root) > $@.new && mv $@.new $@
-include $(DEPS)

endif
