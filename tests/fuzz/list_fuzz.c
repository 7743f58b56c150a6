/**
 * Any bytes as a trust list that is edited: whatever is written reads again as the list that was meant, certificate
 * by certificate; what cannot be written leaves the file as it was. The first byte chooses the edit, the second the
 * places.
 */
#include "base/file.h"
#include "workbench/list/list.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CERTS_MAX 64 /* more are compared no better */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char folder[256], path[300];

static void remove_folder(void)
{
	unlink(path);
	rmdir(folder);
}

static void make_folder(void)
{
	const char *base = getenv("TMPDIR");
	snprintf(folder, sizeof folder, "%s/causeway-fuzz-XXXXXX", base && *base ? base : "/tmp");
	if (!mkdtemp(folder))
		abort();
	snprintf(path, sizeof path, "%s/list.pem", folder);
	atexit(remove_folder);
}

struct meant {
	struct cw_cert *certs[CERTS_MAX]; /* referenced */
	size_t count;
};

static void note(const struct cw_list *list, struct meant *ret)
{
	ret->count = cw_list_certs(list);
	for (size_t i = 0; i < ret->count; i++)
		ret->certs[i] = cw_cert_ref(cw_list_at(list, i + 1)->cert);
}

static void forget(struct meant *meant)
{
	for (size_t i = 0; i < meant->count; i++)
		cw_cert_free(meant->certs[i]);
	meant->count = 0;
}

/* The edit on the list, and on an array of which it is plain what is meant. */
static bool edit(
	struct cw_list *list, uint8_t which, uint8_t places, struct meant *ret, struct cw_error *error)
{
	size_t count = cw_list_certs(list), from = 1 + places % count, to = 1 + places / 16 % count;
	struct cw_cert *moved;
	note(list, ret);
	switch (which % 3) {
	case 0:
		cw_list_remove(list, from);
		cw_cert_free(ret->certs[from - 1]);
		memmove(ret->certs + from - 1, ret->certs + from, (count - from) * sizeof *ret->certs);
		ret->count--;
		return true;
	case 1:
		moved = ret->certs[from - 1];
		memmove(ret->certs + from - 1, ret->certs + from, (count - from) * sizeof *ret->certs);
		memmove(ret->certs + to, ret->certs + to - 1, (count - to) * sizeof *ret->certs);
		ret->certs[to - 1] = moved;
		return cw_list_move(list, from, to, error);
	default:
		moved = cw_cert_ref(ret->certs[from - 1]);
		memmove(ret->certs + to, ret->certs + to - 1, (count - to + 1) * sizeof *ret->certs);
		ret->certs[to - 1] = moved;
		ret->count++;
		return cw_list_insert(list, moved, to, error);
	}
}

static void compare(const struct meant *meant, struct cw_pool *pool)
{
	AUTO_LIST list = {0};
	struct cw_error error;
	if (!cw_list_open(path, false, pool, &list, &error) || cw_list_certs(&list) != meant->count)
		abort();
	for (size_t i = 0; i < meant->count; i++)
		if (!cw_cert_same(cw_list_at(&list, i + 1)->cert, meant->certs[i]))
			abort();
}

static void want_untouched(const uint8_t *data, size_t size)
{
	AUTO_BUFFER content = {0};
	struct cw_error error;
	if (!cw_file_read(path, CW_BUNDLE_FILE_MAX, &content, &error) || content.length != size ||
		memcmp(cw_buffer_string(&content), data, size) != 0)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO(cw_pool_free) struct cw_pool *pool = cw_pool_new();
	AUTO_LIST list = {0};
	struct meant meant = {.count = 0};
	struct cw_error error;
	if (!*folder)
		make_folder();
	if (!pool || size < 2)
		return 0;
	const uint8_t which = data[0], places = data[1];
	unlink(path);
	if (!cw_file_create(path, data + 2, size - 2, 0600, &error))
		abort();
	if (!cw_list_open(path, false, pool, &list, &error) || !cw_list_certs(&list) ||
		cw_list_certs(&list) >= CERTS_MAX)
		return 0;
	if (edit(&list, which, places, &meant, &error) && cw_list_write(&list, &error))
		compare(&meant, pool);
	else
		want_untouched(data + 2, size - 2);
	forget(&meant);
	return 0;
}
