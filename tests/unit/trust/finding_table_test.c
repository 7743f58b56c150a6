/* The table of findings: one row for each code, complete and in words. */
#include "trust/citation.h"
#include "trust/finding.h"

#include "support/cmocka.h"
#include "support/judge.h"

#include <ctype.h>

static bool ends_a_sentence(const char *text)
{
	return text && *text && strchr(".:)m", text[strlen(text) - 1]) != NULL;
}

static void every_row_is_whole(void **state)
{
	(void)state;
	for (size_t i = 0; i < CW_CODE_COUNT; i++) {
		const struct cw_finding_row *row = cw_finding_row((enum cw_code)i);
		assert_int_equal(row->code, i);
		assert_true(ends_a_sentence(row->sentence) && isupper((unsigned char)row->sentence[0]));
		assert_true(ends_a_sentence(row->advice) && isupper((unsigned char)row->advice[0]));
		assert_true(row->source && *row->source);
		if (!cw_citation_is_known(row->source))
			fail_msg("%s: \"%s\" is in no table of sources", row->name, row->source);
		assert_true(!row->alert || row->layer == CW_LAYER_TLS);
		for (const char *at = row->name; *at; at++)
			assert_true(islower((unsigned char)*at) || *at == '-');
	}
}

static void a_citation_is_known_where_each_of_its_parts_is(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		bool want;
	} rows[] = {
		{"RFC 5280 §6", true},
		{CW_CITATION_CERT_GUIDE ", \"Manage CRLs\"", true},
		{CW_CITATION_CERT_GUIDE "; RFC 5280 §6", true},
		{"RFC 5280 §6; measured with stunnel", true},
		{"", false},
		{"a colleague", false},
		{"RFC 5280 §6; a colleague", false},
		{"a colleague; RFC 5280 §6", false},
		{"RFC 5280 §6;", false},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		assert_int_equal(cw_citation_is_known(rows[i].text), rows[i].want);
}

static void a_name_leads_to_its_code_and_back(void **state)
{
	(void)state;
	static const char *const names[] = {
#define X(code, text) text,
		CW_CODE_LIST(X)
#undef X
	};
	enum cw_code code;
	for (size_t i = 0; i < CW_CODE_COUNT; i++) {
		assert_true(cw_finding_code_named(names[i], &code));
		assert_int_equal(code, i);
		assert_string_equal(cw_finding_code_name(code), names[i]);
	}
	assert_false(cw_finding_code_named("issuer-mising", &code));
	assert_false(cw_finding_code_named("", &code));
}

/* docs/rules.md, its list of codes. */
static void every_code_of_the_design_is_there(void **state)
{
	(void)state;
	static const char list[] =
		"issuer-missing root-missing self-signed-untrusted issuer-shadowed signature-invalid expired "
		"not-yet-valid revoked crl-missing crl-expired server-auth-missing client-auth-missing "
		"key-usage-unfit not-a-ca path-too-long name-constraint critical-extension weak-key "
		"weak-digest "
		"peer-name-mismatch verify-name-mismatch address-is-ip phone-profile-missing "
		"edge-domain-missing "
		"device-list-lacks-ca wildcard-name temporary-certificate san-too-long common-name-missing "
		"cluster-name-missing cluster-cn-differs peer-name-missing domain-missing chat-alias-missing "
		"federation-domain-missing verify-name-not-cluster shared-key trust-lists-differ "
		"trust-not-replicated same-subject-conflict duplicate-entry tunnel-name-unfit "
		"tunnel-key-unfit "
		"tls-unusable unknown-oid-in-name key-mismatch not-pem extra-certificates credentials-differ "
		"expires-soon entry-expired ca-not-needed traversal-refused release-differs "
		"ecdsa-twin-untrusted";
	char *copy = strdup(list), *rest;
	for (char *name = strtok_r(copy, " ", &rest); name; name = strtok_r(NULL, " ", &rest)) {
		enum cw_code code;
		if (!cw_finding_code_named(name, &code))
			fail_msg("no row for %s", name);
	}
	free(copy);
}

/* Severities that the rules of docs/rules.md name. */
static void severities_are_those_of_the_rules(void **state)
{
	(void)state;
	static const struct {
		enum cw_code code;
		enum cw_severity want;
	} rows[] = {
		{CW_ISSUER_MISSING, CW_SEVERITY_REFUSED},
		{CW_CRL_EXPIRED, CW_SEVERITY_REFUSED},
		{CW_WEAK_KEY, CW_SEVERITY_WARN},		 /* 10 */
		{CW_WEAK_DIGEST, CW_SEVERITY_WARN},		 /* 10 */
		{CW_EXPIRES_SOON, CW_SEVERITY_WARN},		 /* 10 */
		{CW_UNKNOWN_OID_IN_NAME, CW_SEVERITY_WARN},	 /* 7: refused on tunnels */
		{CW_TLS_UNUSABLE, CW_SEVERITY_REFUSED},		 /* 15 */
		{CW_TUNNEL_NAME_UNFIT, CW_SEVERITY_REFUSED},	 /* 17 */
		{CW_WILDCARD_NAME, CW_SEVERITY_WARN},		 /* 8 */
		{CW_TEMPORARY_CERTIFICATE, CW_SEVERITY_REFUSED}, /* 8 */
		{CW_COMMON_NAME_MISSING, CW_SEVERITY_REFUSED},	 /* 8 */
		{CW_KEY_MISMATCH, CW_SEVERITY_REFUSED},		 /* 8 */
		{CW_SAN_TOO_LONG, CW_SEVERITY_WARN},		 /* 9 */
		{CW_CLUSTER_CN_DIFFERS, CW_SEVERITY_INFO},	 /* 15 */
		{CW_RELEASE_DIFFERS, CW_SEVERITY_INFO},		 /* 15 */
		{CW_EXTRA_CERTIFICATES, CW_SEVERITY_INFO},	 /* 15 */
		{CW_NOT_PEM, CW_SEVERITY_WARN},
		{CW_SHARED_KEY, CW_SEVERITY_WARN},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		if (cw_finding_row(rows[i].code)->severity != rows[i].want)
			fail_msg("%s", cw_finding_code_name(rows[i].code));
}

/* Rule 16: refused over unknown over warn over pass; rule 1: info passes. */
static void the_worst_severity_is_the_verdict(void **state)
{
	(void)state;
	static const struct {
		enum cw_severity items[3];
		size_t count;
		enum cw_verdict want;
	} rows[] = {
		{{0}, 0, CW_VERDICT_PASS},
		{{CW_SEVERITY_INFO}, 1, CW_VERDICT_PASS},
		{{CW_SEVERITY_INFO, CW_SEVERITY_WARN}, 2, CW_VERDICT_WARN},
		{{CW_SEVERITY_UNKNOWN, CW_SEVERITY_WARN}, 2, CW_VERDICT_UNKNOWN},
		{{CW_SEVERITY_UNKNOWN, CW_SEVERITY_REFUSED, CW_SEVERITY_WARN}, 3, CW_VERDICT_REFUSED},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		AUTO_FINDINGS findings = {0};
		for (size_t j = 0; j < rows[i].count; j++)
			cw_finding_severity(
				cw_findings_add(&findings, CW_EXPIRED, 0, NULL), rows[i].items[j]);
		assert_int_equal(cw_findings_verdict(&findings), rows[i].want);
	}
	assert_string_equal(cw_finding_severity_name(CW_SEVERITY_UNKNOWN), "unknown");
	assert_string_equal(cw_finding_verdict_name(CW_VERDICT_REFUSED), "refused");
	assert_string_equal(cw_finding_layer_name(CW_LAYER_DIGEST), "digest");
}

static void findings_own_their_texts_and_certificates(void **state)
{
	(void)state;
	test_make_certs("leaf");
	AUTO_FINDINGS findings = {0}, others = {0};
	struct cw_finding *finding = cw_findings_add(&findings, CW_EXPIRED, 3, test_cert("leaf"));
	assert_string_equal(finding->subject, "CN=leaf");
	cw_finding_detail(&findings, finding, "first");
	cw_finding_detail(&findings, finding, "wanted %d, found %s", 1, "two");
	cw_finding_name(&findings, finding, "a");
	cw_finding_name(&findings, finding, "b");
	cw_finding_subject(&findings, finding, "CN=other");
	assert_true(cw_findings_adopt(&others, finding));
	assert_null(finding->detail);
	const struct cw_finding *found = cw_findings_find(&others, CW_EXPIRED);
	assert_string_equal(found->detail, "wanted 1, found two");
	assert_string_equal(found->name, "b");
	assert_string_equal(found->subject, "CN=other");
	assert_null(cw_findings_find(&others, CW_REVOKED));
	test_certs_finish();
	assert_string_equal(cw_cert_label(found->cert), "leaf");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_row_is_whole),
		cmocka_unit_test(a_citation_is_known_where_each_of_its_parts_is),
		cmocka_unit_test(a_name_leads_to_its_code_and_back),
		cmocka_unit_test(every_code_of_the_design_is_there),
		cmocka_unit_test(severities_are_those_of_the_rules),
		cmocka_unit_test(the_worst_severity_is_the_verdict),
		cmocka_unit_test(findings_own_their_texts_and_certificates),
	};
	return cmocka_run_group_tests(tests, NULL, test_judge_finish);
}
