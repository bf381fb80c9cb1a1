/*
 * Functions with frames of every kind, for a processor that keeps return addresses in a register: leaves, saved registers,
 * large arrays, arrays of variable size, recursion, calls through pointers, jumps at the end.  It needs no library, and
 * ends after a few hundred instructions, all of which record.py writes down.
 */

typedef unsigned long word;

#ifdef __clang__
#define NOINLINE __attribute__((noinline))
#else
#define NOINLINE __attribute__((noipa))
#endif
#define HIDDEN __attribute__((visibility("hidden")))

HIDDEN void steps_run(void);

static volatile word sink;

static NOINLINE word leaf(word a, word b)
{
	return a * 31 + b;
}

static NOINLINE word leaf_with_array(word n)
{
	volatile word values[6];

	values[n & 3] = n;
	return values[n & 3];
}

static NOINLINE word many_registers(word a, word b, word c)
{
	word d = leaf(a, b), e = leaf(b, c), f = leaf(c, d);

	return leaf(d, e) + leaf(f, a + d) + leaf(b + e, c + f);
}

static NOINLINE word with_array(word n)
{
	volatile word values[80];

	values[n] = n;
	return many_registers(values[n], n, leaf_with_array(n));
}

static NOINLINE word with_alloca(word n)
{
	volatile word *values = __builtin_alloca(n * 16);

	values[n] = n;
	return leaf(values[n], n) + values[n];
}

static NOINLINE word recursive(word n)
{
	if (!n)
		return with_alloca(3);
	return recursive(n - 1) + leaf(n, n);
}

static NOINLINE word jumps(word n)
{
	return leaf_with_array(n + 1); /* a jump where calls at the end are made of them */
}

static NOINLINE word leaves_early(word n)
{
	if (n > 5)
		return n;
	return leaf(n, 1) + jumps(n);
}

static NOINLINE word through_pointer(word (*call)(word), word n)
{
	return call(n) + n;
}

static NOINLINE word with_doubles(double x, word n)
{
	word a = leaf(n, n);

	return (word)(x * (double)leaf(a, n)) + a;
}

void steps_run(void)
{
	word sum = with_array(7);

	sum += recursive(2);
	sum += jumps(sum);
	sum += leaves_early(9);
	sum += leaves_early(2);
	sum += through_pointer(jumps, 3);
	sum += through_pointer(with_alloca, 2);
	sum += with_doubles(2.5, 4);
	sink = sum;
}

/* Where a program begins: no caller, and the call frame information says so. */
__asm__(".text\n"
	".globl _start\n"
	".type _start, %function\n"
	"_start:\n"
	"	.cfi_startproc\n"
	"	.cfi_undefined x30\n"
	"	mov x29, #0\n"
	"	mov x30, #0\n"
	"	bl steps_run\n"
	"	mov x0, #0\n"
	"	mov x8, #93\n" /* exit */
	"	svc #0\n"
	"	.cfi_endproc\n"
	".size _start, . - _start\n");
