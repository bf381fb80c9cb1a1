/* Records of perf_event_open, read with bounds: samples, mappings, processes, losses. */
#include "sampler/perf_record.h"

#include <asm/perf_regs.h>
#include <stddef.h>
#include <string.h>
#include <sys/sysmacros.h>

enum { CHAIN_MAX = 1024 };

#if defined(__x86_64__)
enum { REGISTER_PC = PERF_REG_X86_IP, REGISTER_SP = PERF_REG_X86_SP, STACK_POINTER = UNWIND_X86_64_RSP };
static const struct {
	unsigned char perf, unwind;
} registers[] = {
	{PERF_REG_X86_BX, UNWIND_X86_64_RBX},  {PERF_REG_X86_BP, UNWIND_X86_64_RBP},
	{PERF_REG_X86_SP, UNWIND_X86_64_RSP},  {PERF_REG_X86_R12, UNWIND_X86_64_R12},
	{PERF_REG_X86_R13, UNWIND_X86_64_R13}, {PERF_REG_X86_R14, UNWIND_X86_64_R14},
	{PERF_REG_X86_R15, UNWIND_X86_64_R15},
};
#elif defined(__aarch64__)
enum { REGISTER_PC = PERF_REG_ARM64_PC, REGISTER_SP = PERF_REG_ARM64_SP, STACK_POINTER = UNWIND_AARCH64_SP };
static const struct {
	unsigned char perf, unwind;
} registers[] = {
	{PERF_REG_ARM64_X19, 19},
	{PERF_REG_ARM64_X20, 20},
	{PERF_REG_ARM64_X21, 21},
	{PERF_REG_ARM64_X22, 22},
	{PERF_REG_ARM64_X23, 23},
	{PERF_REG_ARM64_X24, 24},
	{PERF_REG_ARM64_X25, 25},
	{PERF_REG_ARM64_X26, 26},
	{PERF_REG_ARM64_X27, 27},
	{PERF_REG_ARM64_X28, 28},
	{PERF_REG_ARM64_X29, UNWIND_AARCH64_FP},
	{PERF_REG_ARM64_LR, UNWIND_AARCH64_LR},
	{PERF_REG_ARM64_SP, 31},
};
#endif

/* What is left to read of a record. */
struct cursor {
	const unsigned char *at;
	size_t left;
	bool broken;
};

static const void *take(struct cursor *c, size_t size)
{
	const void *at = c->at;

	if (c->broken || size > c->left) {
		c->broken = true;
		return NULL;
	}
	c->at += size;
	c->left -= size;
	return at;
}

static uint64_t take_u64(struct cursor *c)
{
	const void *at = take(c, 8);
	uint64_t value = 0;

	if (at)
		memcpy(&value, at, sizeof value);
	return value;
}

static uint32_t take_u32(struct cursor *c)
{
	const void *at = take(c, 4);
	uint32_t value = 0;

	if (at)
		memcpy(&value, at, sizeof value);
	return value;
}

/* A text that ends within `size` bytes. */
static struct str take_text(struct cursor *c, size_t size)
{
	const char *at = take(c, size);

	return at ? (struct str){at, strnlen(at, size)} : (struct str){"", 0};
}

uint64_t perf_record_sample_type(void)
{
	return PERF_SAMPLE_IP | PERF_SAMPLE_TID | PERF_SAMPLE_TIME | PERF_SAMPLE_PERIOD | PERF_SAMPLE_CALLCHAIN |
	       PERF_SAMPLE_REGS_USER | PERF_SAMPLE_STACK_USER;
}

uint64_t perf_record_registers(void)
{
	uint64_t mask = UINT64_C(1) << REGISTER_PC;

	for (size_t i = 0; i < sizeof registers / sizeof registers[0]; i++)
		mask |= UINT64_C(1) << registers[i].perf;
	return mask;
}

/* Registers come in the order of their numbers, those alone that were asked for. */
static void take_registers(struct cursor *c, struct unwind_registers *out)
{
	uint64_t abi = take_u64(c), mask = perf_record_registers();

	*out = (struct unwind_registers){0};
	if (abi == PERF_SAMPLE_REGS_ABI_NONE)
		return;
	for (unsigned number = 0; number < 64; number++) {
		uint64_t value;

		if (!(mask >> number & 1))
			continue;
		value = take_u64(c);
		if (number == REGISTER_PC)
			out->pc = value;
		for (size_t i = 0; i < sizeof registers / sizeof registers[0]; i++)
			if (registers[i].perf == number)
				unwind_set(out, registers[i].unwind, value);
	}
	if (abi != PERF_SAMPLE_REGS_ABI_64)
		out->known = 0;
}

static void take_stack(struct cursor *c, struct raw_sample *sample)
{
	uint64_t size = take_u64(c), filled;
	const void *bytes;

	if (!size)
		return;
	bytes = take(c, size);
	filled = take_u64(c);
	if (c->broken || filled > size || !sample->registers.known)
		return;
	sample->top = (struct unwind_stack){
		.address = sample->registers.value[STACK_POINTER], .bytes = bytes, .size = filled};
}

/* The user's part of a chain: the kernel marks where each part begins. */
static size_t take_chain(struct cursor *c, uint64_t chain[CHAIN_MAX])
{
	uint64_t count = take_u64(c);
	bool user = false;
	size_t kept = 0;

	if (count > c->left / 8) {
		c->broken = true;
		return 0;
	}
	for (uint64_t i = 0; i < count; i++) {
		uint64_t address = take_u64(c);

		if (address >= PERF_CONTEXT_MAX)
			user = address == PERF_CONTEXT_USER;
		else if (user && kept < CHAIN_MAX)
			chain[kept++] = address;
	}
	return kept;
}

static void use_sample(struct perf_reader *r, const struct perf_event_header *header, struct cursor *c)
{
	unsigned mode = header->misc & PERF_RECORD_MISC_CPUMODE_MASK;
	struct raw_sample sample = {.in_kernel = mode == PERF_RECORD_MISC_KERNEL};
	uint64_t chain[CHAIN_MAX], ip = take_u64(c);

	sample.pid = take_u32(c);
	sample.tid = take_u32(c);
	take_u64(c); /* time */
	take_u64(c); /* period: fixed, so that a sample is a sample */
	sample.chain_count = take_chain(c, chain);
	take_registers(c, &sample.registers);
	take_stack(c, &sample);
	if (c->broken)
		return;
	if (!sample.chain_count && mode == PERF_RECORD_MISC_USER) {
		chain[0] = ip;
		sample.chain_count = 1;
	}
	sample.chain = chain;
	collect_sample(r->collect, &sample);
}

static void use_mapping(struct perf_reader *r, const struct perf_event_header *header, struct cursor *c)
{
	struct collect_mapping m = {0};
	const unsigned char *file;
	uint32_t pid = take_u32(c);

	take_u32(c);
	m.start = take_u64(c);
	m.limit = m.start + take_u64(c);
	m.offset = take_u64(c);
	file = take(c, 24);
	take_u64(c); /* protection and flags */
	if (!file)
		return;
	if (header->misc & PERF_RECORD_MISC_MMAP_BUILD_ID) {
		m.key.build_id_size = file[0] <= IMAGE_BUILD_ID_MAX ? file[0] : 0;
		memcpy(m.key.build_id, file + 4, m.key.build_id_size);
	} else {
		uint32_t major, minor;

		memcpy(&major, file, 4);
		memcpy(&minor, file + 4, 4);
		memcpy(&m.key.inode, file + 8, 8);
		m.key.device = makedev(major, minor);
	}
	m.key.path = take_text(c, c->left);
	/* Of what is no file, the offset is made up. */
	if (!m.key.path.size || m.key.path.at[0] != '/' || m.key.path.at[1] == '/')
		m.offset = 0;
	if (!c->broken)
		collect_map(r->collect, pid, &m);
}

static void use_name(struct perf_reader *r, const struct perf_event_header *header, struct cursor *c)
{
	uint32_t pid = take_u32(c), tid = take_u32(c);
	struct str name = take_text(c, c->left);

	if (c->broken)
		return;
	if (header->misc & PERF_RECORD_MISC_COMM_EXEC)
		collect_exec(r->collect, pid);
	collect_name(r->collect, tid, name);
}

static void use_task(struct perf_reader *r, const struct perf_event_header *header, struct cursor *c)
{
	uint32_t pid = take_u32(c), parent_pid = take_u32(c), tid = take_u32(c), parent_tid = take_u32(c);

	if (c->broken)
		return;
	if (header->type == PERF_RECORD_FORK)
		collect_fork(r->collect, pid, tid, parent_pid, parent_tid);
	else if (pid == tid)
		collect_exit(r->collect, pid);
}

static void add_lost(struct perf_reader *r, uint64_t count)
{
	const int64_t most = INT64_MAX / 2;

	r->lost_count += count < (uint64_t)(most - r->lost_count) ? (int64_t)count : most - r->lost_count;
}

void perf_record_use(void *reader, const struct perf_record *record)
{
	const struct perf_event_header *header = record->header;
	struct perf_reader *r = reader;
	struct cursor c = {.at = (const unsigned char *)(header + 1), .left = header->size - sizeof *header};

	/* Behind everything but samples stand pid and tid, and the time. */
	if (header->type != PERF_RECORD_SAMPLE) {
		if (c.left < 16)
			return;
		c.left -= 16;
	}
	switch (header->type) {
	case PERF_RECORD_SAMPLE:
		use_sample(r, header, &c);
		break;
	case PERF_RECORD_MMAP2:
		use_mapping(r, header, &c);
		break;
	case PERF_RECORD_COMM:
		use_name(r, header, &c);
		break;
	case PERF_RECORD_FORK:
	case PERF_RECORD_EXIT:
		use_task(r, header, &c);
		break;
	case PERF_RECORD_LOST:
		take_u64(&c);
		add_lost(r, take_u64(&c));
		break;
	case PERF_RECORD_LOST_SAMPLES:
		add_lost(r, take_u64(&c));
		break;
	case PERF_RECORD_THROTTLE:
		r->throttled_count++;
		break;
	default:
		break;
	}
}
