/* The benchmarks of the order processor, from single functions to the whole pool. */
#include "processor/data.h"
#include "processor/plant.h"
#include "processor/pool.h"

#include <stdlib.h>

/* Batches make an iteration out of work that is too short alone.  The pool's takes well under a slice, and is more than
 * one of its queues holds. */
enum { POOL_BATCH = 4 * DATA_ORDERS, QUEUE_BATCH = 16, LOOKUP_BATCH = 4 * DATA_ORDERS, SORT_MAX = 256 };

/* The customer of each order, so that only the function in question is timed. */
static const struct customer *customer_of(const struct order *order)
{
	return find_customer(data_customers(), order->customer_id);
}

static void customers_of(const struct order *orders, const struct customer **of)
{
	for (size_t i = 0; i < DATA_ORDERS; i++)
		of[i] = customer_of(&orders[i]);
}

static void BM_parse(struct bench_state *state)
{
	const char(*texts)[DATA_TEXT_SIZE] = data_texts();
	struct order order;
	size_t i = 0;

	while (bench_next(state)) {
		bench_keep(parse_order(texts[i++ % DATA_ORDERS], &order));
		bench_keep(&order);
	}
	bench_state_items(state, bench_state_iterations(state));
}
BENCHMARK(BM_parse);

static void BM_validate(struct bench_state *state)
{
	const struct order *orders = data_orders();
	size_t i = 0;

	while (bench_next(state))
		bench_keep(validate_order(&orders[i++ % DATA_ORDERS]));
}
BENCHMARK(BM_validate);

static void BM_hash(struct bench_state *state)
{
	const struct order *orders = data_orders();
	size_t i = 0;

	while (bench_next(state))
		bench_keep(hash_order(&orders[i++ % DATA_ORDERS]));
}
BENCHMARK(BM_hash);

static void BM_customer(struct bench_state *state)
{
	const struct order *orders = data_orders();
	const struct customers *customers = data_customers();

	while (bench_next(state))
		for (size_t i = 0; i < LOOKUP_BATCH; i++)
			bench_keep(find_customer(customers, orders[i % DATA_ORDERS].customer_id));
	bench_state_items(state, bench_state_iterations(state) * LOOKUP_BATCH);
}
BENCHMARK(BM_customer);

static void BM_rules(struct bench_state *state)
{
	const struct order *orders = data_orders();
	const struct customer *customers[DATA_ORDERS];
	size_t i = 0;

	customers_of(orders, customers);
	while (bench_next(state)) {
		bench_keep(apply_rules(&orders[i % DATA_ORDERS], customers[i % DATA_ORDERS]));
		i++;
	}
}
BENCHMARK(BM_rules);

static void BM_discount(struct bench_state *state)
{
	const struct order *orders = data_orders();
	const struct customer *customers[DATA_ORDERS];
	size_t i = 0;

	customers_of(orders, customers);
	while (bench_next(state)) {
		bench_keep(compute_discount(&orders[i % DATA_ORDERS], customers[i % DATA_ORDERS]));
		i++;
	}
}
BENCHMARK(BM_discount);

static void BM_tax(struct bench_state *state)
{
	const struct order *orders = data_orders();
	size_t i = 0;

	while (bench_next(state))
		bench_keep(compute_tax(&orders[i++ % DATA_ORDERS], 1234));
}
BENCHMARK(BM_tax);

static void BM_receipt(struct bench_state *state)
{
	const struct order *orders = data_orders();
	const struct result result = {.net_cents = 1234567, .discount_cents = 89012, .tax_cents = 217655};
	char receipt[RECEIPT_SIZE];
	int64_t bytes = 0;
	size_t i = 0;

	while (bench_next(state)) {
		bytes += (int64_t)format_receipt(&orders[i++ % DATA_ORDERS], &result, receipt);
		bench_keep(&receipt);
	}
	bench_state_bytes(state, bytes);
}
BENCHMARK(BM_receipt);

static void BM_process(struct bench_state *state)
{
	const struct order *orders = data_orders();
	const struct customers *customers = data_customers();
	struct result result;
	size_t i = 0;

	while (bench_next(state)) {
		process_order(&orders[i++ % DATA_ORDERS], customers, &result);
		bench_keep(&result);
	}
	bench_state_items(state, bench_state_iterations(state));
}
BENCHMARK(BM_process);

static void BM_sort(struct bench_state *state)
{
	size_t count = (size_t)bench_state_arg(state, 0);
	struct order *orders = calloc(SORT_MAX, sizeof *orders);
	const struct order *sorted[SORT_MAX];

	if (!orders)
		bench_state_fail(state, "out of memory");
	else
		data_make(orders, count, 7);
	while (bench_next(state)) {
		sort_orders(orders, count, sorted);
		bench_keep(&sorted);
	}
	free(orders);
}
BENCHMARK_WITH(BM_sort, bench_arg(bench, 32); bench_arg(bench, SORT_MAX));

static void BM_queue(struct bench_state *state)
{
	const struct order *orders = data_orders();
	struct queue *queue = calloc(1, sizeof *queue);
	struct job job;
	size_t i = 0;

	if (!queue)
		bench_state_fail(state, "out of memory");
	while (bench_next(state)) {
		for (size_t n = 0; n < QUEUE_BATCH; n++)
			bench_keep(queue_push(queue, &orders[i++ % DATA_ORDERS], 1));
		for (size_t n = 0; n < QUEUE_BATCH; n++)
			bench_keep(queue_pop(queue, &job));
	}
	bench_state_items(state, bench_state_iterations(state) * QUEUE_BATCH);
	free(queue);
}
BENCHMARK(BM_queue);

static void BM_latency(struct bench_state *state)
{
	struct latency latency = {0};
	const struct order *orders = data_orders();

	while (bench_next(state)) {
		for (size_t i = 0; i < DATA_ORDERS; i++)
			latency_record(&latency, orders[i].deadline_s);
		bench_keep(latency_percentile(&latency, 0.95));
	}
}
BENCHMARK(BM_latency);

static void pool_counters(struct bench_state *state, const struct pool *pool)
{
	struct latency total = {0}, waiting = {0};

	for (size_t i = 0; i < pool->worker_count; i++) {
		latency_merge(&total, &pool->workers[i].total);
		latency_merge(&waiting, &pool->workers[i].waiting);
	}
	bench_state_items(state, bench_state_iterations(state) * POOL_BATCH);
	bench_state_counter(state, "p50_us", latency_percentile(&total, 0.50) / 1e3, 0);
	bench_state_counter(state, "p95_us", latency_percentile(&total, 0.95) / 1e3, 0);
	bench_state_counter(state, "p99_us", latency_percentile(&total, 0.99) / 1e3, 0);
	bench_state_counter(state, "queue_wait_us",
			    waiting.count ? (double)waiting.sum_ns / (double)waiting.count / 1e3 : 0, 0);
}

static void BM_pool(struct bench_state *state)
{
	const struct order *orders = data_orders();
	struct pool *pool = calloc(1, sizeof *pool);

	if (!pool || !pool_open(pool, (size_t)bench_state_arg(state, 0), data_customers())) {
		bench_state_fail(state, "the workers cannot be started");
		free(pool);
		return;
	}
	while (bench_next(state)) {
		for (size_t i = 0; i < POOL_BATCH; i++)
			pool_submit(pool, &orders[i % DATA_ORDERS]);
		pool_drain(pool);
	}
	pool_close(pool);
	pool_counters(state, pool);
	free(pool);
}
BENCHMARK_WITH(BM_pool, BENCH_ARG_NAMES(bench, "workers"); bench_arg(bench, 1); bench_arg(bench, 2);
	       bench_real_time(bench); bench_unit(bench, BENCH_US));

int main(int argc, char **argv)
{
	if (!plant_read(plant_text, stderr))
		return 2;
	if (*plant_text)
		bench_context_add("plant", plant_text);
	return bench_main(argc, argv);
}
