/*
 * What rules and budgets share: the glob over series, and amounts in the unit of the metric that it names.
 */
#ifndef PAWL_FLOW_CONFIG_AMOUNT_H
#define PAWL_FLOW_CONFIG_AMOUNT_H

#include "flow/config_value.h"
#include "model/rule.h"

/* A glob suite/benchmark:metric that can mean something. */
bool config_match(struct problems *p, const struct config_key *key, const struct tree_node *value, const char **out);

/* The unit of the metric that a match names: "ns", "bytes", "" for one that pawl knows no unit of; NULL when it may be
 * several metrics. */
const char *config_match_unit(const char *match);

/*
 * An amount in the unit of the match's metric, and a ratio if that is allowed.  A time or a size needs its unit where the
 * metric is a standard one: a plain number would hide which was meant.  Of a counter whose name only tells the unit
 * (p95_ms) a plain number is meant in that unit, and of one without a unit there are only plain numbers.
 */
bool config_amount(struct problems *p, const struct config_key *key, const struct tree_node *value, const char *match,
		   bool ratio_too, struct amount *out);

#endif
