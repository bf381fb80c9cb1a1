/* Functions that call, jump, and read data that lies elsewhere in each build: for comparing their code. */

#ifndef STEP
#define STEP 1
#endif
#ifndef CALLEE
#define CALLEE add
#endif
#ifndef FIELD
#define FIELD second
#endif

#ifdef MOVED
int before(int x);
int before(int x)
{
	return x * 31 + 7;
}

int other[500] = {1};
#endif

static struct {
	int first, second, third;
} table[64];

int add(int x);
int add(int x)
{
	return x + table[x & 63].first;
}

int subtract(int x);
int subtract(int x)
{
	return x - table[x & 63].first;
}

int field(int x);
int field(int x)
{
	return table[x & 63].FIELD;
}

int work(int n);
int work(int n)
{
	int sum = 0;

	for (int i = 0; i < n; i += STEP)
		sum += CALLEE(i) ^ table[sum & 63].first;
	table[3].second = sum;
	return sum;
}
