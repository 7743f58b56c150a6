/* What is planted is what the judge finds: each row asks one question of a made lab, as `check` would. */
#include "lab/lab.h"

#include "base/buffer.h"
#include "support/cmocka.h"
#include "support/folder.h"
#include "support/instant.h"
#include "trust/judge.h"

/* A question's side of a lab: whose certificate, with what it sends along, before which list. */
struct question {
	const char *leaf;  /* file */
	const char *sends; /* store of the sender, that its issuers are sent from */
	const char *list;  /* store of the judge */
	enum cw_profile profile;
	enum cw_purpose purpose;
	const char *name; /* NULL: none wanted */
};

#define EXPRESSWAY CW_PROFILE_EXPRESSWAY
#define RFC5280 CW_PROFILE_RFC5280
#define TUNNEL CW_PROFILE_TUNNEL
#define SERVER CW_PURPOSE_SERVER
#define CLIENT CW_PURPOSE_CLIENT

static const struct question zone_e = {
	"e1/server.pem", "e1/ca.pem", "c1/ca.pem", EXPRESSWAY, SERVER, "e1.acme.test"};
static const struct question zone_c = {
	"c1/server.pem", "c1/ca.pem", "e1/ca.pem", EXPRESSWAY, CLIENT, "c1.acme.test"};
static const struct question tunnel_e = {
	"e1/server.pem", "e1/ca.pem", "c1/ca.pem", TUNNEL, SERVER, "e1.acme.test"};
static const struct question tomcat_pub = {
	"pub/tomcat.pem", "pub/tomcat-trust.pem", "c1/ca.pem", EXPRESSWAY, SERVER, "pub.acme.test"};
static const struct question tomcat_sub = {
	"sub1/tomcat.pem", "sub1/tomcat-trust.pem", "c1/ca.pem", EXPRESSWAY, SERVER, "sub1.acme.test"};
static const struct question tomcat_c = {
	"c1/server.pem", "c1/ca.pem", "sub1/tomcat-trust.pem", RFC5280, CLIENT, NULL};
static const struct question twin = {
	"pub/tomcat-ECDSA.pem", "pub/tomcat-trust.pem", "c1/ca.pem", EXPRESSWAY, SERVER, "pub.acme.test"};
static const struct question sip_pub = {
	"pub/CallManager.pem", "pub/CallManager-trust.pem", "c1/ca.pem", EXPRESSWAY, SERVER, NULL};
static const struct question sip_sub = {
	"sub1/CallManager.pem", "sub1/CallManager-trust.pem", "c1/ca.pem", EXPRESSWAY, SERVER, NULL};
static const struct question sip_c = {"c1/server.pem", "c1/ca.pem", "pub/CallManager-trust.pem", RFC5280,
	CLIENT, "secure-jabber.acme.test"};
static const struct question edge_room = {
	"e1/server.pem", "e1/ca.pem", "endpoints/room.pem", RFC5280, SERVER, "acme.test"};
static const struct question edge_desk = {
	"e1/server.pem", "e1/ca.pem", "endpoints/8800.pem", RFC5280, SERVER, "acme.test"};

static const struct {
	const char *fault; /* NULL: a sound lab */
	const struct question *question;
	const char *want; /* codes, each once, sorted as found; "" passes */
} rows[] = {
	{NULL, &zone_e, ""},
	{NULL, &zone_c, ""},
	{NULL, &tunnel_e, ""},
	{NULL, &tomcat_pub, ""},
	{NULL, &tomcat_c, ""},
	{NULL, &sip_sub, ""},
	{NULL, &sip_c, ""},
	{NULL, &edge_room, ""},
	{NULL, &edge_desk, ""},
	{"issuer-missing", &tunnel_e, "issuer-missing"},
	{"issuer-missing", &zone_e, ""},
	{"issuer-missing", &edge_desk, ""},
	{"root-missing", &zone_e, "root-missing"},
	{"root-missing", &tunnel_e, "root-missing"},
	{"self-signed-untrusted", &tomcat_pub, "self-signed-untrusted"},
	{"self-signed-untrusted", &tomcat_sub, ""},
	{"issuer-shadowed", &zone_e, "issuer-shadowed"},
	{"issuer-shadowed", &tunnel_e, "issuer-shadowed"},
	{"issuer-shadowed", &edge_desk, ""},
	{"device-list-lacks-ca", &edge_desk, "root-missing"},
	{"device-list-lacks-ca", &edge_room, ""},
	{"ecdsa-twin-untrusted", &twin, "self-signed-untrusted"},
	{"ecdsa-twin-untrusted", &tomcat_pub, ""},
	{"trust-not-replicated", &tomcat_c, ""},
	{"trust-not-replicated", &tomcat_sub, ""},
	{"same-subject-conflict", &tomcat_pub, ""},
	{"same-subject-conflict", &sip_pub, "issuer-shadowed"},
	{"duplicate-entry", &zone_e, ""},
	{"entry-expired", &zone_e, ""},
	{"ca-not-needed", &zone_e, ""},
	{"signature-invalid", &tomcat_pub, "signature-invalid"},
	{"key-identifier-differs", &tomcat_pub, "key-identifier-differs"},
	{"date-unfit", &tomcat_sub, "date-unfit"},
	{"odd-file", &zone_c, ""},
	{"phone-profile-unfit", &zone_c, ""},
	{"expired", &zone_e, "expired"},
	{"not-yet-valid", &zone_e, "not-yet-valid"},
	{"expires-soon", &zone_e, ""},
	{"server-auth-missing", &tomcat_sub, "server-auth-missing"},
	{"client-auth-missing", &zone_c, "client-auth-missing"},
	{"key-usage-unfit", &sip_sub, "key-usage-unfit"},
	{"not-a-ca", &sip_pub, "not-a-ca"},
	{"path-too-long", &tomcat_sub, "path-too-long"},
	{"name-constraint", &tomcat_pub, "name-constraint"},
	{"critical-extension", &tomcat_pub, "critical-extension"},
	{"weak-key", &tomcat_sub, "weak-key"},
	{"weak-digest", &sip_sub, "weak-digest"},
	{"tls-unusable", &sip_pub, "tls-unusable"},
	{"tunnel-key-unfit", &zone_e, ""},
	{"unknown-oid-in-name", &zone_e, "unknown-oid-in-name"},
	{"phone-profile-missing", &sip_c, "peer-name-mismatch"},
	{"edge-domain-missing", &edge_room, "peer-name-mismatch"},
	{"wildcard-name", &zone_e, ""},
	{"temporary-certificate", &zone_c, ""},
	{"temporary-certificate", &tomcat_c, ""},
	{"temporary-certificate", &sip_c, ""},
	{"san-too-long", &zone_e, ""},
	{"san-too-long", &edge_room, ""},
	{"common-name-missing", &zone_e, ""},
	{"domain-missing", &zone_c, ""},
	{"chat-alias-missing", &zone_c, ""},
	{"federation-domain-missing", &edge_room, ""},
	{"extra-certificates", &zone_e, ""},
	{"not-pem", &zone_c, ""},
};

static void read_file(const char *lab, const char *file, struct cw_pool *pool, struct cw_bundle *ret)
{
	char name[256];
	struct cw_error error;
	snprintf(name, sizeof name, "%s/%s", lab, file);
	const char *path = test_folder_path(name);
	if (!cw_bundle_read(path, path, NULL, pool, ret, &error))
		fail_msg("%s", error.message);
}

/* The leaf, then its issuers as far as the sender's own list has them; none is sent for a self-signed one. */
static size_t send_chain(
	const struct cw_bundle *leaf, const struct cw_trust_list *sender, struct cw_cert *chain[8])
{
	size_t count = 0;
	chain[count++] = leaf->entries[0].cert;
	while (count < 8 && !cw_cert_self_issued(chain[count - 1])) {
		size_t place = cw_trust_list_search(sender, cw_cert_issuer(chain[count - 1]), 0);
		if (place == sender->count)
			break;
		chain[count++] = sender->entries[place].cert;
	}
	return count;
}

/* The distinct codes that the judge finds, separated by spaces. */
static void ask(const char *lab, const struct question *question, struct cw_buffer *codes)
{
	AUTO(cw_pool_free) struct cw_pool *pool = cw_pool_new();
	AUTO_BUNDLE leaf = {0};
	AUTO_BUNDLE sent = {0};
	AUTO_BUNDLE held = {0};
	AUTO_TRUST_LIST sender = {0};
	AUTO_TRUST_LIST list = {0};
	assert_non_null(pool);
	read_file(lab, question->leaf, pool, &leaf);
	read_file(lab, question->sends, pool, &sent);
	read_file(lab, question->list, pool, &held);
	assert_true(cw_trust_list_add_bundle(&sender, &sent) && cw_trust_list_add_bundle(&list, &held));

	struct cw_cert *chain[8];
	struct cw_wanted_name name = {.names = {question->name, NULL}, .mismatch = CW_PEER_NAME_MISMATCH};
	const struct cw_judge_question asked = {
		.chain = chain,
		.chain_count = send_chain(&leaf, &sender, chain),
		.list = &list,
		.profile = question->profile,
		.purpose = question->purpose,
		.names = &name,
		.name_count = question->name ? 1 : 0,
		.at = TEST_AT,
		.known = pool,
	};
	AUTO_JUDGEMENT judgement = {0};
	struct cw_error error;
	if (!cw_judge(&asked, &judgement, &error))
		fail_msg("%s", error.message);
	for (size_t i = 0; i < judgement.findings.count; i++) {
		const char *code = cw_finding_code_name(judgement.findings.items[i].code);
		if (!strstr(cw_buffer_string(codes), code))
			cw_buffer_printf(codes, "%s%s", codes->length ? " " : "", code);
	}
}

static void the_judge_finds_what_was_planted_and_nothing_else(void **state)
{
	(void)state;
	const char *made = "";
	char lab[64];
	int wrong = 0;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		const char *name = rows[i].fault ? rows[i].fault : "sound";
		snprintf(lab, sizeof lab, "%s", name);
		if (strcmp(made, name) != 0) {
			const struct cw_lab_options options = {.folder = test_folder_path(lab),
				.key = "ec",
				.at = TEST_AT,
				.faults = &rows[i].fault,
				.fault_count = rows[i].fault ? 1 : 0};
			struct cw_error error;
			if (!cw_lab_new(&options, &error))
				fail_msg("%s", error.message);
			made = name;
		}
		AUTO_BUFFER codes = {0};
		ask(lab, rows[i].question, &codes);
		if (strcmp(cw_buffer_string(&codes), rows[i].want) == 0)
			continue;
		print_error("%s: %s before %s: wanted \"%s\", found \"%s\"\n", name, rows[i].question->leaf,
			rows[i].question->list, rows[i].want, cw_buffer_string(&codes));
		wrong++;
	}
	assert_int_equal(wrong, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_judge_finds_what_was_planted_and_nothing_else),
	};
	return cmocka_run_group_tests(tests, test_folder_setup, test_folder_teardown);
}
