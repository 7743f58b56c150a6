/*
 * NIST PKITS: certs/NAME.crt and crls/NAME.crl in DER. A case is an end entity certificate (NAME ends with
 * "EE"), presented with every CA certificate of the folder; the list holds the trust anchor alone; all
 * CRLs are at hand. What is expected stands in the names ("Valid…", "Invalid…"); the table holds the cases
 * whose policy inputs are set and those whose names do not tell (PKITS document, sections 4.8 to 4.12).
 */
#include "suite.h"

#include "base/file.h"
#include "pki/bundle/pem_write.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILE_MAX (1024 * 1024)
#define ANCHOR "TrustAnchorRootCertificate"
#define AT \
	((cw_time)1577836800) /* 2020-01-01: inside the validity of all that is not meant to be outside \
			       */

#define POLICY_1 "2.16.840.1.101.3.2.1.48.1"
#define POLICY_2 "2.16.840.1.101.3.2.1.48.2"
#define POLICY_3 "2.16.840.1.101.3.2.1.48.3"
#define POLICY_6 "2.16.840.1.101.3.2.1.48.6"

struct row {
	const char *leaf;
	const char *policies[2]; /* initial-policy-set; none: any policy */
	bool explicit, inhibit_mapping, inhibit_any;
	bool want_valid;
};

static const struct row rows[] = {
	{"ValidCertificatePathTest1EE", {NULL}, true, false, false, true},
	{"ValidCertificatePathTest1EE", {POLICY_1}, true, false, false, true},
	{"ValidCertificatePathTest1EE", {POLICY_2}, true, false, false, false},
	{"ValidCertificatePathTest1EE", {POLICY_1, POLICY_2}, true, false, false, true},
	{"AllCertificatesNoPoliciesTest2EE", {NULL}, false, false, false, true},
	{"AllCertificatesNoPoliciesTest2EE", {NULL}, true, false, false, false},
	{"DifferentPoliciesTest3EE", {NULL}, false, false, false, true},
	{"DifferentPoliciesTest3EE", {NULL}, true, false, false, false},
	{"DifferentPoliciesTest3EE", {POLICY_1, POLICY_2}, true, false, false, false},
	{"DifferentPoliciesTest4EE", {NULL}, false, false, false, false},
	{"DifferentPoliciesTest5EE", {NULL}, false, false, false, false},
	{"OverlappingPoliciesTest6EE", {NULL}, false, false, false, true},
	{"OverlappingPoliciesTest6EE", {POLICY_1}, false, false, false, true},
	{"OverlappingPoliciesTest6EE", {POLICY_2}, false, false, false, false},
	{"DifferentPoliciesTest7EE", {NULL}, false, false, false, false},
	{"DifferentPoliciesTest8EE", {NULL}, false, false, false, false},
	{"DifferentPoliciesTest9EE", {NULL}, false, false, false, false},
	{"AllCertificatesSamePoliciesTest10EE", {NULL}, false, false, false, true},
	{"AllCertificatesSamePoliciesTest10EE", {POLICY_1}, false, false, false, true},
	{"AllCertificatesSamePoliciesTest10EE", {POLICY_2}, false, false, false, true},
	{"AllCertificatesanyPolicyTest11EE", {NULL}, false, false, false, true},
	{"AllCertificatesanyPolicyTest11EE", {POLICY_1}, false, false, false, true},
	{"DifferentPoliciesTest12EE", {NULL}, false, false, false, false},
	{"AllCertificatesSamePoliciesTest13EE", {POLICY_1}, false, false, false, true},
	{"AllCertificatesSamePoliciesTest13EE", {POLICY_2}, false, false, false, true},
	{"AllCertificatesSamePoliciesTest13EE", {POLICY_3}, false, false, false, true},
	{"AnyPolicyTest14EE", {POLICY_1}, false, false, false, true},
	{"AnyPolicyTest14EE", {POLICY_2}, false, false, false, false},
	{"UserNoticeQualifierTest15EE", {NULL}, false, false, false, true},
	{"UserNoticeQualifierTest16EE", {NULL}, false, false, false, true},
	{"UserNoticeQualifierTest17EE", {NULL}, false, false, false, true},
	{"UserNoticeQualifierTest18EE", {POLICY_1}, false, false, false, true},
	{"UserNoticeQualifierTest18EE", {POLICY_2}, false, false, false, true},
	{"UserNoticeQualifierTest19EE", {NULL}, false, false, false, true},
	{"CPSPointerQualifierTest20EE", {NULL}, true, false, false, true},
	{"ValidPolicyMappingTest1EE", {POLICY_1}, false, false, false, true},
	{"ValidPolicyMappingTest1EE", {POLICY_2}, false, false, false, false},
	{"ValidPolicyMappingTest1EE", {NULL}, false, true, false, false},
	{"InvalidPolicyMappingTest2EE", {NULL}, false, false, false, false},
	{"InvalidPolicyMappingTest2EE", {NULL}, false, true, false, false},
	{"ValidPolicyMappingTest3EE", {POLICY_1}, false, false, false, false},
	{"ValidPolicyMappingTest3EE", {POLICY_2}, false, false, false, true},
	{"ValidPolicyMappingTest5EE", {POLICY_1}, false, false, false, true},
	{"ValidPolicyMappingTest5EE", {POLICY_6}, false, false, false, false},
	{"ValidPolicyMappingTest6EE", {POLICY_1}, false, false, false, true},
	{"ValidPolicyMappingTest6EE", {POLICY_6}, false, false, false, false},
	{"ValidPolicyMappingTest12EE", {POLICY_1}, false, false, false, true},
	{"ValidPolicyMappingTest12EE", {POLICY_2}, false, false, false, true},
	{"inhibitAnyPolicyTest3EE", {NULL}, false, false, false, true},
	{"inhibitAnyPolicyTest3EE", {NULL}, false, false, true, false},
};

/* The folder as PEM: one certificate each, and all of them. */
struct folder {
	struct dirent **entries;
	int count;
	char path[512];
};

static void folder_finish(struct folder *folder)
{
	for (int i = 0; i < folder->count; i++)
		free(folder->entries[i]);
	free(folder->entries);
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

/* NIST's archive holds the two folders, packages put them into one of their own. */
static const char *const homes[] = {"", "/PKITS_data", "/pkits", "/PKITS"};

static bool open_folder(const char *root, const char *name, struct folder *ret)
{
	for (size_t i = 0; i < sizeof homes / sizeof homes[0]; i++) {
		snprintf(ret->path, sizeof ret->path, "%s%s/%s", root, homes[i], name);
		ret->count = scandir(ret->path, &ret->entries, NULL, by_name);
		if (ret->count >= 0)
			return true;
	}
	ret->count = 0;
	fprintf(stderr, "%s: has no folder %s; wanted the folders certs and crls of PKITS\n", root, name);
	return false;
}

/* The stem of "NAME.crt" or "NAME.crl"; false for any other file. */
static bool stem_of(const char *file, const char *ending, char stem[256])
{
	size_t length = strlen(file), tail = strlen(ending);
	if (length <= tail || length - tail >= 256 || strcmp(file + length - tail, ending) != 0)
		return false;
	snprintf(stem, 256, "%.*s", (int)(length - tail), file);
	return true;
}

static bool append_file(
	const struct folder *folder, const char *file, const char *label, struct cw_buffer *pem)
{
	AUTO_BUFFER der = {0};
	struct cw_error error;
	char path[1024];
	snprintf(path, sizeof path, "%s/%s", folder->path, file);
	return cw_file_read(path, FILE_MAX, &der, &error) &&
		cw_pem_write_block(pem, label, der.data, der.length, &error);
}

static bool is_end_entity(const char *stem)
{
	size_t length = strlen(stem);
	return length > 2 && strcmp(stem + length - 2, "EE") == 0;
}

/* Every certificate but the anchor and the end entities into `others`. */
static void collect(const struct folder *certs, const char *leaf, struct cw_buffer *pem,
	struct cw_buffer *anchor, struct cw_buffer *others)
{
	for (int i = 0; i < certs->count; i++) {
		char stem[256];
		const char *file = certs->entries[i]->d_name;
		if (!stem_of(file, ".crt", stem))
			continue;
		if (strcmp(stem, leaf) == 0)
			append_file(certs, file, "CERTIFICATE", pem);
		else if (strcmp(stem, ANCHOR) == 0)
			append_file(certs, file, "CERTIFICATE", anchor);
		else if (!is_end_entity(stem))
			append_file(certs, file, "CERTIFICATE", others);
	}
}

static void ask(struct suite *suite, const struct folder *certs, const char *crls, const struct row *row,
	size_t number)
{
	AUTO_BUFFER leaf = {0}, anchor = {0}, others = {0};
	char id[320];
	collect(certs, row->leaf, &leaf, &anchor, &others);
	if (!leaf.length)
		return; /* a part of the suite only */
	snprintf(id, sizeof id, number ? "%s.%zu" : "%s", row->leaf, number);
	struct suite_case asked = {
		.id = id,
		.leaf = cw_buffer_string(&leaf),
		.untrusted = others.length ? cw_buffer_string(&others) : NULL,
		.trusted = cw_buffer_string(&anchor),
		.crls = crls,
		.at = AT,
		/* with the default inputs nothing is said of policies: they are processed all the same */
		.policies = {.on = row->policies[0] || row->explicit || row->inhibit_mapping ||
				row->inhibit_any,
			.oids = row->policies,
			.count = row->policies[0] ? (row->policies[1] ? 2 : 1) : 0,
			.explicit = row->explicit,
			.inhibit_mapping = row->inhibit_mapping,
			.inhibit_any = row->inhibit_any},
		.want_valid = row->want_valid,
	};
	suite_ask(suite, &asked);
}

/* The rows of the table for this leaf; false where it has none. */
static bool ask_rows(struct suite *suite, const struct folder *certs, const char *crls, const char *leaf)
{
	size_t number = 0;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		if (strcmp(rows[i].leaf, leaf) == 0)
			ask(suite, certs, crls, &rows[i], ++number);
	return number > 0;
}

bool suite_pkits(struct suite *suite, const char *root)
{
	struct folder certs __attribute__((cleanup(folder_finish))) = {0};
	struct folder crls __attribute__((cleanup(folder_finish))) = {0};
	AUTO_BUFFER lists = {0};
	if (!open_folder(root, "certs", &certs) || !open_folder(root, "crls", &crls))
		return false;
	for (int i = 0; i < crls.count; i++) {
		char stem[256];
		if (stem_of(crls.entries[i]->d_name, ".crl", stem))
			append_file(&crls, crls.entries[i]->d_name, "X509 CRL", &lists);
	}
	for (int i = 0; i < certs.count; i++) {
		char stem[256];
		if (!stem_of(certs.entries[i]->d_name, ".crt", stem) || !is_end_entity(stem))
			continue;
		bool valid = strncmp(stem, "Valid", 5) == 0;
		if (!ask_rows(suite, &certs, cw_buffer_string(&lists), stem))
			ask(suite, &certs, cw_buffer_string(&lists),
				&(struct row){.leaf = stem, .want_valid = valid}, 0);
	}
	return true;
}
