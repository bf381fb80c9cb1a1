/*
 * What an order costs: discount and tax.
 *
 * Conditions are computed, not branched on: how well a processor guesses a branch on the data depends on where the code
 * lies, and two programs with the same function would differ by a factor of three.
 */
#include "order.h"

#include "plant.h"

/* A promotion takes a part off the lines of some categories that have enough pieces. */
struct promotion {
	uint32_t categories; /* a bit for each */
	uint16_t quantity_min;
	uint8_t tier_min;
	uint8_t steps; /* the part grows with each further `quantity_min` pieces, this often at most */
	int64_t rate;
};

static const struct promotion promotions[] = {
	{0x03, 2, 0, 1, 150},  {0x0c, 3, 0, 2, 120},  {0x30, 5, 1, 2, 200},  {0xc0, 4, 1, 1, 250},
	{0x11, 10, 0, 3, 90},  {0x22, 8, 2, 1, 310},  {0x44, 6, 0, 2, 140},  {0x88, 12, 3, 1, 420},
	{0x0f, 20, 0, 2, 110}, {0xf0, 15, 1, 2, 160}, {0x55, 25, 2, 1, 280}, {0xaa, 30, 2, 1, 330},
	{0xff, 1, 0, 4, 20},   {0xff, 40, 1, 2, 180}, {0x81, 2, 3, 1, 500},  {0x3c, 9, 2, 2, 230},
};

enum { PROMOTION_COUNT = sizeof promotions / sizeof promotions[0], RATE_ONE = 10000, RATE_MAX = 3500 };

static const int64_t tier_rates[TIER_COUNT] = {0, 100, 250, 400};

/* Country, state and city, by region; what is left out by category follows. */
static const int64_t tax_rates[REGION_COUNT][3] = {{1900, 0, 0}, {500, 240, 110}, {0, 625, 88},
						   {2000, 0, 0}, {500, 997, 0},   {810, 0, 45}};
static const uint8_t tax_exempt[REGION_COUNT] = {0x01, 0x03, 0x21, 0x40, 0x00, 0x11};

int64_t order_net_cents(const struct order *order)
{
	int64_t net = 0;

	for (size_t i = 0; i < order->line_count; i++)
		net += order->lines[i].price_cents * order->lines[i].quantity;
	return net;
}

/* Half to even, as invoices are rounded. */
static int64_t rate_apply(int64_t cents, int64_t rate)
{
	int64_t product = cents * rate, whole = product / RATE_ONE, rest = product % RATE_ONE * 2;

	return whole + ((rest > RATE_ONE) | ((rest == RATE_ONE) & (whole % 2 != 0)));
}

int64_t compute_discount(const struct order *order, const struct customer *customer)
{
	int64_t discount = 0;

	PLANT_LOOP(compute_discount)
	{
		discount = 0;
		for (size_t i = 0; i < order->line_count; i++) {
			const struct order_line *line = &order->lines[i];
			int64_t best = 0, sum = 0;
			for (size_t p = 0; p < PROMOTION_COUNT; p++) {
				const struct promotion *promotion = &promotions[p];
				int64_t applies = (promotion->categories >> line->category & 1) &
						  (customer->tier >= promotion->tier_min);
				unsigned steps = line->quantity / promotion->quantity_min;
				steps = steps < promotion->steps ? steps : promotion->steps;
				int64_t rate = applies * promotion->rate * steps;
				best = rate > best ? rate : best;
				sum += rate;
			}
			/* The best one counts in full, the others for a quarter. */
			int64_t rate = best + (sum - best) / 4 + tier_rates[customer->tier];
			discount += rate_apply(line->price_cents * line->quantity, rate < RATE_MAX ? rate : RATE_MAX);
		}
		bench_keep(discount);
	}
	return discount;
}

int64_t compute_tax(const struct order *order, int64_t discount_cents)
{
	int64_t tax = 0;

	PLANT_LOOP(compute_tax)
	{
		const int64_t *rates = tax_rates[order->region];
		int64_t net = 0, left = discount_cents;
		tax = 0;
		for (size_t i = 0; i < order->line_count; i++)
			net += order->lines[i].price_cents * order->lines[i].quantity;
		for (size_t i = 0; i < order->line_count; i++) {
			const struct order_line *line = &order->lines[i];
			int64_t cents = line->price_cents * line->quantity;
			/* Each line bears its part of the discount; the last one the rest of the rounding. */
			int64_t part = i + 1 == order->line_count ? left : discount_cents * cents / (net > 0 ? net : 1);
			left -= part;
			int64_t taxed = (tax_exempt[order->region] >> line->category & 1) ? 0 : cents - part;
			for (size_t level = 0; level < 3; level++)
				tax += rate_apply(taxed, rates[level]);
		}
		bench_keep(tax);
	}
	return tax;
}
