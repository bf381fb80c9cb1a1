/* The data that the benchmarks work on: made from a seed, the same in every run, made only when asked for. */
#ifndef PROCESSOR_DATA_H
#define PROCESSOR_DATA_H

#include "order.h"

/* A prime: a plant in every Nth call then meets all orders alike, however the calls go round. */
enum { DATA_ORDERS = 31, DATA_TEXT_SIZE = 1024 };

/* DATA_ORDERS valid orders; their texts; the customers of all of them. */
const struct order *data_orders(void);
const char (*data_texts(void))[DATA_TEXT_SIZE];
const struct customers *data_customers(void);

/* Fills `orders` with as many other ones, for sorting. */
void data_make(struct order *orders, size_t count, uint64_t seed);

#endif
