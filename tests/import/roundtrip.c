/**
 * Round trips: a lab with a planted fault is exported in forms, imported, and checked; the judgement must be the
 * original's. What no form can carry stands in a table here, with the reason.
 *
 *     roundtrip sample|all|FAULT...
 */
#include "base/file.h"
#include "check/check.h"
#include "check/doubt.h"
#include "config/load.h"
#include "import/merge.h"
#include "import/output.h"
#include "import/source/gather.h"
#include "lab/export/lab_export.h"
#include "lab/lab.h"
#include "support/certs.h"
#include "support/folder.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>

/* Forms that are exported together. `whole`: they carry everything that a deployment says of its boxes. */
static const struct mix {
	const char *name;
	unsigned forms; /* bits of enum cw_lab_export_form */
	bool whole;
} mixes[] = {
	{"bundle+certmgr", 1U << CW_LAB_EXPORT_BUNDLE | 1U << CW_LAB_EXPORT_CERTMGR, true},
	{"rest+cli", 1U << CW_LAB_EXPORT_REST | 1U << CW_LAB_EXPORT_CLI, true},
	{"folder", 1U << CW_LAB_EXPORT_FOLDER, false},
	{"bundle+cli", 1U << CW_LAB_EXPORT_BUNDLE | 1U << CW_LAB_EXPORT_CLI, true},
	{"rest+certmgr", 1U << CW_LAB_EXPORT_REST | 1U << CW_LAB_EXPORT_CERTMGR, true},
	{"bundle", 1U << CW_LAB_EXPORT_BUNDLE, false},
	{"certmgr", 1U << CW_LAB_EXPORT_CERTMGR, false},
	{"cli", 1U << CW_LAB_EXPORT_CLI, false},
	{"rest", 1U << CW_LAB_EXPORT_REST, false},
	{"bundle+rest+certmgr+cli+folder", 31, true},
};

/* Findings that depend on what no box hands out: they may be missing after an import, and no other. */
static const struct {
	const char *code;
	const char *why;
} not_carried[] = {
	{"credentials-differ", "no box hands out the password of a zone"},
	{"revoked", "CRLs are in no archive and no answer; asked"},
	{"crl-missing", "CRLs are in no archive and no answer; asked"},
	{"crl-expired", "CRLs are in no archive and no answer; asked"},
	{"ecdsa-twin-untrusted", "which twin C prefers is in no source; asked"},
	{"key-mismatch", "private keys are not kept"},
	{"not-pem", "only loose files can have another format than the box"},
	{"odd-file", "a box hands out its certificates, and nothing of the file that they stood in"},
	{"chat-alias-missing", "chat aliases are in no source; asked"},
};

struct run {
	const char *fault; /* or NULL */
	enum cw_lab_size size;
	const struct mix *mix;
	const struct cw_imported *imported;
	unsigned failures;
};

static const char *const sizes[] = {"small", "cluster", "large"};

static void die(const char *what, const struct cw_error *error)
{
	fprintf(stderr, "%s: %s\n", what, error->message);
	exit(2);
}

static bool carried(const char *code)
{
	for (size_t i = 0; i < sizeof not_carried / sizeof not_carried[0]; i++)
		if (strcmp(not_carried[i].code, code) == 0)
			return false;
	return true;
}

static bool is_asked_for(const struct cw_imported *imported, const char *key)
{
	for (size_t i = 0; i < imported->question_count; i++)
		if (strcmp(imported->questions[i].key, key) == 0)
			return true;
	return false;
}

/* Phone security profiles are in AXL's answers only; the name of a cluster is in dumps only, and is asked for where
 * the certificates of its peers do not say it with one voice. */
static bool carried_by(const struct run *run, const char *code)
{
	if (strcmp(code, "cluster-cn-differs") == 0 && !(run->mix->forms >> CW_LAB_EXPORT_BUNDLE & 1))
		return !run->imported || !is_asked_for(run->imported, "cluster");
	if (strcmp(code, "phone-profile-missing") == 0 || strcmp(code, "phone-profile-unfit") == 0)
		return run->mix->forms >> CW_LAB_EXPORT_CERTMGR & 1;
	return carried(code);
}

static void fail(struct run *run, const char *link, const char *wanted, const char *found)
{
	run->failures++;
	if (run->failures <= 6)
		fprintf(stderr, "%s %s %s: %s: wanted %s, found %s\n", run->fault ? run->fault : "sound",
			sizes[run->size], run->mix->name, link, wanted, found);
}

/* --- one deployment, judged --- */

struct judged {
	struct cw_pool *pool;
	struct cw_deployment *deployment;
	struct cw_check *check;
};

static void judged_finish(struct judged *judged)
{
	cw_check_free(judged->check);
	cw_deployment_free(judged->deployment);
	cw_pool_free(judged->pool);
}

static void judge(const char *folder, struct judged *ret)
{
	AUTO_STRINGS problems = {0};
	struct cw_check_options options = {.at = TEST_AT};
	struct cw_error error;
	*ret = (struct judged){.pool = cw_pool_new()};
	if (!cw_load_deployment(folder, ret->pool, &ret->deployment, &problems)) {
		fprintf(stderr, "%s: %s\n", folder, problems.items[0]);
		exit(2);
	}
	if (!cw_check_run(ret->deployment, &options, &ret->check, &error))
		die("check", &error);
}

/* --- comparing --- */

static const struct cw_link *same_link(const struct cw_check *check, const struct cw_link *link)
{
	for (size_t i = 0; i < check->link_count; i++) {
		const struct cw_link *other = check->links[i];
		if (other->kind == link->kind && other->port == link->port &&
			strcmp(other->client.name, link->client.name) == 0 &&
			strcmp(other->server.name, link->server.name) == 0)
			return other;
	}
	return NULL;
}

static bool has_code(const struct cw_complaints *complaints, enum cw_code code, enum cw_severity severity)
{
	for (size_t i = 0; i < complaints->count; i++)
		if (complaints->items[i].finding.code == code &&
			complaints->items[i].finding.severity == severity)
			return true;
	return false;
}

/* Every finding of one side that the other lacks, but for what cannot be carried. */
static void compare_findings(struct run *run, const char *where, const struct cw_complaints *wanted,
	const struct cw_complaints *found, bool extra)
{
	for (size_t i = 0; i < wanted->count; i++) {
		const struct cw_finding *finding = &wanted->items[i].finding;
		const char *code = cw_finding_code_name(finding->code);
		if (carried_by(run, code) && !has_code(found, finding->code, finding->severity))
			fail(run, where, extra ? "no such finding" : code, extra ? code : "none");
	}
}

/* A refusal that is not carried lets later links come up: those depend on it. */
static bool depends(const struct run *run, const struct cw_link *link)
{
	(void)link;
	return run->fault && !carried_by(run, run->fault);
}

/* Whether C verifies the CUCM servers is in its REST answers alone; without them the links hang on a question. */
static bool is_asked(const struct run *run, const struct cw_link *found)
{
	return found->verdict == CW_VERDICT_UNKNOWN && found->kind == CW_LINK_TOMCAT &&
		!(run->mix->forms >> CW_LAB_EXPORT_REST & 1);
}

/* The lists are in no source: where a dump says that they are looked at, what they said is not known, and never
 * passes. Elsewhere the switch itself is not known: then the link may work, with the doubt and the question beside. */
static bool hangs_on_crls(const struct cw_link *link)
{
	for (size_t i = 0; i < link->complaints.count; i++) {
		const struct cw_finding *finding = &link->complaints.items[i].finding;
		if (finding->severity == CW_SEVERITY_REFUSED &&
			(finding->code == CW_REVOKED || finding->code == CW_CRL_MISSING ||
				finding->code == CW_CRL_EXPIRED))
			return true;
	}
	return false;
}

static bool has_reservation(const struct judged *found, const struct cw_imported *imported)
{
	AUTO_DOUBTS doubts = {0};
	struct cw_error error;
	bool doubted = false;
	if (!cw_doubt_find(found->deployment, &doubts, &error))
		die("doubts", &error);
	for (size_t i = 0; i < doubts.count; i++)
		doubted |= doubts.items[i].kind == CW_DOUBT_REVOCATION;
	return doubted && is_asked_for(imported, "revocation");
}

/* Refused for a list in the original: never works without a word after an import, whatever the forms. */
static void compare_revoked(
	struct run *run, const struct cw_link *wanted, const struct cw_link *found, bool reservation)
{
	if (hangs_on_crls(wanted) && found && !reservation && found->verdict != CW_VERDICT_UNKNOWN &&
		found->verdict != CW_VERDICT_REFUSED)
		fail(run, wanted->id, "unknown, or a reservation", cw_finding_verdict_name(found->verdict));
}

static void compare_whole(struct run *run, const struct cw_link *wanted, const struct cw_link *found)
{
	if (!found) {
		fail(run, wanted->id, cw_finding_verdict_name(wanted->verdict), "no such link");
		return;
	}
	if (depends(run, wanted) || is_asked(run, found))
		return;
	if (wanted->verdict != found->verdict)
		fail(run, wanted->id, cw_finding_verdict_name(wanted->verdict),
			cw_finding_verdict_name(found->verdict));
	compare_findings(run, wanted->id, &wanted->complaints, &found->complaints, false);
	compare_findings(run, wanted->id, &found->complaints, &wanted->complaints, true);
}

/* Names and settings of the deployment that loose files do not hold: each is asked. */
static bool is_of_setting(const struct cw_complaints *complaints)
{
	static const enum cw_code codes[] = {CW_PEER_NAME_MISMATCH, CW_VERIFY_NAME_MISMATCH, CW_ADDRESS_IS_IP,
		CW_PHONE_PROFILE_MISSING, CW_CREDENTIALS_DIFFER, CW_TRAVERSAL_REFUSED};
	for (size_t i = 0; i < complaints->count; i++)
		for (size_t j = 0; j < sizeof codes / sizeof codes[0]; j++)
			if (complaints->items[i].finding.code == codes[j])
				return true;
	return false;
}

/* Known and other than the original is wrong; unknown and asked is right. */
static void compare_part(struct run *run, const struct cw_link *wanted, const struct cw_link *found,
	const struct cw_imported *imported)
{
	if (!found || found->verdict == CW_VERDICT_UNKNOWN) {
		if (!imported->question_count)
			fail(run, wanted->id, "a question", "none");
		return;
	}
	if (depends(run, wanted) || is_of_setting(&wanted->complaints) || wanted->verdict == found->verdict)
		return;
	fail(run, wanted->id, cw_finding_verdict_name(wanted->verdict),
		cw_finding_verdict_name(found->verdict));
}

static void compare_nodes(struct run *run, const struct cw_check *wanted, const struct cw_check *found)
{
	for (size_t i = 0; i < wanted->node_count; i++)
		for (size_t j = 0; j < found->node_count; j++) {
			const struct cw_node_result *a = &wanted->nodes[i];
			const struct cw_node_result *b = &found->nodes[j];
			if (strcmp(a->node->fqdn, b->node->fqdn) != 0)
				continue;
			compare_findings(run, a->node->fqdn, &a->complaints, &b->complaints, false);
			compare_findings(run, a->node->fqdn, &b->complaints, &a->complaints, true);
		}
}

/* Sources of no Expressway. */
static bool is_of_cucm_alone(const struct run *run)
{
	return !(run->mix->forms & ~(1U << CW_LAB_EXPORT_CERTMGR | 1U << CW_LAB_EXPORT_CLI));
}

static bool has_expressway(const struct cw_deployment *deployment)
{
	for (size_t i = 0; i < deployment->group_count; i++)
		if (deployment->groups[i]->kind == CW_NODE_EXPRESSWAY_C ||
			deployment->groups[i]->kind == CW_NODE_EXPRESSWAY_E)
			return true;
	return false;
}

/* A dump says whether revocation is checked, and no other form does: then it is doubted and asked. A box that nothing
 * shows to be an Expressway (loose files, and no E certificate with an edge domain) has no such switch to ask for:
 * what it is is asked first, and it is left out until then. */
static void compare_reservation(struct run *run, const struct judged *found, bool reservation)
{
	bool known = run->mix->forms >> CW_LAB_EXPORT_BUNDLE & 1 || is_of_cucm_alone(run);
	if (!known && !has_expressway(found->deployment)) {
		if (!is_asked_for(run->imported, "role"))
			fail(run, "role", "a question", "none");
		known = true;
	}
	if (reservation == known)
		fail(run, "revocation", reservation ? "known" : "a doubt and a question", "the contrary");
}

static void compare(struct run *run, const struct judged *wanted, const struct judged *found,
	const struct cw_imported *imported)
{
	bool reservation = has_reservation(found, imported);
	compare_reservation(run, found, reservation);
	for (size_t i = 0; i < wanted->check->link_count; i++) {
		const struct cw_link *link = wanted->check->links[i];
		if (!link->client.node || !link->server.node)
			continue; /* endpoints are in no source */
		const struct cw_link *other = same_link(found->check, link);
		compare_revoked(run, link, other, reservation);
		if (run->mix->whole)
			compare_whole(run, link, other);
		else
			compare_part(run, link, other, imported);
	}
	if (run->mix->whole && !depends(run, NULL))
		compare_nodes(run, wanted->check, found->check);
}

/* --- no secret in what an import writes --- */

static void look_for_secrets(struct run *run, const char *path)
{
	static const char *const secrets[] = {"lab-password", "{cipher}", "PRIVATE KEY", "c2VjcmV0"};
	AUTO_BUFFER bytes = {0};
	struct cw_error error;
	DIR *folder = opendir(path);
	if (!folder) {
		if (!cw_file_read(path, 16 * 1024 * 1024, &bytes, &error))
			die("secrets", &error);
		for (size_t i = 0; i < sizeof secrets / sizeof secrets[0]; i++)
			if (memmem(cw_buffer_string(&bytes), bytes.length, secrets[i], strlen(secrets[i])))
				fail(run, path, "no secret", secrets[i]);
		return;
	}
	for (struct dirent *entry; (entry = readdir(folder));) {
		AUTO(free) char *inner = cw_file_path(path, entry->d_name);
		if (entry->d_name[0] != '.')
			look_for_secrets(run, inner);
	}
	closedir(folder);
}

/* --- one run --- */

static void import(struct run *run, const char *sources, const char *folder, const struct judged *wanted)
{
	AUTO(cw_pool_free) struct cw_pool *pool = cw_pool_new();
	AUTO_EVIDENCE evidence = {.pool = pool};
	AUTO_IMPORTED imported = {0};
	AUTO_OUTPUT output = {0};
	struct judged found;
	struct cw_error error;
	if (!cw_gather_source(&evidence, sources, NULL, NULL, &error) ||
		!cw_merge_run(&evidence, &imported, &error) ||
		!cw_output_write(&imported, folder, &output, &error))
		die("import", &error);
	look_for_secrets(run, folder);
	judge(folder, &found);
	run->imported = &imported;
	compare(run, wanted, &found, &imported);
	run->imported = NULL;
	judged_finish(&found);
}

static void try_mix(struct run *run, const char *name, const struct judged *wanted)
{
	char sources[256], folder[256];
	struct cw_error error;
	snprintf(sources, sizeof sources, "%s/%s-%s.in", test_folder_path(""), name, run->mix->name);
	snprintf(folder, sizeof folder, "%s/%s-%s.out", test_folder_path(""), name, run->mix->name);
	for (unsigned form = 0; form <= CW_LAB_EXPORT_FOLDER; form++)
		if (run->mix->forms >> form & 1 &&
			!cw_lab_export_write(wanted->deployment, form, sources, TEST_AT, &error))
			die("export", &error);
	import(run, sources, folder, wanted);
}

static unsigned try_lab(const char *fault, enum cw_lab_size size, size_t first, size_t step, unsigned *runs)
{
	char name[128], folder[256];
	struct cw_error error;
	unsigned failures = 0;
	snprintf(name, sizeof name, "%s-%s", fault ? fault : "sound", sizes[size]);
	snprintf(folder, sizeof folder, "%s/%s", test_folder_path(""), name);
	struct cw_lab_options options = {.folder = folder,
		.size = size,
		.key = "ec",
		.at = TEST_AT,
		.faults = &fault,
		.fault_count = fault != NULL};
	if (!cw_lab_new(&options, &error))
		die(name, &error);
	struct judged wanted;
	judge(folder, &wanted);
	for (size_t i = first; i < sizeof mixes / sizeof mixes[0]; i += step) {
		struct run run = {fault, size, &mixes[i], NULL, 0};
		try_mix(&run, name, &wanted);
		failures += run.failures;
		(*runs)++;
	}
	judged_finish(&wanted);
	return failures;
}

static bool is_sample(int argc, char **argv)
{
	return argc < 2 || strcmp(argv[1], "sample") == 0;
}

static bool is_wanted(int argc, char **argv, const char *code)
{
	if (is_sample(argc, argv) || strcmp(argv[1], "all") == 0)
		return true;
	for (int i = 1; i < argc; i++)
		if (strcmp(argv[i], code) == 0)
			return true;
	return false;
}

int main(int argc, char **argv)
{
	unsigned failures = 0;
	unsigned runs = 0;
	test_folder_make();
	const struct cw_lab_fault *fault;
	for (unsigned size = 0; size < (is_sample(argc, argv) ? 2U : 3U); size++)
		failures += try_lab(NULL, size, 0, 1, &runs);
	for (size_t i = 0; (fault = cw_lab_fault_at(i)); i++) {
		if (!is_wanted(argc, argv, fault->code))
			continue;
		if (is_sample(argc, argv)) { /* of every fault some of the mixes, in turn */
			failures += try_lab(fault->code, CW_LAB_SMALL, i % 5, 5, &runs);
			continue;
		}
		failures += try_lab(fault->code, CW_LAB_SMALL, 0, 1, &runs);
		failures += try_lab(fault->code, CW_LAB_CLUSTER, 0, 1, &runs);
		failures += try_lab(fault->code, CW_LAB_LARGE, i % 3, 3, &runs);
	}
	test_folder_remove();
	printf("%u round trips, %u differences\n", runs, failures);
	return failures ? 1 : 0;
}
