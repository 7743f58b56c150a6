/* Archives are hostile: what is in them is read into memory with bounds, and each trick is told. */
#include "support/certs.h"
#include "support/cmocka.h"
#include "support/evidence.h"
#include "support/folder.h"

#include "import/source/archive.h"
#include "import/source/gather.h"
#include "pki/bundle/pem_write.h"

#include <archive.h>
#include <archive_entry.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* An archive in the making. */
struct packing {
	struct archive *archive;
	char *data;
	size_t used;
	size_t room;
};

#define ROOM ((size_t)8 * 1024 * 1024)

static void pack_begin(struct packing *packing, const char *form)
{
	packing->room = ROOM;
	packing->data = malloc(packing->room);
	packing->archive = archive_write_new();
	if (strcmp(form, "tar") != 0) {
		archive_write_set_format_zip(packing->archive);
	} else {
		archive_write_set_format_pax_restricted(packing->archive);
		archive_write_add_filter_gzip(packing->archive);
	}
	if (strcmp(form, "encrypted zip") == 0) {
		archive_write_set_options(packing->archive, "zip:encryption=zipcrypt");
		archive_write_set_passphrase(packing->archive, "secret");
	}
	assert_int_equal(
		archive_write_open_memory(packing->archive, packing->data, packing->room, &packing->used), 0);
}

static void pack_entry(struct packing *packing, const char *name, mode_t type, const char *link,
	const void *data, size_t length)
{
	struct archive_entry *entry = archive_entry_new();
	archive_entry_set_pathname(entry, name);
	archive_entry_set_filetype(entry, type);
	archive_entry_set_perm(entry, 0644);
	archive_entry_set_mtime(entry, TEST_AT, 0);
	archive_entry_set_size(entry, (la_int64_t)length);
	if (link)
		archive_entry_set_symlink(entry, link);
	assert_int_equal(archive_write_header(packing->archive, entry), ARCHIVE_OK);
	if (length)
		assert_int_equal(archive_write_data(packing->archive, data, length), (long)length);
	archive_entry_free(entry);
}

static void pack_text(struct packing *packing, const char *name, const char *text)
{
	pack_entry(packing, name, AE_IFREG, NULL, text, strlen(text));
}

static void pack_end(struct packing *packing)
{
	assert_int_equal(archive_write_close(packing->archive), ARCHIVE_OK);
	archive_write_free(packing->archive);
}

/* What an import of the packed bytes (all, or the first `length`) finds, as lines. */
static char *gathered(const struct packing *packing, size_t length)
{
	AUTO_BUFFER found = {0};
	AUTO(cw_pool_free) struct cw_pool *pool = cw_pool_new();
	AUTO_EVIDENCE evidence = {.pool = pool};
	struct cw_error error;
	const char *path = test_folder_write("a.bin", packing->data, length ? length : packing->used);
	if (!cw_gather_source(&evidence, path, NULL, NULL, &error))
		fail_msg("%s", error.message);
	test_evidence_text(&evidence, test_cert_name, &found);
	cw_buffer_text(&found, "");
	char *text = cw_buffer_steal(&found);
	/* The folder's own name is no matter. */
	for (char *at; (at = strstr(text, test_folder_path("")));)
		memmove(at, at + strlen(test_folder_path("")), strlen(at + strlen(test_folder_path(""))) + 1);
	return text;
}

static void check_found(struct packing *packing, size_t length, const char *want)
{
	AUTO(free) char *found = gathered(packing, length);
	assert_string_equal(found, want);
	free(packing->data);
}

static void every_file_is_told_apart_by_its_bytes(void **state)
{
	static const char *const forms[] = {"tar", "zip"};
	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct packing packing;
		pack_begin(&packing, forms[i]);
		pack_text(&packing, "./d//wrong.pcap", "*c xConfiguration Alternates Cluster Name: \"c\"\n");
		pack_text(&packing, "d/x.pem", "*s SystemUnit Software Version: \"X14.2\"\n");
		pack_end(&packing);
		check_found(&packing, 0,
			"a.bin/d/wrong.pcap:1 Alternates Cluster Name 0/0 = c\n"
			"a.bin/d/x.pem:1 SystemUnit Software Version 0/0 = X14.2\n");
	}
}

static void links_and_names_that_lead_out_are_only_names(void **state)
{
	(void)state;
	struct packing packing;
	pack_begin(&packing, "tar");
	pack_entry(&packing, "etc", AE_IFLNK, "/etc", NULL, 0);
	pack_entry(&packing, "fifo", AE_IFIFO, NULL, NULL, 0);
	pack_text(&packing, "../../../tmp/causeway-was-here", "*s SystemUnit Software Version: \"X14\"\n");
	pack_text(&packing, "/etc/cron.d/x", "*s SystemUnit Software Version: \"X15\"\n");
	pack_text(&packing, "a\033[31m", "*s SystemUnit Software Version: \"X12\"\n");
	pack_end(&packing);
	check_found(&packing, 0,
		"a.bin/../../../tmp/causeway-was-here:1 SystemUnit Software Version 0/0 = X14\n"
		"a.bin/etc/cron.d/x:1 SystemUnit Software Version 0/0 = X15\n"
		"a.bin/a\\x1b[31m:1 SystemUnit Software Version 0/0 = X12\n"
		"a.bin/etc unused a link; links in archives are not followed\n"
		"a.bin/fifo unused no regular file\n");
	assert_int_not_equal(access("/tmp/causeway-was-here", F_OK), 0);
}

static void an_archive_that_is_cut_off_gives_what_stood_before(void **state)
{
	(void)state;
	struct packing packing;
	pack_begin(&packing, "tar");
	pack_text(&packing, "a.txt", "*s SystemUnit Software Version: \"X14\"\n");
	AUTO_BUFFER noise = {0};
	for (unsigned i = 0; i < 200000; i++)
		cw_buffer_printf(&noise, "%u ", i * 2654435761U);
	pack_entry(&packing, "log", AE_IFREG, NULL, noise.data, noise.length);
	pack_end(&packing);
	AUTO(free) char *found = gathered(&packing, packing.used / 2);
	assert_non_null(strstr(found, "a.bin/a.txt:1 SystemUnit Software Version 0/0 = X14\n"));
	assert_non_null(strstr(found, "a.bin/log unused cannot be read"));
	free(packing.data);
}

static void encrypted_members_are_told(void **state)
{
	(void)state;
	struct packing packing;
	pack_begin(&packing, "encrypted zip");
	pack_text(&packing, "a.txt", "*s SystemUnit Software Version: \"X14\"\n");
	pack_end(&packing);
	check_found(&packing, 0,
		"a.bin/a.txt unused encrypted; unpack it with its password and import the folder\n");
}

/* 300 MB of zeros, which gzip packs 1:1000. */
static void a_bomb_is_not_read_to_its_end(void **state)
{
	(void)state;
	struct packing packing;
	pack_begin(&packing, "tar");
	AUTO(free) char *zeros = calloc(1, 300u * 1024 * 1024);
	pack_entry(&packing, "zeros", AE_IFREG, NULL, zeros, 300u * 1024 * 1024);
	pack_text(&packing, "a.txt", "*s SystemUnit Software Version: \"X14\"\n");
	pack_end(&packing);
	AUTO(free) char *found = gathered(&packing, 0);
	assert_non_null(strstr(found, "unpacks to far more than a diagnostic archive holds"));
	assert_null(strstr(found, "X14"));
	free(packing.data);
}

static void a_hundred_thousand_entries_end(void **state)
{
	(void)state;
	struct packing packing;
	pack_begin(&packing, "tar");
	for (unsigned i = 0; i < 100000; i++) {
		char name[32];
		snprintf(name, sizeof name, "%u", i);
		pack_entry(&packing, name, AE_IFDIR, NULL, NULL, 0);
	}
	pack_end(&packing);
	AUTO(free) char *found = gathered(&packing, 0);
	assert_non_null(strstr(found, "more than 20000 files in one archive"));
	free(packing.data);
}

static void long_and_deep_names_are_passed_over(void **state)
{
	(void)state;
	struct packing packing;
	char name[3000];
	pack_begin(&packing, "tar");
	memset(name, 'a', 2000);
	name[2000] = 0;
	pack_text(&packing, name, "*s SystemUnit Software Version: \"X14\"\n");
	for (size_t i = 0; i < 100; i++)
		memcpy(name + 2 * i, "d/", 2);
	strcpy(name + 200, "x");
	pack_text(&packing, name, "*s SystemUnit Software Version: \"X14\"\n");
	pack_end(&packing);
	AUTO(free) char *found = gathered(&packing, 0);
	assert_null(strstr(found, "X14"));
	assert_non_null(strstr(found, "more than 32 folders deep"));
	free(packing.data);
}

/* An archive in an archive in … */
static void nesting_ends(void **state)
{
	(void)state;
	AUTO_BUFFER inner = {0};
	cw_buffer_text(&inner, "*s SystemUnit Software Version: \"X14\"\n");
	for (unsigned depth = 1; depth <= CW_GATHER_NESTED_MAX + 1; depth++) {
		struct packing packing;
		pack_begin(&packing, "zip");
		pack_entry(&packing, "in", AE_IFREG, NULL, inner.data, inner.length);
		pack_end(&packing);
		inner.length = 0;
		cw_buffer_append(&inner, packing.data, packing.used);
		AUTO(free) char *found = gathered(&packing, 0);
		if (depth <= CW_GATHER_NESTED_MAX)
			assert_non_null(strstr(found, "X14"));
		else
			assert_non_null(strstr(found, "an archive in an archive, more than three deep"));
		free(packing.data);
	}
}

static void folders_are_walked_without_following_links(void **state)
{
	(void)state;
	AUTO_BUFFER found = {0};
	AUTO(cw_pool_free) struct cw_pool *pool = cw_pool_new();
	AUTO_EVIDENCE evidence = {.pool = pool};
	struct cw_error error;
	static const char text[] = "*s SystemUnit Software Version: \"X14\"\n";
	test_folder_write("walk/b/status.txt", text, strlen(text));
	test_folder_write("walk/a.txt", text, strlen(text));
	test_folder_write("walk/.hidden", text, strlen(text));
	assert_int_equal(symlink("/etc/passwd", test_folder_path("walk/link")), 0);
	assert_int_equal(mkfifo(test_folder_path("walk/pipe"), 0600), 0);
	assert_true(cw_gather_source(&evidence, test_folder_path("walk/"), NULL, NULL, &error));
	test_evidence_text(&evidence, test_cert_name, &found);
	assert_int_equal(evidence.fact_count, 2);
	assert_int_equal(evidence.unused.count, 2);
	assert_string_equal(
		evidence.unused.items[0].text, "a symbolic link; links in folders are not followed");
	assert_string_equal(evidence.unused.items[1].text, "no regular file");
	assert_false(cw_gather_source(&evidence, test_folder_path("nowhere"), NULL, NULL, &error));
	assert_int_equal(error.code, CW_E_IO);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_file_is_told_apart_by_its_bytes),
		cmocka_unit_test(links_and_names_that_lead_out_are_only_names),
		cmocka_unit_test(an_archive_that_is_cut_off_gives_what_stood_before),
		cmocka_unit_test(encrypted_members_are_told),
		cmocka_unit_test(a_bomb_is_not_read_to_its_end),
		cmocka_unit_test(a_hundred_thousand_entries_end),
		cmocka_unit_test(long_and_deep_names_are_passed_over),
		cmocka_unit_test(nesting_ends),
		cmocka_unit_test(folders_are_walked_without_following_links),
	};
	return cmocka_run_group_tests(tests, test_folder_setup, test_folder_teardown);
}
