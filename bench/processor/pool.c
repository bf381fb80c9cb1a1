/* Workers that process queued orders, the most urgent queue first. */
#include "pool.h"

#include <string.h>
#include <time.h>

static int64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static void statistics_add(struct pool_statistics *statistics, const struct result *result)
{
	if (result->state != ORDER_ACCEPTED) {
		atomic_fetch_add_explicit(result->state == ORDER_REFUSED ? &statistics->refused : &statistics->invalid,
					  1, memory_order_relaxed);
		return;
	}
	atomic_fetch_add_explicit(&statistics->accepted, 1, memory_order_relaxed);
	atomic_fetch_add_explicit(&statistics->revenue_cents, result->net_cents - result->discount_cents,
				  memory_order_relaxed);
}

/* The next job; false when there is none and none will come. */
static bool job_take(struct pool *pool, struct job *job)
{
	bool found = false;

	pthread_mutex_lock(&pool->lock);
	while (pool->waiting == 0 && !pool->stopping)
		pthread_cond_wait(&pool->filled, &pool->lock);
	for (size_t i = 0; i < PRIORITY_COUNT && !found; i++)
		found = queue_pop(&pool->queues[i], job);
	if (found) {
		pool->waiting--;
		pool->busy++;
		pthread_cond_signal(&pool->emptied);
	}
	pthread_mutex_unlock(&pool->lock);
	return found;
}

static void job_finish(struct pool *pool)
{
	pthread_mutex_lock(&pool->lock);
	pool->busy--;
	if (pool->busy == 0 && pool->waiting == 0)
		pthread_cond_broadcast(&pool->idle);
	pthread_mutex_unlock(&pool->lock);
}

static void *worker_main(void *argument)
{
	struct pool_worker *worker = argument;
	struct job job;

	while (job_take(worker->pool, &job)) {
		struct result result;
		latency_record(&worker->waiting, now_ns() - job.queued_ns);
		process_order(&job.order, worker->pool->customers, &result);
		statistics_add(&worker->pool->statistics, &result);
		latency_record(&worker->total, now_ns() - job.queued_ns);
		job_finish(worker->pool);
	}
	return NULL;
}

bool pool_open(struct pool *pool, size_t worker_count, const struct customers *customers)
{
	memset(pool, 0, sizeof *pool);
	pool->customers = customers;
	pthread_mutex_init(&pool->lock, NULL);
	pthread_cond_init(&pool->filled, NULL);
	pthread_cond_init(&pool->emptied, NULL);
	pthread_cond_init(&pool->idle, NULL);
	for (size_t i = 0; i < worker_count && i < POOL_WORKERS_MAX; i++) {
		pool->workers[i].pool = pool;
		if (pthread_create(&pool->workers[i].thread, NULL, worker_main, &pool->workers[i]) != 0)
			break;
		pool->worker_count++;
	}
	if (pool->worker_count == worker_count)
		return true;
	pool_close(pool);
	return false;
}

void pool_submit(struct pool *pool, const struct order *order)
{
	pthread_mutex_lock(&pool->lock);
	while (!queue_push(&pool->queues[order->priority], order, now_ns()))
		pthread_cond_wait(&pool->emptied, &pool->lock);
	pool->waiting++;
	pthread_cond_signal(&pool->filled);
	pthread_mutex_unlock(&pool->lock);
}

void pool_drain(struct pool *pool)
{
	pthread_mutex_lock(&pool->lock);
	while (pool->busy > 0 || pool->waiting > 0)
		pthread_cond_wait(&pool->idle, &pool->lock);
	pthread_mutex_unlock(&pool->lock);
}

void pool_close(struct pool *pool)
{
	pthread_mutex_lock(&pool->lock);
	pool->stopping = true;
	pthread_cond_broadcast(&pool->filled);
	pthread_mutex_unlock(&pool->lock);
	for (size_t i = 0; i < pool->worker_count; i++)
		pthread_join(pool->workers[i].thread, NULL);
	pthread_cond_destroy(&pool->idle);
	pthread_cond_destroy(&pool->emptied);
	pthread_cond_destroy(&pool->filled);
	pthread_mutex_destroy(&pool->lock);
}
