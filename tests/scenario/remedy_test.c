/*
 * Proof of remedies (docs/design.md): after it, the finding is gone and nothing else got worse. Every append,
 * remove and move-before that a check of a planted fault names is done on the files, one at a time, and then
 * all of them, until there is none left.
 */
#include "edited.h"
#include "repair.h"
#include "support/cmocka.h"
#include "support/folder.h"

#include "base/file.h"
#include "issue/issue.h"
#include "pki/bundle/bundle.h"
#include "pki/key.h"
#include "plan/compare.h"

#include <stdio.h>
#include <string.h>

#define REMEDIES_MAX 64
#define ROUNDS_MAX 4
#define TESTS_MAX 256

struct remedies {
	const struct cw_remedy *items[REMEDIES_MAX];
	size_t count;
};

static void add_remedies(const struct cw_complaints *complaints, struct remedies *ret)
{
	for (size_t i = 0; i < complaints->count; i++) {
		const struct cw_remedy *remedy = &complaints->items[i].remedy;
		bool known = !repair_is_possible(remedy);
		for (size_t k = 0; k < ret->count; k++)
			known |= repair_is_same(ret->items[k], remedy);
		if (known)
			continue;
		assert_true(ret->count < REMEDIES_MAX);
		ret->items[ret->count++] = remedy;
	}
}

static void all_remedies(const struct cw_check *check, struct remedies *ret)
{
	for (size_t i = 0; i < check->link_count; i++)
		add_remedies(&check->links[i]->complaints, ret);
	for (size_t i = 0; i < check->node_count; i++)
		add_remedies(&check->nodes[i].complaints, ret);
}

static void nothing_got_worse(const struct cw_check *before, const struct cw_check *after, const char *what)
{
	AUTO_COMPARE compare = {0};
	struct cw_error error;
	assert_true(cw_compare_checks(before, after, &compare, &error));
	for (size_t i = 0; i < compare.count; i++) {
		const struct cw_compare_row *row = &compare.rows[i];
		if (row->change == CW_COMPARE_WORSE)
			fail_msg("%s: %s %s was %s and is %s", what, cw_compare_kind_name(row->kind), row->id,
				row->before ? row->before : "not there", row->after ? row->after : "gone");
	}
}

static size_t count_same(const struct cw_complaints *complaints, const struct cw_complaint *wanted)
{
	size_t count = 0;
	for (size_t i = 0; i < complaints->count; i++)
		count += cw_compare_same_reason(&complaints->items[i], wanted);
	return count;
}

/*
 * Whatever the finding asks for afterwards, it must not stand there. Where several are the same but for their
 * remedies, as many are gone as asked for this one.
 */
static void findings_are_gone(const struct cw_complaints *before, const struct cw_complaints *after,
	const struct cw_remedy *remedy, const char *what)
{
	for (size_t i = 0; i < before->count; i++) {
		const struct cw_complaint *old = &before->items[i];
		size_t asked = 0;
		if (!repair_is_same(&old->remedy, remedy))
			continue;
		for (size_t k = 0; k < before->count; k++)
			asked += cw_compare_same_reason(&before->items[k], old) &&
				repair_is_same(&before->items[k].remedy, remedy);
		if (count_same(after, old) > count_same(before, old) - asked)
			fail_msg("%s: %s of %s is still there, perhaps with another remedy", what,
				cw_finding_code_name(old->finding.code), old->judge);
	}
}

/* "issuer-missing: append CN=… on c1.acme.test trusted-ca" */
static const char *describe(const char *row, const struct cw_remedy *remedy, char text[512])
{
	snprintf(text, 512, "%s: %s %s on %s %s", row, cw_remedy_action_name(remedy->action),
		cw_cert_subject_text(remedy->cert), remedy->node, remedy->store);
	return text;
}

static void prove_one(const char *folder, const char *row, const struct repair_world *before,
	const struct cw_remedy *remedy)
{
	char what[512];
	AUTO_BUFFER old = {0};
	REPAIR_WORLD after = {0};
	describe(row, remedy, what);
	repair_apply(folder, before, remedy, &old);
	repair_load(folder, &after);
	nothing_got_worse(before->check, after.check, what);
	for (size_t i = 0; i < before->check->link_count; i++)
		findings_are_gone(&before->check->links[i]->complaints, &after.check->links[i]->complaints,
			remedy, what);
	for (size_t i = 0; i < before->check->node_count; i++)
		findings_are_gone(
			&before->check->nodes[i].complaints, &after.check->nodes[i].complaints, remedy, what);
	repair_undo(folder, before, remedy, &old);
}

/* Does all that is said, each once; how much that was. Each is done on what the one before has left. */
static size_t do_all(const char *folder, const struct repair_world *world)
{
	struct remedies remedies = {0};
	all_remedies(world->check, &remedies);
	for (size_t i = 0; i < remedies.count; i++) {
		REPAIR_WORLD now = {0};
		repair_load(folder, &now);
		repair_apply(folder, &now, remedies.items[i], NULL);
	}
	return remedies.count;
}

static void prove_all(const char *folder, const char *row, const struct repair_world *before)
{
	for (size_t round = 0; round < ROUNDS_MAX; round++) {
		REPAIR_WORLD world = {0};
		repair_load(folder, &world);
		nothing_got_worse(before->check, world.check, row);
		if (do_all(folder, &world) == 0)
			return;
	}
	fail_msg("%s: after %d rounds there is still something to change in a list", row, ROUNDS_MAX);
}

static void prove(const char *folder, const char *row)
{
	REPAIR_WORLD before = {0};
	struct remedies remedies = {0};
	repair_load(folder, &before);
	all_remedies(before.check, &remedies);
	for (size_t i = 0; i < remedies.count; i++)
		prove_one(folder, row, &before, remedies.items[i]);
	prove_all(folder, row, &before);
}

static void remedies_of_a_planted_fault_work(void **state)
{
	const struct cw_lab_fault *fault = *state;
	const char *folder = test_folder_path(fault->code);
	scenario_make_lab(folder, CW_LAB_SMALL, fault->code);
	prove(folder, fault->code);
}

/* What no single fault plants. */
struct lists {
	const char *folder;
	struct cw_pool *pool;
	struct cw_bundle root, issuing; /* of one of the lab's two families */
	EVP_PKEY *root_key, *issuing_key;
};

static void lists_finish(struct lists *lists)
{
	cw_bundle_finish(&lists->root);
	cw_bundle_finish(&lists->issuing);
	EVP_PKEY_free(lists->root_key);
	EVP_PKEY_free(lists->issuing_key);
	cw_pool_free(lists->pool);
}
#define LISTS __attribute__((cleanup(lists_finish))) struct lists

static void read_ca(struct lists *lists, const char *name, struct cw_bundle *ret, EVP_PKEY **key)
{
	struct cw_error error;
	char path[512];
	snprintf(path, sizeof path, "%s/ca/%s/ca.pem", lists->folder, name);
	scenario_must(cw_bundle_read(path, path, NULL, lists->pool, ret, &error), &error);
	snprintf(path, sizeof path, "%s/ca/%s/privkey.pem", lists->folder, name);
	scenario_must(cw_key_read(path, NULL, key, &error), &error);
}

static void read_family(struct lists *lists, const char *folder, const char *root, const char *issuing)
{
	lists->folder = folder;
	lists->pool = cw_pool_new();
	read_ca(lists, root, &lists->root, &lists->root_key);
	read_ca(lists, issuing, &lists->issuing, &lists->issuing_key);
}

/* An issuing CA of the family's name. `key` NULL: the old one. */
static struct cw_cert *make_issuing(struct lists *lists, EVP_PKEY *key, cw_time not_after)
{
	struct cw_error error;
	struct cw_cert *cert = NULL;
	struct cw_issue_spec spec = {.subject = cw_cert_subject_text(lists->issuing.entries[0].cert),
		.not_before = TEST_AT - 400 * CW_DAY,
		.not_after = not_after,
		.constraints = CW_ISSUE_CA,
		.key_usage = KU_KEY_CERT_SIGN | KU_CRL_SIGN};
	scenario_must(cw_issue(&spec, key ? key : lists->issuing_key, lists->root.entries[0].cert,
			      lists->root_key, &cert, &error),
		&error);
	return cert;
}

/* Puts `cert` before the entries of the file, or in the place of `instead`. */
static void put_first(
	struct lists *lists, const char *file, struct cw_cert *cert, const struct cw_cert *instead)
{
	struct cw_error error;
	char path[512];
	AUTO_BUNDLE bundle = {0};
	struct cw_cert *certs[32] = {cert};
	size_t count = 1;
	snprintf(path, sizeof path, "%s/%s", lists->folder, file);
	scenario_must(cw_bundle_read(path, path, NULL, lists->pool, &bundle, &error), &error);
	for (size_t i = 0; i < bundle.count; i++)
		if (!instead || !cw_cert_same(bundle.entries[i].cert, instead))
			certs[count++] = bundle.entries[i].cert;
	repair_write_list(lists->folder, file, certs, count);
}

static const struct cw_complaint *find(const struct cw_check *check, enum cw_code code)
{
	for (size_t i = 0; i < check->link_count; i++)
		for (size_t k = 0; k < check->links[i]->complaints.count; k++)
			if (check->links[i]->complaints.items[k].finding.code == code)
				return &check->links[i]->complaints.items[k];
	fail_msg("no finding %s", cw_finding_code_name(code));
	return NULL;
}

static void every_link_passes(const char *folder)
{
	REPAIR_WORLD world = {0};
	repair_load(folder, &world);
	assert_int_equal(world.check->verdicts[CW_VERDICT_PASS], world.check->link_count);
}

static void swapping_two_needed_cas_is_not_advised(void **state)
{
	(void)state;
	const char *folder = test_folder_path("two-needed");
	LISTS lists = {0};
	scenario_make_lab(folder, CW_LAB_SMALL, NULL);
	read_family(&lists, folder, "private-root", "private-issuing");
	struct cw_error error;
	AUTO(EVP_PKEY_free) EVP_PKEY *key = EVP_EC_gen("P-256"), *leaf_key = EVP_EC_gen("P-256");
	AUTO(cw_cert_free) struct cw_cert *twin = make_issuing(&lists, key, TEST_AT + 300 * CW_DAY);
	AUTO(cw_cert_free) struct cw_cert *leaf = NULL;
	struct cw_issue_spec spec = {.subject = "O=Acme, CN=sub1.acme.test",
		.sans = "DNS:sub1.acme.test",
		.not_before = TEST_AT - CW_DAY,
		.not_after = TEST_AT + 300 * CW_DAY,
		.constraints = CW_ISSUE_END_ENTITY,
		.key_usage = KU_DIGITAL_SIGNATURE,
		.eku = "client, server"};
	scenario_must(cw_issue(&spec, leaf_key, twin, key, &leaf, &error), &error);
	repair_write_list(folder, "sub1/CallManager.pem", &leaf, 1);
	put_first(&lists, "c1/ca.pem", twin, NULL); /* hides the one that all others need */
	REPAIR_WORLD world = {0};
	repair_load(folder, &world);
	const struct cw_complaint *shadowed = find(world.check, CW_ISSUER_SHADOWED);
	assert_int_equal(shadowed->remedy.action, CW_ACTION_REISSUE);
	prove(folder, "two needed CAs of one subject");
}

static void expired_ca_is_replaced_by_its_successor(void **state)
{
	(void)state;
	const char *folder = test_folder_path("successor");
	LISTS lists = {0};
	scenario_make_lab(folder, CW_LAB_SMALL, NULL);
	read_family(&lists, folder, "public-root", "public-issuing");
	AUTO(cw_cert_free) struct cw_cert *expired = make_issuing(&lists, NULL, TEST_AT - CW_DAY);
	put_first(&lists, "c1/ca.pem", expired, lists.issuing.entries[0].cert);
	REPAIR_WORLD world = {0};
	repair_load(folder, &world);
	const struct cw_remedy *remedy = &find(world.check, CW_EXPIRED)->remedy;
	assert_int_equal(remedy->action, CW_ACTION_APPEND);
	assert_string_equal(remedy->from, "e1/ca.pem");
	prove(folder, "expired CA in C's list");
	every_link_passes(folder);
}

/* Appended behind its namesake it would not be found. */
static void stale_root_is_replaced_in_one_round(void **state)
{
	(void)state;
	const char *folder = test_folder_path("stale-root");
	LISTS lists = {0};
	scenario_make_lab(folder, CW_LAB_SMALL, NULL);
	read_family(&lists, folder, "public-root", "public-issuing");
	AUTO(EVP_PKEY_free) EVP_PKEY *key = EVP_EC_gen("P-256");
	AUTO(cw_cert_free) struct cw_cert *stale = NULL;
	struct cw_error error;
	struct cw_issue_spec spec = {.subject = cw_cert_subject_text(lists.root.entries[0].cert),
		.not_before = TEST_AT - CW_DAY,
		.not_after = TEST_AT + 300 * CW_DAY,
		.constraints = CW_ISSUE_CA};
	scenario_must(cw_issue(&spec, key, NULL, NULL, &stale, &error), &error);
	put_first(&lists, "c1/ca.pem", stale, lists.root.entries[0].cert);
	REPAIR_WORLD world = {0};
	repair_load(folder, &world);
	const struct cw_remedy *remedy = &find(world.check, CW_SIGNATURE_INVALID)->remedy;
	assert_int_equal(remedy->action, CW_ACTION_APPEND);
	assert_non_null(remedy->replaces);
	prove(folder, "stale root");
	every_link_passes(folder);
}

static void endpoints_are_helped_on_the_edge_box(void **state)
{
	(void)state;
	const char *folder = test_folder_path("sent");
	LISTS lists = {0};
	scenario_make_lab(folder, CW_LAB_SMALL, NULL);
	read_family(&lists, folder, "public-root", "public-issuing");
	AUTO(cw_cert_free) struct cw_cert *expired = make_issuing(&lists, NULL, TEST_AT - CW_DAY);
	put_first(&lists, "e1/ca.pem", expired, lists.issuing.entries[0].cert);
	REPAIR_WORLD world = {0};
	repair_load(folder, &world);
	const struct cw_remedy *remedy = &find(world.check, CW_EXPIRED)->remedy;
	assert_string_equal(remedy->node, "e1.acme.test");
	assert_string_equal(remedy->store, "trusted-ca");
	prove(folder, "expired CA that E sends");
	every_link_passes(folder);
}

/* Nobody knows whether the box that is not known relies on the upper entry: it may stay, below. */
static void entry_that_may_be_needed_is_not_removed(void **state)
{
	(void)state;
	const char *folder = test_folder_path("may-be-needed");
	scenario_make_lab(folder, CW_LAB_SMALL, "issuer-shadowed");
	scenario_edit(folder, "tomcat: pub/tomcat.pem", "tomcat: unknown");
	REPAIR_WORLD world = {0};
	repair_load(folder, &world);
	const struct cw_remedy *remedy = &find(world.check, CW_ISSUER_SHADOWED)->remedy;
	assert_int_equal(remedy->action, CW_ACTION_MOVE_BEFORE);
	assert_non_null(remedy->before);
	prove(folder, "shadow beside an unknown box");
}

int main(void)
{
	static const struct CMUnitTest planted[] = {
		cmocka_unit_test(swapping_two_needed_cas_is_not_advised),
		cmocka_unit_test(expired_ca_is_replaced_by_its_successor),
		cmocka_unit_test(endpoints_are_helped_on_the_edge_box),
		cmocka_unit_test(entry_that_may_be_needed_is_not_removed),
		cmocka_unit_test(stale_root_is_replaced_in_one_round),
	};
	struct CMUnitTest tests[TESTS_MAX];
	size_t count = sizeof planted / sizeof *planted;
	memcpy(tests, planted, sizeof planted);
	const struct cw_lab_fault *fault;
	for (size_t i = 0; (fault = cw_lab_fault_at(i)); i++) {
		assert_true(count < TESTS_MAX);
		tests[count++] = (struct CMUnitTest){
			fault->code, remedies_of_a_planted_fault_work, NULL, NULL, (void *)fault};
	}
	return _cmocka_run_group_tests("remedies", tests, count, test_folder_setup, test_folder_teardown);
}
