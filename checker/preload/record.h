/*
 * What the preloaded library and pawl share: an area of memory with slots, that any process and thread writes to and pawl
 * alone reads.
 *
 * A writer takes the slot `head`, fills it, and sets `ready` to its number + 1; the reader goes on from `tail`.  Writers
 * that find all slots taken count what they lose.  Everything in the area is the watched program's: pawl trusts none of it.
 */
#ifndef PAWL_PRELOAD_RECORD_H
#define PAWL_PRELOAD_RECORD_H

#include <stdint.h>

#define PRELOAD_VARIABLE "PAWL_SAMPLER" /* in the environment: the path of the area */
#define PRELOAD_FILE     "libpawl-preload.so"

enum {
	PRELOAD_MAGIC = 0x6c776170, /* "pawl" */
	PRELOAD_VERSION = 2,
	PRELOAD_SLOTS = 4096,
	PRELOAD_CHAIN_MAX = 128, /* what the kernel's own chains hold */
	PRELOAD_REGISTERS = 13,
	PRELOAD_STACK_SIZE = 2048,
	PRELOAD_TEXT_SIZE = 3072,
};

enum preload_engine { PRELOAD_TIMER = 1, PRELOAD_ITIMER = 2 };

/* Why there are fewer samples; bits. */
enum preload_note {
	PRELOAD_NOTE_TIMER_REFUSED = 1, /* timer_create or setitimer failed */
	PRELOAD_NOTE_SIGNAL_TAKEN = 2,  /* the program uses SIGPROF itself */
	PRELOAD_NOTE_TOO_MANY_THREADS = 4,
	PRELOAD_NOTE_CALLS_LIMITED = 8,    /* the program allows itself few system calls */
	PRELOAD_NOTE_PROGRAM_REFUSES = 16, /* one that is executed does not take the library */
};

enum preload_kind {
	PRELOAD_PROCESS = 1, /* a program started in `pid` */
	PRELOAD_MAP,         /* `text`: a line of /proc/PID/maps with code */
	PRELOAD_FORK,        /* `pid` is a new process, a copy of `parent` */
	PRELOAD_SAMPLE,
	PRELOAD_UNLOAD, /* code that is mapped no more */
};

struct preload_range {
	uint64_t start, limit;
};

struct preload_unload {
	struct preload_range range; /* empty: only the number is told */
	uint64_t number;            /* of preload_area's unload_count, when it began */
};

struct preload_sample {
	uint32_t missed; /* further expirations of the timer that this signal stands for */
	uint64_t cpu_ns; /* PRELOAD_ITIMER: what the process used since its last sample */
	uint32_t chain_count;
	uint64_t chain[PRELOAD_CHAIN_MAX]; /* return addresses by frame pointers, without the instruction */
	uint64_t pc, sp;
	uint64_t registers[PRELOAD_REGISTERS]; /* by the list of preload_registers */
	uint32_t stack_size;
	uint64_t stack[PRELOAD_STACK_SIZE / 8]; /* from sp on */
};

struct preload_slot {
	uint64_t ready;
	uint32_t kind, pid, tid, parent;
	union {
		char text[PRELOAD_TEXT_SIZE];
		struct preload_sample sample;
		struct preload_unload unload;
	};
};

struct preload_area {
	uint32_t magic, version, slot_count, slot_size;
	uint32_t engine;
	uint32_t notes;
	int64_t period_ns;
	uint64_t process_count; /* programs that took part */
	uint64_t unload_count;  /* how often a library began to be unloaded */
	_Alignas(64) uint64_t head;
	uint64_t lost;
	_Alignas(64) uint64_t tail;
	_Alignas(4096) struct preload_slot slots[PRELOAD_SLOTS];
};

/* DWARF's numbers of the registers that callers keep, and the stack pointer's last. */
#if defined(__x86_64__)
#define PRELOAD_REGISTER_LIST                                                                                          \
	{                                                                                                              \
		3, 6, 12, 13, 14, 15, 7                                                                                \
	}
enum { PRELOAD_REGISTER_COUNT = 7 };
#elif defined(__aarch64__)
#define PRELOAD_REGISTER_LIST                                                                                          \
	{                                                                                                              \
		19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31                                                     \
	}
enum { PRELOAD_REGISTER_COUNT = 13 };
#else
#error "this machine's registers are not known here"
#endif

#endif
