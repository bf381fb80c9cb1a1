/* What an order must fulfil: its form, its customer, the rules of the business. */
#include "order.h"

#include "plant.h"

enum rule_field {
	FIELD_NET,
	FIELD_PIECES,
	FIELD_WEIGHT,
	FIELD_LINES,
	FIELD_TIER,
	FIELD_REGION,
	FIELD_DEAREST,
	FIELD_CREDIT
};
enum rule_test { TEST_ABOVE, TEST_BELOW, TEST_EQUAL };

/* A rule applies where both its conditions hold. */
struct rule_condition {
	enum rule_field field;
	enum rule_test test;
	int64_t value;
};

static const struct rule {
	struct rule_condition conditions[2];
	bool refuses;
} rules[] = {
	{{{FIELD_NET, TEST_ABOVE, 13000000}, {FIELD_TIER, TEST_EQUAL, 0}}, true},
	{{{FIELD_WEIGHT, TEST_ABOVE, 28000}, {FIELD_REGION, TEST_ABOVE, 3}}, true},
	{{{FIELD_CREDIT, TEST_BELOW, 50000}, {FIELD_NET, TEST_ABOVE, 100000}}, true},
	{{{FIELD_PIECES, TEST_ABOVE, 600}, {FIELD_TIER, TEST_BELOW, 2}}, false},
	{{{FIELD_PIECES, TEST_BELOW, 350}, {FIELD_NET, TEST_ABOVE, 5000000}}, false},
	{{{FIELD_DEAREST, TEST_ABOVE, 39000}, {FIELD_REGION, TEST_EQUAL, 2}}, false},
	{{{FIELD_LINES, TEST_ABOVE, 28}, {FIELD_WEIGHT, TEST_BELOW, 25000}}, false},
	{{{FIELD_NET, TEST_BELOW, 9000000}, {FIELD_TIER, TEST_ABOVE, 2}}, false},
	{{{FIELD_WEIGHT, TEST_ABOVE, 15000}, {FIELD_PIECES, TEST_ABOVE, 500}}, false},
	{{{FIELD_REGION, TEST_EQUAL, 4}, {FIELD_NET, TEST_ABOVE, 8000000}}, false},
	{{{FIELD_DEAREST, TEST_BELOW, 38500}, {FIELD_LINES, TEST_ABOVE, 20}}, false},
	{{{FIELD_CREDIT, TEST_ABOVE, 1500000}, {FIELD_NET, TEST_ABOVE, 12000000}}, false},
};

enum { RULE_COUNT = sizeof rules / sizeof rules[0], PRICE_MAX_CENTS = 100000000 };

unsigned sku_check_digit(uint32_t digits)
{
	/* Twice the digit, less nine where that has two digits. */
	static const unsigned char doubled[10] = {0, 2, 4, 6, 8, 1, 3, 5, 7, 9};
	unsigned sum = 0;

	for (; digits > 0; digits /= 100)
		sum += doubled[digits % 10] + digits / 10 % 10;
	return (10 - sum % 10) % 10;
}

bool validate_order(const struct order *order)
{
	bool valid = false;

	PLANT_LOOP(validate_order)
	{
		valid = order->id != 0 && order->customer_id != 0 && order->priority < PRIORITY_COUNT &&
			order->region < REGION_COUNT && order->line_count > 0 && order->line_count <= LINES_MAX;
		for (size_t i = 0; valid && i < order->line_count; i++) {
			const struct order_line *line = &order->lines[i];
			valid = line->quantity > 0 && line->category < CATEGORY_COUNT && line->price_cents > 0 &&
				line->price_cents < PRICE_MAX_CENTS &&
				sku_check_digit(line->sku / 10) == line->sku % 10;
			/* One SKU, one line. */
			for (size_t other = 0; valid && other < i; other++)
				valid = order->lines[other].sku != line->sku;
		}
		bench_keep(valid);
	}
	return valid;
}

const struct customer *find_customer(const struct customers *customers, uint32_t id)
{
	const struct customer *found = NULL;

	PLANT_LOOP(find_customer)
	{
		found = NULL;
		/* Fibonacci hashing (Knuth, The Art of Computer Programming 3, section 6.4), then the next slots. */
		size_t slot = id * 2654435769U >> 24;
		for (size_t tried = 0; tried < CUSTOMER_SLOTS; tried++, slot = (slot + 1) % CUSTOMER_SLOTS) {
			const struct customer *customer = &customers->slots[slot];
			if (customer->id == id)
				found = customer;
			if (customer->id == id || customer->id == 0)
				break;
		}
		bench_keep(found);
	}
	return found;
}

static int64_t field_value(const struct order *order, const struct customer *customer, enum rule_field field)
{
	int64_t value = 0;

	switch (field) {
	case FIELD_NET:
		return order_net_cents(order);
	case FIELD_PIECES:
		for (size_t i = 0; i < order->line_count; i++)
			value += order->lines[i].quantity;
		return value;
	case FIELD_WEIGHT:
		for (size_t i = 0; i < order->line_count; i++)
			value += (int64_t)order->lines[i].quantity * order->lines[i].weight_hg;
		return value;
	case FIELD_LINES:
		return order->line_count;
	case FIELD_TIER:
		return customer->tier;
	case FIELD_REGION:
		return order->region;
	case FIELD_DEAREST:
		for (size_t i = 0; i < order->line_count; i++)
			value = order->lines[i].price_cents > value ? order->lines[i].price_cents : value;
		return value;
	case FIELD_CREDIT:
		return customer->credit_cents;
	}
	return value;
}

static bool condition_holds(const struct rule_condition *condition, int64_t value)
{
	if (condition->test == TEST_EQUAL)
		return value == condition->value;
	return condition->test == TEST_ABOVE ? value > condition->value : value < condition->value;
}

unsigned apply_rules(const struct order *order, const struct customer *customer)
{
	unsigned applied = 0;

	PLANT_LOOP(apply_rules)
	{
		applied = customer->blocked ? RULE_REFUSE : 0;
		for (size_t i = 0; i < RULE_COUNT; i++) {
			const struct rule_condition *conditions = rules[i].conditions;
			bool applies = true;
			for (size_t c = 0; c < 2 && applies; c++)
				applies = condition_holds(&conditions[c],
							  field_value(order, customer, conditions[c].field));
			if (applies)
				applied |= 1U << i | (rules[i].refuses ? RULE_REFUSE : 0);
		}
		bench_keep(applied);
	}
	return applied;
}
