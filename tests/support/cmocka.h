/**
 * cmocka with the headers that it wants before it, and what every test uses.
 */
#ifndef TEST_SUPPORT_CMOCKA_H
#define TEST_SUPPORT_CMOCKA_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/** What a program returns where all of its tests were skipped (ctest shows "Skipped"). */
#define TEST_SKIPPED 77

#endif
