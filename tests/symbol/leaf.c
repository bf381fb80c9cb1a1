/* A small library with one inlined call and one real one, of which tests damage every part. */
int library_run(int x);

static inline int twice(int x)
{
	return x * 2;
}

static __attribute__((noinline)) int leaf(int x)
{
	return twice(x) + twice(x + 3);
}

int library_run(int x)
{
	volatile int values[4] = {x};

	return leaf(values[0]) + leaf(values[1]) * x;
}
