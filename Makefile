# pawl: one Makefile.  CC CFLAGS LDFLAGS PREFIX DESTDIR are the user's.
#
#   make            the program and the benchmark suites, in build/
#   make check      everything again with sanitizers, in build/check/, and all tests
#   make lint       floors, format, warnings as errors with gcc and clang, shellcheck, yamllint
#   make bench      what pawl itself costs
#   make lab        how often rules are wrong and right, in checks made up and recorded; LAB_CHECKS=10000 LAB_SEED=1
#   make cross      programs and tests for AArch64, with its gcc; CROSS_ROOT=FOLDER says where its libraries are
#   make fuzz       libFuzzer programs, with clang, in build/fuzzer/
#   make format  make golden  make schema  make install  make clean
#
# A new .c file needs no edit here: every folder of checker/ goes into the program, every bench/NAME.c is a suite, linked
# with the folders of bench/, every tests/test_NAME.c is a test program, every tests/fuzz/fuzz_NAME.c a fuzz target with
# the inputs of tests/fuzz/corpus/NAME/.
#
#   make PLANT=compute_discount:2    the suites with a slowdown planted in one function

CFLAGS  ?= -O2 -g
PREFIX  ?= /usr/local
DESTDIR ?=
BUILD   ?= build
# Folders of checker/ that are built; preload/ is a library of its own.
ROOMS   ?= $(filter-out preload,$(patsubst checker/%/,%,$(wildcard checker/*/)))
# Extra flags of a whole build: sanitizers, -Werror.
EXTRA   ?=
PLANT   ?=
VERSION := 0.1.0
# What `pawl init` writes into a workflow: the repository and commit that this program is of, as ci/action-name says it.
ACTION  ?= OWNER/pawl/ci@COMMIT

SANITIZE := -fsanitize=address,undefined -fno-sanitize-recover=all
# Its layout changes from version to version, so the one that Debian 12 and Ubuntu 24.04 both have is asked first.
CLANG_FORMAT ?= $(firstword $(shell command -v clang-format-14 clang-format) clang-format)

LIBS     := yaml-0.1 libcjson libpcre2-8 zlib libelf libprotobuf-c
TESTLIBS := cmocka
ifneq ($(MAKECMDGOALS),clean)
ifneq ($(shell pkg-config --exists $(LIBS) 2>/dev/null && echo there),there)
$(error pkg-config does not know all of $(LIBS); `ci/install-deps demo` installs what a build needs)
endif
endif
WARN     := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes
PAWL_CPPFLAGS := -D_GNU_SOURCE -DPAWL_VERSION='"$(VERSION)"' -Ichecker $(shell pkg-config --cflags $(LIBS)) -DPCRE2_CODE_UNIT_WIDTH=8
PAWL_CFLAGS   := -std=c17 $(WARN) -fno-omit-frame-pointer $(CFLAGS) $(EXTRA)
PAWL_LDFLAGS  := $(LDFLAGS) $(EXTRA)
PAWL_LIBS     := $(shell pkg-config --libs $(LIBS)) -lstdc++ -lm

SOURCES := $(foreach room,$(ROOMS),$(sort $(wildcard checker/$(room)/*.c)))
OBJECTS := $(SOURCES:%.c=$(BUILD)/%.o)
TESTS   := $(sort $(wildcard tests/test_*.c))
TESTBIN := $(TESTS:tests/%.c=$(BUILD)/tests/%)
# Programs that tests run: with the harness in C, with the real google-benchmark in C++.
HELPERS := $(patsubst tests/%.c,$(BUILD)/tests/%,$(filter-out $(TESTS),$(sort $(wildcard tests/*.c))))
# Programs that samplers watch: with the flags that their names say, never with those of the build.
SAMPLED := $(addprefix $(BUILD)/tests/sampling/,drive deny work work_static work_frameless work_stripped work_asan work_signed bench hold hostile plugin_a.so plugin_b.so)
GBENCH  := $(patsubst tests/%.cc,$(BUILD)/tests/%,$(sort $(wildcard tests/gbench/*.cc)))
FUZZ    := $(patsubst tests/fuzz/fuzz_%.c,%,$(sort $(wildcard tests/fuzz/fuzz_*.c)))
REPLAYS := $(FUZZ:%=$(BUILD)/fuzz/replay_%)
FUZZERS := $(FUZZ:%=$(BUILD)/fuzzer/fuzz_%)

# What protoc-c makes of the small messages of profiles; like a system's header it is not checked for warnings.
PROTO   := $(BUILD)/generated/profile.pb-c
OBJECTS += $(PROTO).o
PAWL_CPPFLAGS += -isystem $(BUILD)/generated

SUITES       := $(patsubst bench/%.c,$(BUILD)/bench/%,$(sort $(wildcard bench/*.c)))
# Their objects stand apart: build/bench/NAME is the program.
SUITE_COMMON := $(patsubst %.c,$(BUILD)/obj/%.o,$(sort $(wildcard bench/*/*.c)))
HARNESS      := $(filter $(BUILD)/obj/bench/harness/%,$(SUITE_COMMON))
PLANTS       := $(filter %/plant.o,$(SUITE_COMMON))

# The laboratory: programs of their own, and what a test of it links.
LAB_CHECKS  ?= 1000
LAB_SEED    ?= 1
LAB_MAINS   := $(filter $(addprefix $(BUILD)/tests/lab/,lab.o convert.o visible.o attribution.o),$(patsubst %.c,$(BUILD)/%.o,$(wildcard tests/lab/*.c)))
LAB_OBJECTS := $(filter-out $(LAB_MAINS),$(patsubst %.c,$(BUILD)/%.o,$(sort $(wildcard tests/lab/*.c))))
LAB         := $(LAB_MAINS:$(BUILD)/tests/lab/%.o=$(BUILD)/lab/%)

.PHONY: lab lab-programs schema cross
.PHONY: all pages suites tests helpers replays fuzz fuzzers check lint bench format golden install clean
.PHONY: $(addprefix lint-,floors headers format gcc clang scripts yaml)
# Objects of suites stand only in a pattern; make must not remove them.
.PRECIOUS: $(BUILD)/obj/bench/%.o
.DELETE_ON_ERROR:

all: $(BUILD)/pawl suites pages

# A stamp is written when its text changes, and what depends on it is then built again.
define stamp
$(if $(subst x$2.,,x$(file <$1)),$(shell mkdir -p $(BUILD))$(file >$1,$2.))
endef
ifeq ($(filter clean format,$(MAKECMDGOALS)),)
$(call stamp,$(BUILD)/flags,$(CC) $(PAWL_CPPFLAGS) $(PAWL_CFLAGS) $(CPPFLAGS))
$(call stamp,$(BUILD)/plant,$(PLANT))
endif

$(BUILD)/pawl: $(BUILD)/checker/main.o $(BUILD)/libpawl.a
	$(CC) $(PAWL_CFLAGS) -o $@ $^ $(PAWL_LDFLAGS) $(PAWL_LIBS)

# Manual pages and completions, printed from the rows of commands, options and keys.
pages: $(BUILD)/man/stamp

$(BUILD)/man/stamp: $(BUILD)/pawl
	@rm -rf $(@D) $(BUILD)/completion
	@mkdir -p $(@D) $(BUILD)/completion
	pages=$$($< help --man list) && for page in $$pages; do $< help --man $$page >$(@D)/$$page || exit 1; done
	for shell in bash zsh fish; do $< help --completion $$shell >$(BUILD)/completion/$$shell || exit 1; done
	@touch $@

$(BUILD)/libpawl.a: $(OBJECTS)
	@rm -f $@
	ar rcs $@ $^

$(BUILD)/%.o: %.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(CC) $(PAWL_CPPFLAGS) $(PAWL_CFLAGS) $(CPPFLAGS) -MMD -MP -c -o $@ $<

$(PROTO).c $(PROTO).h &: checker/profile/profile.proto
	@mkdir -p $(@D)
	protoc-c --proto_path=$(<D) --c_out=$(@D) $<

$(PROTO).o: $(PROTO).c $(BUILD)/flags
	$(CC) $(PAWL_CPPFLAGS) $(CFLAGS) $(EXTRA) $(CPPFLAGS) -w -c -o $@ $<

$(filter $(BUILD)/checker/profile/%,$(OBJECTS)): $(PROTO).h

$(BUILD)/checker/flow/starter_workflow.o: PAWL_CPPFLAGS += -DPAWL_ACTION='"$(ACTION)"'

suites: $(SUITES)

# The library that samplers put into programs.  It goes into pawl, and never has sanitizers: it must not be noticed.
PRELOAD_CFLAGS := -std=c17 $(WARN) -O2 -g -fPIC -fno-omit-frame-pointer -fvisibility=hidden

$(BUILD)/libpawl-preload.so: $(sort $(wildcard checker/preload/*.[ch])) $(BUILD)/flags
	$(CC) -D_GNU_SOURCE -Ichecker $(PRELOAD_CFLAGS) $(filter -Werror,$(EXTRA)) -shared -o $@ $(filter %.c,$^) -Wl,-z,now,-z,defs

$(BUILD)/checker/sampler/preload_library.o: $(BUILD)/libpawl-preload.so
$(BUILD)/checker/sampler/preload_library.o: PAWL_CPPFLAGS += -DPRELOAD_LIBRARY='"$(BUILD)/libpawl-preload.so"'

# What the assembler takes in.
$(BUILD)/checker/report/html_assets.o: checker/report/html.css checker/report/html.js
$(BUILD)/checker/draw/flame_block.o: checker/draw/flame.css checker/draw/flame.js
$(BUILD)/checker/view/picture.o: checker/view/page.css checker/view/page.js

$(BUILD)/obj/%.o: %.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(CC) -D_GNU_SOURCE -Ibench $(PAWL_CFLAGS) $(CPPFLAGS) $(OBJECT_CPPFLAGS) -MMD -MP -c -o $@ $<

# The plant is data in one object, so that nothing else is built anew for another one.
$(PLANTS): $(BUILD)/plant
$(PLANTS): OBJECT_CPPFLAGS = -DPLANT='"$(PLANT)"'

$(BUILD)/bench/%: $(BUILD)/obj/bench/%.o $(SUITE_COMMON)
	@mkdir -p $(@D)
	$(CC) $(PAWL_CFLAGS) -o $@ $^ $(PAWL_LDFLAGS) -lm -pthread

# Tests.

tests: $(TESTBIN)
helpers: $(HELPERS) $(GBENCH) $(SAMPLED)
replays: $(REPLAYS)

$(BUILD)/tests/test_%: tests/test_%.c $(BUILD)/libpawl.a $(BUILD)/flags
	@mkdir -p $(@D)
	$(CC) $(PAWL_CPPFLAGS) $(PAWL_CFLAGS) $(CPPFLAGS) -MMD -MP -o $@ $< $(BUILD)/libpawl.a $(PAWL_LDFLAGS) \
		$(PAWL_LIBS) $(shell pkg-config --libs $(TESTLIBS))

$(BUILD)/tests/test_lab: tests/test_lab.c $(LAB_OBJECTS) $(BUILD)/libpawl.a $(BUILD)/flags
	@mkdir -p $(@D)
	$(CC) $(PAWL_CPPFLAGS) $(PAWL_CFLAGS) $(CPPFLAGS) -MMD -MP -o $@ $< $(LAB_OBJECTS) $(BUILD)/libpawl.a \
		$(PAWL_LDFLAGS) $(PAWL_LIBS) $(shell pkg-config --libs $(TESTLIBS))

$(BUILD)/tests/symbol/%: tests/symbol/%.c $(BUILD)/libpawl.a $(BUILD)/flags
	@mkdir -p $(@D)
	$(CC) $(PAWL_CPPFLAGS) $(PAWL_CFLAGS) $(CPPFLAGS) -o $@ $< $(BUILD)/libpawl.a $(PAWL_LDFLAGS) $(PAWL_LIBS)

$(BUILD)/tests/%: tests/%.c $(HARNESS) $(BUILD)/flags
	@mkdir -p $(@D)
	$(CC) -D_GNU_SOURCE -Ibench $(PAWL_CFLAGS) $(CPPFLAGS) -MMD -MP -o $@ $< $(HARNESS) $(PAWL_LDFLAGS) -lm -pthread

SAMPLED_ASAN := -fsanitize=address
SAMPLED_CFLAGS = -D_GNU_SOURCE -std=c17 -Wall -Wextra $(filter -Werror,$(EXTRA)) -O2 -g -fno-omit-frame-pointer
$(BUILD)/tests/sampling/work_static: SAMPLED_CFLAGS += -static
$(BUILD)/tests/sampling/work_frameless: SAMPLED_CFLAGS += -fomit-frame-pointer
$(BUILD)/tests/sampling/work_stripped: SAMPLED_CFLAGS += -s
$(BUILD)/tests/sampling/work_asan: SAMPLED_CFLAGS += $(SAMPLED_ASAN)
# What distributions build with: signed return addresses on AArch64, landing pads of indirect jumps on x86-64.
$(BUILD)/tests/sampling/work_signed: SAMPLED_CFLAGS += $(if $(findstring aarch64,$(shell $(CC) -dumpmachine)),-mbranch-protection=standard,-fcf-protection=full)

$(BUILD)/tests/sampling/drive: tests/sampling/drive.c $(BUILD)/libpawl.a $(BUILD)/flags
	@mkdir -p $(@D)
	$(CC) $(PAWL_CPPFLAGS) $(PAWL_CFLAGS) $(CPPFLAGS) -MMD -MP -o $@ $< $(BUILD)/libpawl.a $(PAWL_LDFLAGS) $(PAWL_LIBS)

$(BUILD)/tests/sampling/work%: tests/sampling/work.c
	@mkdir -p $(@D)
	$(CC) $(SAMPLED_CFLAGS) -o $@ $< -pthread

$(BUILD)/tests/sampling/plugin_%.so: tests/sampling/plugin.c
	@mkdir -p $(@D)
	$(CC) $(SAMPLED_CFLAGS) -DNAME=plugin_$* -fPIC -shared -o $@ $<

$(BUILD)/tests/sampling/%: tests/sampling/%.c
	@mkdir -p $(@D)
	$(CC) $(SAMPLED_CFLAGS) -o $@ $< -pthread

$(BUILD)/tests/gbench/%: tests/gbench/%.cc
	@mkdir -p $(@D)
	$(CXX) -O2 -g -fno-omit-frame-pointer -o $@ $< -lbenchmark -lpthread

$(BUILD)/fuzz/replay_%: tests/fuzz/fuzz_%.c tests/fuzz/replay.c $(BUILD)/libpawl.a $(BUILD)/flags
	@mkdir -p $(@D)
	$(CC) $(PAWL_CPPFLAGS) $(PAWL_CFLAGS) $(CPPFLAGS) -o $@ $(filter %.c,$^) $(BUILD)/libpawl.a $(PAWL_LDFLAGS) $(PAWL_LIBS)

$(BUILD)/fuzzer/fuzz_%: tests/fuzz/fuzz_%.c $(BUILD)/libpawl.a
	@mkdir -p $(@D)
	$(CC) $(PAWL_CPPFLAGS) $(PAWL_CFLAGS) $(CPPFLAGS) -fsanitize=fuzzer -o $@ $(filter %.c,$^) $(BUILD)/libpawl.a $(PAWL_LDFLAGS) $(PAWL_LIBS)

# What a target reads that is no part of the program.
$(BUILD)/fuzz/replay_trace $(BUILD)/fuzzer/fuzz_trace: tests/lab/trace.c

fuzzers: $(FUZZERS)

fuzz:
	$(MAKE) BUILD=$(BUILD)/fuzzer CC=clang EXTRA="$(SANITIZE) -fsanitize=fuzzer-no-link" fuzzers
	@echo "run one: $(BUILD)/fuzzer/fuzzer/fuzz_NAME -max_total_time=60 NEW_FOLDER tests/fuzz/corpus/NAME"

check:
	$(MAKE) BUILD=$(BUILD)/check EXTRA="$(SANITIZE)" all tests helpers replays lab-programs
	tests/run.sh $(BUILD)/check

golden:
	$(MAKE) BUILD=$(BUILD)/check EXTRA="$(SANITIZE)" all tests helpers
	PAWL_GOLDEN=write tests/run.sh $(BUILD)/check

# What tests/cli/schema.sh holds against the program.
schema: $(BUILD)/pawl
	$< help --schema >docs/schema/pawl.schema.json

bench: all $(BUILD)/tests/big_profile $(BUILD)/tests/symbol/lookups
	tests/bench.sh $(BUILD)
	tests/bench_symbol.sh $(BUILD)

lab-programs: $(LAB)

$(LAB): $(BUILD)/lab/%: $(BUILD)/tests/lab/%.o $(LAB_OBJECTS) $(BUILD)/libpawl.a
	@mkdir -p $(@D)
	$(CC) $(PAWL_CFLAGS) -o $@ $(filter %.o,$^) $(BUILD)/libpawl.a $(PAWL_LDFLAGS) $(PAWL_LIBS)

lab: lab-programs
	$(BUILD)/lab/lab --checks $(LAB_CHECKS) --seed $(LAB_SEED) --csv $(BUILD)/lab/raw.csv | tee $(BUILD)/lab/table.md
	$(BUILD)/lab/attribution $(LAB_CHECKS) $(LAB_SEED) | tee $(BUILD)/lab/attribution.md

# Style.

C_FILES  := $(sort $(shell find checker bench tests -name golden -prune -o -name '*.[ch]' -print))
# What command-line tests read is checked with each test that reads it.
SCRIPTS   = $(sort $(shell grep -slE '^\#!.*sh$$' ci/* ci/action/* .ci/* docs/*.sh tests/*.sh tests/lab/*.sh) $(shell grep -l '^finish$$' tests/cli/*.sh))
YAML      = $(sort $(shell find . -name build -prune -o -name golden -prune -o -name fuzz -prune -o -name '*.y*ml' -print))

format:
	$(CLANG_FORMAT) -i $(C_FILES)

lint: lint-floors lint-headers lint-format lint-gcc lint-clang lint-scripts lint-yaml

lint-floors:
	tests/floors.sh

# Every header can be included first and alone.
lint-headers:
	@for h in $(filter checker/%.h bench/%.h,$(C_FILES)); do \
		$(CC) -fsyntax-only -std=c17 $(WARN) -Werror $(PAWL_CPPFLAGS) -Ibench -x c $$h || \
			{ echo "$$h cannot be included first and alone"; exit 1; }; \
	done

lint-format:
	$(CLANG_FORMAT) --dry-run -Werror $(C_FILES)

# Clang's libraries of sanitizers are a package of their own, which warnings do not need.
lint-gcc lint-clang: lint-%:
	$(MAKE) BUILD=$(BUILD)/lint-$* CC=$* EXTRA=-Werror SAMPLED_ASAN= all tests helpers replays lab-programs

# For another processor: its gcc, and the libraries below CROSS_ROOT, or where multiarch puts them.
CROSS      ?= aarch64-linux-gnu
CROSS_ROOT ?=

cross:
	@command -v $(CROSS)-gcc >/dev/null || { echo "$(CROSS)-gcc is missing: apt-get install g++-$(CROSS)"; exit 1; }
	PKG_CONFIG_SYSROOT_DIR=$(CROSS_ROOT) \
	PKG_CONFIG_LIBDIR=$(CROSS_ROOT)/usr/lib/$(CROSS)/pkgconfig:$(CROSS_ROOT)/usr/share/pkgconfig \
	$(MAKE) BUILD=$(BUILD)/cross EXTRA=-Werror CC="$(CROSS)-gcc $(CROSS_ROOT:%=--sysroot=%)" \
		CXX="$(CROSS)-g++ $(CROSS_ROOT:%=--sysroot=%)" \
		$(BUILD)/cross/pawl suites tests helpers replays lab-programs

lint-scripts:
	shellcheck -x $(SCRIPTS)

lint-yaml:
	yamllint -s -c .yamllint $(YAML)

install: $(BUILD)/pawl pages
	install -D -m 755 $(BUILD)/pawl $(DESTDIR)$(PREFIX)/bin/pawl
	install -d $(DESTDIR)$(PREFIX)/share/doc/pawl
	install -m 644 LICENSE README.md CHANGELOG.md $(wildcard docs/*.md) $(DESTDIR)$(PREFIX)/share/doc/pawl
	install -D -m 644 -t $(DESTDIR)$(PREFIX)/share/doc/pawl/schema docs/schema/*.json
	set -e; for page in $(BUILD)/man/*.[1-8]; do \
		install -D -m 644 -t $(DESTDIR)$(PREFIX)/share/man/man$${page##*.} $$page; \
	done
	install -D -m 644 $(BUILD)/completion/bash $(DESTDIR)$(PREFIX)/share/bash-completion/completions/pawl
	install -D -m 644 $(BUILD)/completion/zsh $(DESTDIR)$(PREFIX)/share/zsh/site-functions/_pawl
	install -D -m 644 $(BUILD)/completion/fish $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/pawl.fish

clean:
	rm -rf $(BUILD) pawl-report

-include $(OBJECTS:.o=.d) $(LAB_OBJECTS:.o=.d) $(LAB_MAINS:.o=.d) $(TESTBIN:=.d) $(HELPERS:=.d) $(BUILD)/tests/sampling/drive.d $(BUILD)/checker/main.d
-include $(SUITE_COMMON:.o=.d) $(SUITES:$(BUILD)/bench/%=$(BUILD)/obj/bench/%.d)
