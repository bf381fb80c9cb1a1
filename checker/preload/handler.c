/* What happens in the signal handler: a record of where the thread stands. */
#include "preload.h"

#include <errno.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <ucontext.h>
#include <unistd.h>

enum { REDZONE_ALIGN = 8, FRAME_SIZE = 16 }; /* a frame: the link to the next one, the return address */

struct bounds {
	uintptr_t low, high; /* readable memory; 0, 0: ask the kernel for every word */
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
		return (struct bounds){sp, t->stack_high};
	if (!(c->uc_stack.ss_flags & SS_DISABLE) && sp >= other && sp - other < c->uc_stack.ss_size)
		return (struct bounds){sp, other + c->uc_stack.ss_size};
	return (struct bounds){0, 0};
}

/* Words of a stack that this library knows nothing of, such as a coroutine's; never a fault. */
static size_t ask(uintptr_t from, uint64_t *to, size_t size)
{
	struct iovec local = {.iov_base = to, .iov_len = size}, remote = {.iov_base = (void *)from, .iov_len = size};
	long got = syscall(SYS_process_vm_readv, (long)own_pid(), &local, 1L, &remote, 1L, 0L);

	return got < 0 ? 0 : (size_t)got;
}

/* Not memcpy: that may be another one's, which looks at what it copies. */
static bool read_words(const struct bounds *b, uintptr_t from, uint64_t *to, size_t count)
{
	const volatile uint64_t *at = (const volatile uint64_t *)from;

	if (!b->high)
		return ask(from, to, count * sizeof *to) == count * sizeof *to;
	if (from < b->low || from > b->high || b->high - from < count * sizeof *to)
		return false;
	for (size_t i = 0; i < count; i++)
		to[i] = at[i];
	return true;
}

static void read_stack(const struct bounds *b, struct preload_sample *out)
{
	size_t size = PRELOAD_STACK_SIZE;

	if (b->high && b->high - out->sp < size)
		size = (b->high - out->sp) & ~(size_t)(REDZONE_ALIGN - 1);
	out->stack_size = 0;
	if (out->sp % REDZONE_ALIGN)
		return;
	if (!b->high)
		out->stack_size = (uint32_t)ask(out->sp, out->stack, size);
	else if (read_words(b, out->sp, out->stack, size / 8))
		out->stack_size = (uint32_t)size;
}

/* Frames lie ever higher on the stack: what does not is no frame. */
static void read_chain(const struct bounds *b, uintptr_t fp, struct preload_sample *out)
{
	uintptr_t least = (uintptr_t)out->sp;
	uint64_t frame[2];

	out->chain_count = 0;
	while (out->chain_count < PRELOAD_CHAIN_MAX && fp >= least && fp % sizeof(uintptr_t) == 0 &&
	       read_words(b, fp, frame, 2) && frame[1]) {
		out->chain[out->chain_count++] = frame[1];
		least = fp + FRAME_SIZE;
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
		read_chain(&b, fp, out);
		read_stack(&b, out);
		area_publish(&place);
	}
	errno = kept;
}
