/* The plant of this build, and nothing else: the only object that is compiled anew for another one. */
#include "plant.h"

#ifndef PLANT
#define PLANT ""
#endif

_Static_assert(sizeof PLANT <= PLANT_TEXT_SIZE, "PLANT names too many functions");

const char plant_text[PLANT_TEXT_SIZE] = PLANT;
