/*
 * The concurrent part: bounded queues by priority, workers that process what is in them, statistics of what they did.
 */
#ifndef PROCESSOR_POOL_H
#define PROCESSOR_POOL_H

#include "order.h"

#include <pthread.h>
#include <stdatomic.h>

enum { QUEUE_SIZE = 64, POOL_WORKERS_MAX = 16 };

/* An order on its way, by value: a queue needs no memory of its own. */
struct job {
	struct order order;
	int64_t queued_ns;
};

/* Not locked: whoever uses it holds the pool's lock. */
struct queue {
	struct job jobs[QUEUE_SIZE];
	size_t first, count;
};

/* False when it is full, or empty. */
KEPT bool queue_push(struct queue *queue, const struct order *order, int64_t now_ns);
KEPT bool queue_pop(struct queue *queue, struct job *job);

enum { LATENCY_BUCKETS = 1024 };

/* Counts of durations in buckets that are 1/16 of a power of two wide: a percentile is right to 6 %. */
struct latency {
	uint64_t buckets[LATENCY_BUCKETS], count, sum_ns;
};

KEPT void latency_record(struct latency *latency, int64_t ns);
/* The duration that `part` (0 to 1) of the recorded ones do not exceed; 0 without any. */
KEPT double latency_percentile(const struct latency *latency, double part);
void latency_merge(struct latency *into, const struct latency *from);

struct pool_statistics {
	atomic_uint_fast64_t accepted, refused, invalid;
	atomic_int_fast64_t revenue_cents;
};

struct pool;

struct pool_worker {
	struct pool *pool;
	pthread_t thread;
	struct latency total, waiting; /* from queueing to the result, and to the start */
};

struct pool {
	pthread_mutex_t lock;
	pthread_cond_t filled, emptied, idle;
	struct queue queues[PRIORITY_COUNT];
	size_t waiting, busy; /* jobs in queues, and with workers */
	bool stopping;
	const struct customers *customers;
	struct pool_statistics statistics;
	struct pool_worker workers[POOL_WORKERS_MAX];
	size_t worker_count;
};

/* False when not all workers can be started; nothing is left then.  The customers must outlive the pool. */
bool pool_open(struct pool *pool, size_t worker_count, const struct customers *customers);
/* Waits while the queue of that priority is full. */
void pool_submit(struct pool *pool, const struct order *order);
/* Waits until everything submitted is done. */
void pool_drain(struct pool *pool);
/* Lets the workers finish what is queued and end; the statistics stay readable. */
void pool_close(struct pool *pool);

#endif
