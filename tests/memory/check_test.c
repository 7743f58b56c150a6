/**
 * Every allocation fails in turn while a deployment is loaded, checked and reported on, and while certificate
 * files of every form are read: each time the program says that it is out of memory (exit status 2), or its
 * answer is the very same. It neither crashes nor leaks, and no verdict comes out different.
 *
 * Our own allocations and jansson's all fail, one by one, and with all that come behind them. Of OpenSSL's,
 * which are many, some in the ordinary run; all of them with CAUSEWAY_MEMORY=0 in the environment (N: some N
 * of each row). OpenSSL 3.0 crashes where memory runs out while it builds what it needs at first use; a first
 * run is therefore left alone, as the program itself builds that at its start (pki/openssl_start.h). For a
 * file under a password it makes a library context of its own (pki/bundle/legacy.h), in which it leaks by itself:
 * there it is spared. libyaml's own allocations and libc's do not fail here.
 *
 * MEMORY_STOP=1 with the arguments that a failed run names stops in the allocation, for a debugger; the
 * arguments also take a stretch (0 1 1-5000), so that the long run can be made in pieces.
 */
#include "support/cmocka.h"

#include "failing.h"

#include "base/file.h"
#include "support/deployment_files.h"
#include "support/folder.h"
#include "support/verb.h"

#include <stdio.h>
#include <unistd.h>

#define SAMPLES 40 /* of those that are not all tried in the ordinary run */

/* A verb, and what it is asked about: a lab with this fault, or a file of support/deployment_files.h. */
static const struct row {
	const char *fault; /* or NULL */
	const char *file;  /* or NULL; with the verb "new" a folder that is not there yet */
	const char *verb, *sub;
	const char *option, *value;
	bool spare_openssl; /* nothing new in it for OpenSSL; or a password, see above */
} rows[] = {
	{NULL, NULL, "check", NULL, "-f", "json", false},
	{"issuer-missing", NULL, "check", NULL, "-f", "text", false},
	{"crl-expired", NULL, "check", NULL, "-f", "json", false},
	{"issuer-shadowed", NULL, "check", NULL, "-f", "text", false},
	{NULL, NULL, "horizon", NULL, "-f", "text", false},
	{"issuer-missing", NULL, "check", NULL, "-f", "html", true},
	{"issuer-missing", NULL, "check", NULL, "-f", "junit", true},
	{NULL, "c1.p12", "cert", "show", "--password-file", "secret.txt", true},
	{NULL, "chain.p7b", "cert", "show", "-f", "json", false},
	{NULL, "both.pem", "cert", "show", "-f", "text", false},
	{NULL, "ca-and-crl.pem", "cert", "show", "-f", "text", false},
	{NULL, "locked.pem", "cert", "show", "--password-file", "secret.txt", true},
	{NULL, "new", "ca", "new", "--key=ec", "--cn=Acme", false},
	{NULL, "lab", "lab", "new", "--key=ec", "--fault=crl-expired", false},
};

static const char *make_lab(const struct row *row)
{
	TEST_ANSWER made = {0};
	static char path[256];
	if (row->file) {
		snprintf(path, sizeof path, "%s", test_folder_path(row->file));
		return path;
	}
	snprintf(path, sizeof path, "%s", test_folder_path(row->fault ? row->fault : "sound"));
	if (access(path, F_OK) == 0)
		return path;
	if (row->fault)
		RUN(&made, "lab", "new", path, "--fault", row->fault);
	else
		RUN(&made, "lab", "new", path);
	if (made.status != CW_EXIT_GOOD)
		fail_msg("%s", made.err);
	return path;
}

static void ask(const struct row *row, const char *path, struct test_answer *answer)
{
	static unsigned number;
	char fresh[300];
	bool makes = row->file && strcmp(row->sub, "new") == 0;
	snprintf(fresh, sizeof fresh, makes ? "%s%u" : "%s", path, number++);
	const char *value = strstr(row->value, ".txt") ? test_folder_path(row->value) : row->value;
	if (row->sub)
		RUN(answer, row->verb, row->sub, row->option, value, fresh);
	else
		RUN(answer, row->verb, row->option, value, fresh);
	if (makes) /* it says where */
		answer->out_length = 0, answer->out[0] = '\0';
}

/* False: something else came out than "out of memory" or what comes out with memory. */
static bool is_clean(const struct test_answer *answer, const struct test_answer *wanted)
{
	if (answer->status == CW_EXIT_TROUBLE)
		return strstr(answer->err, "out of memory") && answer->out_length == 0;
	return answer->status == wanted->status && strcmp(answer->out, wanted->out) == 0;
}

static unsigned long unclean; /* of the row */

static void try_one(const struct row *row, const char *path, const struct test_answer *wanted,
	enum failing_kind kind, unsigned long number, bool lasting)
{
	TEST_ANSWER answer = {0};
	failing_arm(kind, number, lasting);
	ask(row, path, &answer);
	failing_disarm();
	if (is_clean(&answer, wanted))
		return;
	print_error("row %td, kind %d, allocation %lu%s: status %d, error \"%s\"\n", row - rows, (int)kind,
		number, lasting ? " and all behind it" : "", (int)answer.status, answer.err);
	unclean++;
}

/* 0: each. */
static void try_all(const struct row *row, enum failing_kind kind, bool sampled, bool lasting)
{
	const char *path = make_lab(row);
	TEST_ANSWER wanted = {0};
	ask(row, path, &wanted);
	unclean = 0;
	TEST_ANSWER again = {0};
	failing_arm(kind, 0, false);
	ask(row, path, &again);
	failing_disarm();
	unsigned long count = failing_count(kind);
	unsigned long samples = sampled ? failing_samples(SAMPLES) : 0;
	unsigned long step = samples && count > samples ? count / samples : 1;
	for (unsigned long number = 1; number <= count; number += step)
		try_one(row, path, &wanted, kind, number, lasting);
	assert_int_equal(LEAKS(), 0);
	assert_int_equal(unclean, 0);
	print_message("row %td, kind %d: %lu allocations, step %lu\n", row - rows, (int)kind, count, step);
}

static void each_allocation_of_ours_fails_in_turn(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		try_all(&rows[i], FAILING_OWN, i && !rows[i].file, false);
}

static void each_allocation_of_ours_fails_with_all_behind_it(void **state)
{
	(void)state;
	try_all(&rows[0], FAILING_OWN, true, true);
}

static void each_allocation_of_jansson_fails_in_turn(void **state)
{
	(void)state;
	try_all(&rows[0], FAILING_JANSSON, true, false);
}

static void allocations_of_openssl_fail_in_turn(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		if (!rows[i].spare_openssl)
			try_all(&rows[i], FAILING_OPENSSL, true, false);
}

/* c1's certificate, and its key under a password. */
static void make_locked(void)
{
	AUTO_BUFFER bytes = {0};
	AUTO_BUFFER key = {0};
	struct cw_error error;
	if (!cw_file_read(test_folder_path("chain.pem"), 100000, &bytes, &error) ||
		!cw_file_read(test_folder_path("locked-key.pem"), 100000, &key, &error))
		abort();
	cw_buffer_text(&bytes, cw_buffer_string(&key));
	test_folder_write("locked.pem", bytes.data, bytes.length);
}

/* ROW KIND NUMBER [lasting]: one allocation alone, or FROM-TO: a stretch of them, for a long run in pieces.
 */
static int run_some(char **words, bool lasting)
{
	const struct row *row = &rows[strtoul(words[0], NULL, 10) % (sizeof rows / sizeof rows[0])];
	const char *path = make_lab(row);
	TEST_ANSWER wanted = {0};
	ask(row, path, &wanted);
	char *end;
	unsigned long from = strtoul(words[2], &end, 10);
	unsigned long to = *end == '-' ? strtoul(end + 1, NULL, 10) : from;
	for (unsigned long number = from; number <= to; number++)
		try_one(row, path, &wanted, (enum failing_kind)strtoul(words[1], NULL, 10), number, lasting);
	return unclean || LEAKS() ? 1 : 0;
}

int main(int count, char **words)
{
	if (!failing_start())
		return 1;
	test_deployment_files();
	make_locked();
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_allocation_of_ours_fails_in_turn),
		cmocka_unit_test(each_allocation_of_ours_fails_with_all_behind_it),
		cmocka_unit_test(each_allocation_of_jansson_fails_in_turn),
		cmocka_unit_test(allocations_of_openssl_fail_in_turn),
	};
	int status = count > 3 ? run_some(words + 1, count > 4) : cmocka_run_group_tests(tests, NULL, NULL);
	test_folder_remove();
	return status;
}
