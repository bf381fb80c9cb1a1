/* One order from its text to its receipt, and many in the order of their urgency. */
#include "order.h"

#include "plant.h"

#include <string.h>

/* Digits up to the separator, which is stepped over. */
static bool number_read(const char **at, char separator, uint64_t limit, uint64_t *value)
{
	const char *text = *at;

	*value = 0;
	while (*text >= '0' && *text <= '9' && *value <= limit)
		*value = *value * 10 + (uint64_t)(*text++ - '0');
	if (text == *at || *value > limit || (*text != separator && *text != '\0'))
		return false;
	*at = *text ? text + 1 : text;
	return true;
}

static bool line_read(const char **at, struct order_line *line)
{
	uint64_t sku, quantity, category, weight, price;

	if (!number_read(at, ',', UINT32_MAX, &sku) || !number_read(at, ',', UINT16_MAX, &quantity) ||
	    !number_read(at, ',', UINT8_MAX, &category) || !number_read(at, ',', UINT8_MAX, &weight) ||
	    !number_read(at, '|', INT32_MAX, &price))
		return false;
	*line = (struct order_line){.sku = (uint32_t)sku,
				    .quantity = (uint16_t)quantity,
				    .category = (uint8_t)category,
				    .weight_hg = (uint8_t)weight,
				    .price_cents = (int64_t)price};
	return true;
}

bool parse_order(const char *text, struct order *order)
{
	bool good = false;

	PLANT_LOOP(parse_order)
	{
		const char *at = text;
		uint64_t id = 0, customer = 0, deadline = 0, priority = 0, region = 0;
		good = number_read(&at, ';', UINT64_MAX / 100, &id) && number_read(&at, ';', UINT32_MAX, &customer) &&
		       number_read(&at, ';', UINT32_MAX, &deadline) && number_read(&at, ';', UINT8_MAX, &priority) &&
		       number_read(&at, '|', UINT8_MAX, &region);
		order->id = id;
		order->customer_id = (uint32_t)customer;
		order->deadline_s = (uint32_t)deadline;
		order->priority = (uint8_t)priority;
		order->region = (uint8_t)region;
		order->line_count = 0;
		while (good && *at) {
			good = order->line_count < LINES_MAX && line_read(&at, &order->lines[order->line_count]);
			order->line_count++;
		}
		bench_keep(good);
	}
	return good;
}

/* FNV-1a (Fowler, Noll, Vo; draft-eastlake-fnv), a byte at a time. */
static uint64_t hash_bytes(uint64_t hash, uint64_t value, size_t count)
{
	for (size_t i = 0; i < count; i++, value >>= 8)
		hash = (hash ^ (value & 0xff)) * 0x100000001b3U;
	return hash;
}

uint64_t hash_order(const struct order *order)
{
	uint64_t hash = 0;

	PLANT_LOOP(hash_order)
	{
		hash = hash_bytes(0xcbf29ce484222325U, order->id, 8);
		hash = hash_bytes(hash, order->customer_id, 4);
		for (size_t i = 0; i < order->line_count; i++) {
			const struct order_line *line = &order->lines[i];
			hash = hash_bytes(hash, line->sku, 4);
			hash = hash_bytes(hash, line->quantity, 2);
			hash = hash_bytes(hash, (uint64_t)line->price_cents, 8);
		}
		bench_keep(hash);
	}
	return hash;
}

static char *number_write(char *at, uint64_t value, char end)
{
	char digits[20];
	size_t count = 0;

	do
		digits[count++] = (char)('0' + value % 10);
	while ((value /= 10) > 0);
	while (count > 0)
		*at++ = digits[--count];
	*at++ = end;
	return at;
}

static char *money_write(char *at, int64_t cents, char end)
{
	uint64_t amount = (uint64_t)(cents < 0 ? -cents : cents);

	if (cents < 0)
		*at++ = '-';
	at = number_write(at, amount / 100, '.');
	*at++ = (char)('0' + amount / 10 % 10);
	*at++ = (char)('0' + amount % 10);
	*at++ = end;
	return at;
}

size_t format_receipt(const struct order *order, const struct result *result, char *receipt)
{
	char *at = receipt;

	PLANT_LOOP(format_receipt)
	{
		at = number_write(receipt, order->id, '\n');
		/* With the widest numbers a line takes 47 bytes, so LINES_MAX of them fit. */
		for (size_t i = 0; i < order->line_count; i++) {
			const struct order_line *line = &order->lines[i];
			at = number_write(at, line->sku, ' ');
			at = number_write(at, line->quantity, ' ');
			at = money_write(at, line->price_cents, ' ');
			at = money_write(at, line->price_cents * line->quantity, '\n');
		}
		at = money_write(at, result->net_cents, ' ');
		at = money_write(at, -result->discount_cents, ' ');
		at = money_write(at, result->tax_cents, '\n');
		bench_keep(at);
	}
	return (size_t)(at - receipt);
}

void process_order(const struct order *order, const struct customers *customers, struct result *result)
{
	char receipt[RECEIPT_SIZE];

	PLANT_LOOP(process_order)
	{
		const struct customer *customer = NULL;
		*result = (struct result){.order_id = order->id, .state = ORDER_INVALID};
		if (validate_order(order)) {
			result->hash = hash_order(order);
			result->state = ORDER_UNKNOWN_CUSTOMER;
			customer = find_customer(customers, order->customer_id);
		}
		if (customer) {
			result->rules = apply_rules(order, customer);
			result->state = result->rules & RULE_REFUSE ? ORDER_REFUSED : ORDER_ACCEPTED;
		}
		if (result->state == ORDER_ACCEPTED) {
			result->net_cents = order_net_cents(order);
			result->discount_cents = compute_discount(order, customer);
			result->tax_cents = compute_tax(order, result->discount_cents);
			result->receipt_size = format_receipt(order, result, receipt);
		}
		bench_keep(result);
	}
}

static bool more_urgent(const struct order *a, const struct order *b)
{
	if (a->priority != b->priority)
		return a->priority < b->priority;
	return a->deadline_s != b->deadline_s ? a->deadline_s < b->deadline_s : a->id < b->id;
}

/* Moves the order at `root` of a heap of `count`, the least urgent on top, to its place. */
static void heap_sink(const struct order **heap, size_t root, size_t count)
{
	const struct order *moved = heap[root];

	for (size_t child; (child = 2 * root + 1) < count; root = child) {
		if (child + 1 < count && more_urgent(heap[child], heap[child + 1]))
			child++;
		if (!more_urgent(moved, heap[child]))
			break;
		heap[root] = heap[child];
	}
	heap[root] = moved;
}

void sort_orders(const struct order *orders, size_t count, const struct order **sorted)
{
	PLANT_LOOP(sort_orders)
	{
		for (size_t i = 0; i < count; i++)
			sorted[i] = &orders[i];
		for (size_t root = count / 2; root-- > 0;)
			heap_sink(sorted, root, count);
		for (size_t left = count; left > 1;) {
			const struct order *last = sorted[--left];
			sorted[left] = sorted[0];
			sorted[0] = last;
			heap_sink(sorted, 0, left);
		}
		bench_keep(sorted);
	}
}
