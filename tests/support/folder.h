/**
 * A temporary folder for one test program, removed with all that is in it.
 */
#ifndef TEST_SUPPORT_FOLDER_H
#define TEST_SUPPORT_FOLDER_H

#include <stddef.h>

/** Makes a fresh folder below $TMPDIR, /dev/shm or /tmp. The path belongs to the module until
 * test_folder_remove. */
const char *test_folder_make(void);
void test_folder_remove(void);

/** The same for cmocka's group setup and teardown. */
int test_folder_setup(void **state);
int test_folder_teardown(void **state);

/** Writes `length` bytes to `name` in the folder (parents are made). Returns the whole path, valid for the
 * next seven calls. */
const char *test_folder_write(const char *name, const void *data, size_t length);

/** The whole path of `name` in the folder; valid for the next seven calls. */
const char *test_folder_path(const char *name);

#endif
