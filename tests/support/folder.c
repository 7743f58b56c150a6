#include "support/folder.h"

#include "base/file.h"
#include "support/cmocka.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[256];

/* In memory where that can be had: waiting for the disk (fsync) was nine tenths of the run. */
static const char *base_folder(void)
{
	const char *base = getenv("TMPDIR");
	if (base && *base)
		return base;
	return access("/dev/shm", W_OK | X_OK) == 0 ? "/dev/shm" : "/tmp";
}

const char *test_folder_make(void)
{
	snprintf(folder, sizeof folder, "%s/causeway-test-XXXXXX", base_folder());
	assert_non_null(mkdtemp(folder));
	assert_int_equal(
		chmod(folder, 0711), 0); /* the account of SSH tunnels goes through it, where we are root */
	return folder;
}

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *where)
{
	(void)status;
	(void)type;
	(void)where;
	return remove(path);
}

void test_folder_remove(void)
{
	if (folder[0])
		nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	folder[0] = '\0';
}

const char *test_folder_path(const char *name)
{
	static char paths[8][512];
	static size_t next;
	char *path = paths[next++ % 8];
	snprintf(path, sizeof paths[0], "%s/%s", folder, name);
	return path;
}

const char *test_folder_write(const char *name, const void *data, size_t length)
{
	const char *path = test_folder_path(name);
	char parent[512];
	snprintf(parent, sizeof parent, "%s", path);
	*strrchr(parent, '/') = '\0';
	struct cw_error error;
	if (!cw_file_make_folder(parent, &error) || !cw_file_write(path, data, length, 0600, &error))
		fail_msg("%s", error.message);
	return path;
}

int test_folder_setup(void **state)
{
	(void)state;
	test_folder_make();
	return 0;
}

int test_folder_teardown(void **state)
{
	(void)state;
	test_folder_remove();
	return 0;
}
