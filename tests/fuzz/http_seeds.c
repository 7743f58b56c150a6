/*
 * http_seeds FOLDER: the messages of tests/http as inputs for the fuzz targets, one a file.
 */
#include "base/file.h"
#include "support/http_rows.h"

#include <stdio.h>
#include <string.h>

#define SEED_MAX ((size_t)24000) /* longer ones make a fuzzer slow, and the unit tests have them */

struct folder {
	char path[4096];
	const char *behind; /* only what stands behind this text in each row; NULL: everything */
	size_t count;
};

static void must(bool worked, const struct cw_error *error)
{
	if (worked)
		return;
	fprintf(stderr, "http_seeds: %s\n", error->message);
	exit(1);
}

static void write_row(const struct test_row *row, void *context)
{
	struct folder *folder = context;
	struct cw_http_text bytes = row->bytes;
	char path[4200];
	struct cw_error error;
	if (folder->behind) {
		const char *at = memmem(bytes.at, bytes.length, folder->behind, strlen(folder->behind));
		if (!at)
			return;
		size_t skipped = (size_t)(at - bytes.at) + strlen(folder->behind);
		bytes = cw_http_text_part(bytes, skipped, CW_HTTP_REST);
	}
	if (bytes.length > SEED_MAX)
		return;
	snprintf(path, sizeof path, "%s/%03zu", folder->path, folder->count++);
	must(cw_file_write(path, bytes.at ? bytes.at : "", bytes.length, 0644, &error), &error);
}

static void write_table(const char *made, const char *name, const char *table, const char *behind)
{
	struct folder folder = {.behind = behind};
	struct cw_error error;
	snprintf(folder.path, sizeof folder.path, "%s/%s", made, name);
	must(cw_file_make_folder(folder.path, &error), &error);
	test_http_rows(table, write_row, &folder);
}

int main(int argc, char **argv)
{
	if (argc != 2) {
		fprintf(stderr, "usage: http_seeds FOLDER\n");
		return 2;
	}
	write_table(argv[1], "http_request", HTTP_TABLES "/requests.txt", NULL);
	write_table(argv[1], "http_response", HTTP_TABLES "/responses.txt", NULL);
	write_table(argv[1], "edge_message", HTTP_TABLES "/requests.txt", NULL);
	write_table(
		argv[1], "http_chunked", HTTP_TABLES "/requests.txt", "Transfer-Encoding: chunked\r\n\r\n");
	write_table(argv[1], "http_multipart", HTTP_TABLES "/forms.txt", NULL);
	return 0;
}
