/* Deterministic orders and customers. */
#include "data.h"

#include <pthread.h>
#include <stdio.h>

enum { CUSTOMER_COUNT = 180 };

/* splitmix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, OOPSLA 2014). */
static uint64_t random_next(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15U;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9U;
	z = (z ^ z >> 27) * 0x94d049bb133111ebU;
	return z ^ z >> 31;
}

static unsigned random_from(uint64_t *state, unsigned low, unsigned high)
{
	return low + (unsigned)(random_next(state) % (high - low + 1));
}

static uint32_t customer_id(unsigned number)
{
	return 100003 + number * 7919;
}

static void order_make(struct order *order, uint64_t id, uint64_t *random)
{
	*order = (struct order){.id = id,
				.customer_id = customer_id(random_from(random, 0, CUSTOMER_COUNT - 1)),
				.deadline_s = random_from(random, 60, 86400),
				.priority = (uint8_t)random_from(random, 0, PRIORITY_COUNT - 1),
				.region = (uint8_t)random_from(random, 0, REGION_COUNT - 1),
				.line_count = (uint8_t)random_from(random, LINES_MAX / 2, LINES_MAX)};
	for (size_t i = 0; i < order->line_count; i++) {
		/* The hundred thousands differ from line to line. */
		uint32_t digits = 1000000 + (uint32_t)i * 100000 + random_from(random, 0, 99999);
		order->lines[i] = (struct order_line){.sku = digits * 10 + sku_check_digit(digits),
						      .quantity = (uint16_t)random_from(random, 1, 45),
						      .category = (uint8_t)random_from(random, 0, CATEGORY_COUNT - 1),
						      .weight_hg = (uint8_t)random_from(random, 1, 90),
						      .price_cents = random_from(random, 99, 39999)};
	}
}

void data_make(struct order *orders, size_t count, uint64_t seed)
{
	for (size_t i = 0; i < count; i++)
		order_make(&orders[i], 1000 + i, &seed);
}

static struct order orders[DATA_ORDERS];
static char texts[DATA_ORDERS][DATA_TEXT_SIZE];
static struct customers customers;

static void orders_make(void)
{
	data_make(orders, DATA_ORDERS, 20240229);
}

static void texts_make(void)
{
	const struct order *all = data_orders();

	for (size_t i = 0; i < DATA_ORDERS; i++) {
		const struct order *order = &all[i];
		size_t used =
			(size_t)snprintf(texts[i], DATA_TEXT_SIZE, "%llu;%u;%u;%u;%u", (unsigned long long)order->id,
					 order->customer_id, order->deadline_s, order->priority, order->region);
		for (size_t n = 0; n < order->line_count; n++) {
			const struct order_line *line = &order->lines[n];
			used += (size_t)snprintf(texts[i] + used, DATA_TEXT_SIZE - used, "|%u,%u,%u,%u,%lld", line->sku,
						 line->quantity, line->category, line->weight_hg,
						 (long long)line->price_cents);
		}
	}
}

static void customers_make(void)
{
	uint64_t random = 42;

	for (unsigned i = 0; i < CUSTOMER_COUNT; i++) {
		uint32_t id = customer_id(i);
		size_t slot = id * 2654435769U >> 24; /* as find_customer() looks for it */
		while (customers.slots[slot].id != 0)
			slot = (slot + 1) % CUSTOMER_SLOTS;
		customers.slots[slot] = (struct customer){.id = id,
							  .tier = (uint8_t)random_from(&random, 0, TIER_COUNT - 1),
							  .blocked = random_from(&random, 0, 99) < 2,
							  .credit_cents = random_from(&random, 0, 2000000)};
	}
}

const struct order *data_orders(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, orders_make);
	return orders;
}

const char (*data_texts(void))[DATA_TEXT_SIZE]
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, texts_make);
	return (const char(*)[DATA_TEXT_SIZE])texts;
}

const struct customers *data_customers(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, customers_make);
	return &customers;
}
