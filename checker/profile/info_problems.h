/*
 * What is wrong with a profile; for info.c.
 */
#ifndef PAWL_PROFILE_INFO_PROBLEMS_H
#define PAWL_PROFILE_INFO_PROBLEMS_H

#include "profile/info.h"

/* Fills the list of problems; everything else is there. */
void info_problems(struct profile_info *info, struct arena *a, const struct profile *p);

#endif
