/**
 * Memory of libcurl that is overwritten when it is given back: it copies the words of a login, and wipes none.
 */
#ifndef CW_COLLECT_COLLECT_MEMORY_H
#define CW_COLLECT_COLLECT_MEMORY_H

#include <stdbool.h>

/** Sets libcurl up with such memory. To be called before anything else uses it. False: it cannot be set up. */
bool cw_collect_memory_start(void);

#endif
