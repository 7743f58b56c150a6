/**
 * The instant at which tests judge: no fixture expires, since the clock is a parameter.
 */
#ifndef TEST_SUPPORT_INSTANT_H
#define TEST_SUPPORT_INSTANT_H

#include "base/time.h"

#define TEST_AT ((cw_time)1795176000) /* 2026-11-20T12:00:00Z */

#endif
