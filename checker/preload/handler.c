/* What happens in the signal handler: a record of where the thread stands. */
#include "preload.h"

#include <errno.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <ucontext.h>
#include <unistd.h>

enum { WORD = 8 };

struct bounds {
	uintptr_t low, high; /* readable memory */
	bool may_ask;        /* the kernel, for words that lie elsewhere: this is not the thread's own stack */
};

#if defined(__x86_64__)

static void read_registers(const ucontext_t *c, struct preload_sample *out, uintptr_t *fp)
{
	/* In the order of PRELOAD_REGISTER_LIST. */
	static const int numbers[PRELOAD_REGISTER_COUNT] = {REG_RBX, REG_RBP, REG_R12, REG_R13,
							    REG_R14, REG_R15, REG_RSP};

	for (int i = 0; i < PRELOAD_REGISTER_COUNT; i++)
		out->registers[i] = (uint64_t)c->uc_mcontext.gregs[numbers[i]];
	out->pc = (uint64_t)c->uc_mcontext.gregs[REG_RIP];
	out->sp = (uint64_t)c->uc_mcontext.gregs[REG_RSP];
	*fp = (uintptr_t)c->uc_mcontext.gregs[REG_RBP];
}

#elif defined(__aarch64__)

static void read_registers(const ucontext_t *c, struct preload_sample *out, uintptr_t *fp)
{
	enum { FIRST = 19, FP = 29 };

	for (int i = 0; i < PRELOAD_REGISTER_COUNT - 1; i++)
		out->registers[i] = c->uc_mcontext.regs[FIRST + i];
	out->registers[PRELOAD_REGISTER_COUNT - 1] = c->uc_mcontext.sp;
	out->pc = c->uc_mcontext.pc;
	out->sp = c->uc_mcontext.sp;
	*fp = c->uc_mcontext.regs[FP];
}

#endif

static struct bounds bounds_of(const ucontext_t *c, uintptr_t sp)
{
	const struct thread_state *t = &this_thread;
	uintptr_t other = (uintptr_t)c->uc_stack.ss_sp;

	if (sp >= t->stack_low && sp < t->stack_high)
		return (struct bounds){sp, t->stack_high, false};
	if (!(c->uc_stack.ss_flags & SS_DISABLE) && sp >= other && sp - other < c->uc_stack.ss_size)
		return (struct bounds){sp, other + c->uc_stack.ss_size, true};
	return (struct bounds){sp, sp, true};
}

/* Words of a stack that this library knows nothing of, such as a coroutine's; never a fault. */
static size_t ask(uintptr_t from, uint64_t *to, size_t size)
{
	struct iovec local = {.iov_base = to, .iov_len = size}, remote = {.iov_base = (void *)from, .iov_len = size};
	long got = syscall(SYS_process_vm_readv, (long)own_pid(), &local, 1L, &remote, 1L, 0L);

	return got < 0 ? 0 : (size_t)got;
}

static bool holds(const struct bounds *b, uintptr_t from, size_t size)
{
	return from >= b->low && from <= b->high && b->high - from >= size;
}

/* Not memcpy: that may be another one's, which looks at what it copies. */
static bool read_words(const struct bounds *b, uintptr_t from, uint64_t *to, size_t count)
{
	const volatile uint64_t *at = (const volatile uint64_t *)from;

	if (!holds(b, from, count * sizeof *to))
		return b->may_ask && ask(from, to, count * sizeof *to) == count * sizeof *to;
	for (size_t i = 0; i < count; i++)
		to[i] = at[i];
	return true;
}

static void read_stack(const struct bounds *b, struct preload_sample *out)
{
	size_t size = PRELOAD_STACK_SIZE, there = b->high - (uintptr_t)out->sp;

	out->stack_size = 0;
	if (out->sp % WORD != 0)
		return;
	if (!there)
		out->stack_size = (uint32_t)ask((uintptr_t)out->sp, out->stack, size);
	else if (read_words(b, (uintptr_t)out->sp, out->stack, (there < size ? there : size) / WORD))
		out->stack_size = (uint32_t)((there < size ? there : size) / WORD * WORD);
}

/* Frames lie ever higher on a stack: what does not is no frame.  From an alternate stack the chain leads to another. */
static void read_chain(const struct bounds *b, uintptr_t fp, struct preload_sample *out)
{
	uintptr_t least = (uintptr_t)out->sp;
	bool left = !b->may_ask;
	uint64_t frame[2];

	out->chain_count = 0;
	while (out->chain_count < PRELOAD_CHAIN_MAX && fp % WORD == 0) {
		if (!left && !holds(b, fp, sizeof frame))
			left = true;
		else if (fp < least)
			return;
		if (!read_words(b, fp, frame, 2) || !frame[1])
			return;
		out->chain[out->chain_count++] = frame[1];
		least = fp + sizeof frame;
		fp = (uintptr_t)frame[0];
	}
}

void handler_on_signal(int signal, siginfo_t *info, void *context)
{
	const ucontext_t *c = context;
	int kept = errno;
	struct area_place place;
	uintptr_t fp;

	(void)signal;
	if (!timers_sent(info)) {
		/* Somebody sent it, and means what it does to a program without this library. */
		disposition_default();
	} else if (timers_run() && area_take(&place, PRELOAD_SAMPLE, own_pid(), own_tid())) {
		struct preload_sample *out = &place.slot->sample;
		struct bounds b;

		read_registers(c, out, &fp);
		b = bounds_of(c, (uintptr_t)out->sp);
		out->missed = info->si_code == SI_TIMER && info->si_overrun > 0 ? (uint32_t)info->si_overrun : 0;
		out->cpu_ns = timers_take_cpu_ns();
		read_chain(&b, fp, out);
		read_stack(&b, out);
		area_publish(&place);
	}
	errno = kept;
}
