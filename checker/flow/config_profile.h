/*
 * The key `profile` of a suite in pawl.yml.
 */
#ifndef PAWL_FLOW_CONFIG_PROFILE_H
#define PAWL_FLOW_CONFIG_PROFILE_H

#include "flow/config_value.h"

extern const struct config_table config_profile_table;

/* `off`, or a map; `field` is a struct suite_profiling. */
void config_read_profile(struct problems *p, const struct config_key *key, const struct tree_node *value, void *field);

#endif
