/*
 * The keys of pawl.yml: from the tree of the file to a configuration.
 */
#ifndef PAWL_FLOW_CONFIG_KEYS_H
#define PAWL_FLOW_CONFIG_KEYS_H

#include "flow/config.h"
#include "flow/config_problem.h"
#include "flow/config_value.h"
#include "flow/tree.h"

/* Fills `out` from the root of the file; what is wrong is noted in `p`.  `path` and `folder` stay as they are. */
void config_keys_read(struct problems *p, const struct tree_node *root, struct config *out);

/* All that pawl.yml may hold, and what the items of its lists may. */
extern const struct config_table config_top_table, config_suite_table, config_rule_table, config_budget_table,
	config_rename_table;

/* The item of `suites:`, `rules:`, `budgets:` or `renamed:`, defaults included. */
void config_suite_read(struct problems *p, const struct tree_node *node, struct suite_settings *out);
void config_rule_read(struct problems *p, const struct tree_node *node, struct rule *out);
void config_budget_read(struct problems *p, const struct tree_node *node, struct budget *out);
void config_rename_read(struct problems *p, const struct tree_node *node, struct rename *out);

#endif
