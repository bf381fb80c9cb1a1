/* A bounded queue of jobs. */
#include "plant.h"
#include "pool.h"

bool queue_push(struct queue *queue, const struct order *order, int64_t now_ns)
{
	if (queue->count == QUEUE_SIZE)
		return false;
	struct job *job = &queue->jobs[(queue->first + queue->count) % QUEUE_SIZE];
	PLANT_LOOP(queue_push)
	{
		job->order = *order;
		job->queued_ns = now_ns;
		bench_keep(job);
	}
	queue->count++;
	return true;
}

bool queue_pop(struct queue *queue, struct job *job)
{
	if (queue->count == 0)
		return false;
	PLANT_LOOP(queue_pop)
	{
		*job = queue->jobs[queue->first];
		bench_keep(job);
	}
	queue->first = (queue->first + 1) % QUEUE_SIZE;
	queue->count--;
	return true;
}
