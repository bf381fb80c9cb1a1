/* A program in C whose functions have the shapes that look-ups meet: inlined in inlined, split into hot and cold parts,
 * cloned, static, called by pointer. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct order {
	int price, count;
};

static inline int clamp(int value, int least, int most)
{
	return value < least ? least : value > most ? most : value;
}

static inline int discount(const struct order *o, int percent)
{
	return clamp(o->price * o->count * percent / 100, 0, 1000);
}

static __attribute__((noinline)) int total(const struct order *orders, int count, int percent)
{
	int sum = 0;

	for (int i = 0; i < count; i++)
		sum += orders[i].price * orders[i].count - discount(&orders[i], percent);
	return sum;
}

static __attribute__((noinline)) void check(int sum)
{
	if (__builtin_expect(sum < 0, 0)) {
		fprintf(stderr, "a sum of %d\n", sum);
		abort();
	}
	printf("%d\n", clamp(sum, 1, 2));
}

static int by_price(const void *left, const void *right)
{
	const struct order *a = left, *b = right;

	return a->price < b->price ? -1 : a->price > b->price;
}

static __attribute__((noinline)) unsigned hash(const char *text)
{
	unsigned h = 5381;

	while (*text)
		h = h * 33 + (unsigned char)*text++;
	return h;
}

int main(int argc, char **argv)
{
	struct order orders[8];

	for (int i = 0; i < 8; i++)
		orders[i] = (struct order){(int)(hash(argv[argc - 1]) % 100) + i, argc};
	qsort(orders, 8, sizeof(*orders), by_price);
	check(total(orders, 8, argc));
	return total(orders, argc, 50) == 0;
}
