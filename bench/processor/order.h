/*
 * Orders, and what the processor does with one: parse, validate, look up the customer, apply rules, discount, tax,
 * receipt.  Money is int64_t cents, rates are in units of 1/10000.
 *
 * Every function is pure apart from what it is given to fill, and none is inlined, so that profiles name it.
 */
#ifndef PROCESSOR_ORDER_H
#define PROCESSOR_ORDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define KEPT __attribute__((noinline))

enum { LINES_MAX = 32, CATEGORY_COUNT = 8, REGION_COUNT = 6, TIER_COUNT = 4, RECEIPT_SIZE = 2048 };

enum order_priority { PRIORITY_EXPRESS, PRIORITY_NORMAL, PRIORITY_BULK, PRIORITY_COUNT };

struct order_line {
	uint32_t sku;
	uint16_t quantity;
	uint8_t category, weight_hg; /* of one piece */
	int64_t price_cents;         /* of one piece */
};

struct order {
	uint64_t id;
	uint32_t customer_id, deadline_s;
	uint8_t priority, region, line_count;
	struct order_line lines[LINES_MAX];
};

struct customer {
	uint32_t id; /* 0: no customer here */
	uint8_t tier;
	bool blocked;
	int64_t credit_cents;
};

enum { CUSTOMER_SLOTS = 256 }; /* a power of two */

struct customers {
	struct customer slots[CUSTOMER_SLOTS];
};

enum order_state { ORDER_ACCEPTED, ORDER_INVALID, ORDER_UNKNOWN_CUSTOMER, ORDER_REFUSED };

struct result {
	uint64_t order_id, hash;
	enum order_state state;
	unsigned rules; /* a bit for each rule that applied */
	int64_t net_cents, discount_cents, tax_cents;
	size_t receipt_size;
};

/* "id;customer;deadline;priority;region|sku,quantity,category,weight,price|…".  False when it is something else. */
KEPT bool parse_order(const char *text, struct order *order);
/* Everything in range, and every SKU with its right check digit. */
KEPT bool validate_order(const struct order *order);
/* For finding duplicates; equal orders have equal hashes. */
KEPT uint64_t hash_order(const struct order *order);
/* NULL if there is none. */
KEPT const struct customer *find_customer(const struct customers *customers, uint32_t id);
/* The bits of the rules that apply; RULE_REFUSE among them refuses the order. */
KEPT unsigned apply_rules(const struct order *order, const struct customer *customer);
KEPT int64_t compute_discount(const struct order *order, const struct customer *customer);
KEPT int64_t compute_tax(const struct order *order, int64_t discount_cents);
/* Bytes written to `receipt`, which holds RECEIPT_SIZE. */
KEPT size_t format_receipt(const struct order *order, const struct result *result, char *receipt);
/* All of the above but parsing. */
KEPT void process_order(const struct order *order, const struct customers *customers, struct result *result);
/* Fills `sorted` with the orders by priority, then deadline, then id. */
KEPT void sort_orders(const struct order *orders, size_t count, const struct order **sorted);

#define RULE_REFUSE (1U << 31)

int64_t order_net_cents(const struct order *order);

/* The check digit of a SKU's other digits (Luhn's algorithm, ISO/IEC 7812-1 annex B). */
unsigned sku_check_digit(uint32_t digits);

#endif
