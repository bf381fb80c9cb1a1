/*
 * Readers of the suite's keys that say what surrounds its program.
 */
#ifndef PAWL_FLOW_CONFIG_STEPS_H
#define PAWL_FLOW_CONFIG_STEPS_H

#include "flow/config_value.h"
#include "suite/suite.h"

/* As struct config_key wants them; env and params take the whole struct suite_settings, the others a field. */
void config_read_env(struct problems *p, const struct config_key *key, const struct tree_node *value, void *into);
void config_read_params(struct problems *p, const struct config_key *key, const struct tree_node *value, void *into);
void config_read_text(struct problems *p, const struct config_key *key, const struct tree_node *value, void *field);
void config_read_inside(struct problems *p, const struct config_key *key, const struct tree_node *value, void *field);
void config_read_jobs(struct problems *p, const struct config_key *key, const struct tree_node *value, void *field);
void config_read_warmup(struct problems *p, const struct config_key *key, const struct tree_node *value, void *field);

#endif
