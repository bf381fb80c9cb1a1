# pawl: one Makefile.  CC CFLAGS LDFLAGS PREFIX DESTDIR are the user's.
#
#   make            the program and the benchmark suites, in build/
#   make check      everything again with sanitizers, in build/check/, and all tests
#   make lint       floors, format, warnings as errors with gcc and clang, shellcheck, yamllint
#   make bench      what pawl itself costs
#   make format  make golden  make install  make clean
#
# A new .c file needs no edit here.

CFLAGS  ?= -O2 -g
PREFIX  ?= /usr/local
DESTDIR ?=
BUILD   ?= build
# Folders of checker/ that are built.
ROOMS   ?= base model stats git suite input store report flow cmd
# Extra flags of a whole build: sanitizers, -Werror.
EXTRA   ?=
VERSION := 0.1.0

LIBS     := yaml-0.1 libcjson libpcre2-8 zlib
TESTLIBS := cmocka
WARN     := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes
PAWL_CPPFLAGS := -D_GNU_SOURCE -DPAWL_VERSION='"$(VERSION)"' -Ichecker $(shell pkg-config --cflags $(LIBS)) -DPCRE2_CODE_UNIT_WIDTH=8
PAWL_CFLAGS   := -std=c17 $(WARN) -fno-omit-frame-pointer $(CFLAGS) $(EXTRA)
PAWL_LDFLAGS  := $(LDFLAGS) $(EXTRA)
PAWL_LIBS     := $(shell pkg-config --libs $(LIBS)) -lm

SOURCES := $(foreach room,$(ROOMS),$(sort $(wildcard checker/$(room)/*.c)))
OBJECTS := $(SOURCES:%.c=$(BUILD)/%.o)
TESTS   := $(sort $(wildcard tests/test_*.c))
TESTBIN := $(TESTS:tests/%.c=$(BUILD)/tests/%)
SUITES  := $(filter-out bench/bench.c,$(sort $(wildcard bench/*.c)))

.PHONY: all tests check lint bench format golden install clean suites
.SECONDARY:

all: $(BUILD)/pawl suites

$(BUILD)/pawl: $(BUILD)/checker/main.o $(BUILD)/libpawl.a
	$(CC) $(PAWL_CFLAGS) -o $@ $^ $(PAWL_LDFLAGS) $(PAWL_LIBS)

$(BUILD)/libpawl.a: $(OBJECTS)
	@rm -f $@
	ar rcs $@ $^

$(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(PAWL_CPPFLAGS) $(PAWL_CFLAGS) $(CPPFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/tests/test_%: tests/test_%.c $(BUILD)/libpawl.a
	@mkdir -p $(@D)
	$(CC) $(PAWL_CPPFLAGS) $(PAWL_CFLAGS) $(CPPFLAGS) -MMD -MP -o $@ $< $(BUILD)/libpawl.a $(PAWL_LDFLAGS) \
		$(PAWL_LIBS) $(shell pkg-config --libs $(TESTLIBS))

tests: $(TESTBIN)

-include $(OBJECTS:.o=.d) $(TESTBIN:=.d) $(BUILD)/checker/main.d
