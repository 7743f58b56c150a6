/*
 * Random chains, the same in every run: profile rfc5280 against OpenSSL's own X509_verify_cert.
 *
 * Then profile expressway, whose checks are OpenSSL's: with key identifiers that name other certificates, odd dates and a
 * wanted name. What only we accept is a bug of ours, unless OpenSSL accepts it once it is given our path: which entry
 * of a list is found first is a fact of the box (its list has an order, an X509_STORE has none). So is that a self-issued
 * certificate in the middle of a path is no root (openssl_stops_below_the_root).
 *
 * In rfc5280 what only OpenSSL accepts is a bug of ours. What only we accept (we try more paths, and a key identifier
 * that does not fit keeps nobody out, RFC 5280 §4.2.1.1) must verify in OpenSSL once it is given our path.
 */
#include "support/cmocka.h"
#include "support/judge.h"

#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>

#define ROUNDS 400  /* CAUSEWAY_ROUNDS for more */
#define QUESTIONS 8 /* about the certificates of a round, which are what takes time */
#define CERTS_MAX 16

CW_DEFINE_AUTO(X509_STORE *, X509_STORE_free)
CW_DEFINE_AUTO(X509_STORE_CTX *, X509_STORE_CTX_free)
CW_DEFINE_AUTO(STACK_OF(X509) *, sk_X509_free)
CW_DEFINE_AUTO(STACK_OF(X509_CRL) *, sk_X509_CRL_free)

static uint64_t random_state;

static unsigned random_below(unsigned limit)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return (unsigned)((random_state >> 20) % limit);
}

static bool one_in(unsigned n)
{
	return random_below(n) == 0;
}

static const char *pick(const char *const items[], unsigned count)
{
	return items[random_below(count)];
}
#define PICK(...) \
	pick((const char *const[]){__VA_ARGS__}, sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))

/* What a round is made of; its text reproduces it. */
struct round {
	char certs[4096];
	char wire[256], list[256], crls[512];
	bool revocation;
	bool box;	  /* profile expressway */
	const char *name; /* wanted, or NULL */
	enum cw_purpose purpose;
	cw_time at;
	int roots, cas;
};

static void append(char *to, size_t size, const char *text)
{
	size_t length = strlen(to);
	assert_true(length + strlen(text) < size);
	snprintf(to + length, size - length, "%s", text);
}

/* What only the questions of a box are asked about: another's identifier, by key or by issuer and serial number; dates. */
static const char *odd(const struct round *round)
{
	if (!round->box || !one_in(6))
		return "";
	return PICK("noaki ext=authorityKeyIdentifier:DER:3006800400010203",
		"noaki ext=authorityKeyIdentifier:DER:3016a111a40f300d310b300906035504030c026e30820105",
		"noaki ext=authorityKeyIdentifier:DER:3016a111a40f300d310b300906035504030c026e31820105",
		"serial=05", "rawuntil=U2711201200Z", "rawuntil=U271120120000Z",
		"rawfrom=G20251120120000.5Z");
}

/* Few names and fewer keys: same subjects, cross-signed CAs, rollovers, namesakes. */
static void describe_ca(struct round *round, int number, int by)
{
	char line[400], issuer[16] = "";
	if (by >= 0)
		snprintf(issuer, sizeof issuer, "by=c%d", by);
	snprintf(line, sizeof line, "c%d %s %s cn=n%u key=k%u %s %s %s %s %s %s %s %s; ", number, issuer,
		one_in(15) ? PICK("end", "") : "ca", random_below(4), random_below(4),
		one_in(8) ? PICK("until=-1", "from=1") : "", one_in(8) ? PICK("pathlen=0", "pathlen=1") : "",
		one_in(8) ? PICK("eku=server", "eku=client", "eku=any", "eku=server,client") : "",
		one_in(3) ? PICK("noski", "noaki", "noski noaki") : "",
		one_in(8) ? PICK("ku=crlsign", "ku=sign") : "",
		one_in(12) ? PICK("permit=acme.test", "exclude=acme.test", "permit=other.test") : "",
		one_in(25) ? PICK("critical", "corrupt", "v1") : "", odd(round));
	append(round->certs, sizeof round->certs, line);
}

static void describe_leaf(struct round *round, int cas)
{
	char line[400];
	const char *san = round->box
		? PICK("DNS:e1.acme.test", "DNS:*.acme.test", "DNS:e1.acme.test.", "IP:10.1.1.6",
			  "DNS:10.1.1.6,DNS:E1.ACME.TEST", "DNS:acme.test")
		: "DNS:e1.acme.test";
	snprintf(line, sizeof line, "leaf by=c%u san=%s %s %s %s %s %s", random_below((unsigned)cas), san,
		PICK("eku=server", "eku=client", "eku=server,client", "eku=any", "", "", ""),
		one_in(12) ? PICK("until=-1", "from=1") : "", one_in(4) ? "noaki" : "",
		one_in(20) ? PICK("corrupt", "critical", "ca") : "", odd(round));
	append(round->certs, sizeof round->certs, line);
}

static void describe_crl(struct round *round, int ca)
{
	char line[100];
	snprintf(line, sizeof line, "by=c%d %s %s; ", ca,
		one_in(6) ? PICK("revoked=leaf", "revoked=c1,leaf") : "",
		one_in(8) ? PICK("this=-9 next=-1", "corrupt", "this=1") : "");
	append(round->crls, sizeof round->crls, line);
}

static void want_name(struct round *round)
{
	round->name = round->box && one_in(2) ? PICK("e1.acme.test", "10.1.1.6", "acme.test", "a.b.acme.test")
					      : NULL;
}

/* Other lists, senders, purposes and days for the same certificates. */
static void describe_question(struct round *round)
{
	snprintf(round->wire, sizeof round->wire, "leaf");
	round->list[0] = '\0';
	round->purpose = (enum cw_purpose)random_below(3);
	round->revocation = *round->crls && one_in(2);
	want_name(round);
	/* an hour beside the dates of the certificates: OpenSSL takes the last second of one for too late */
	round->at = TEST_AT + (one_in(4) ? (cw_time)random_below(5) - 2 : 0) * CW_DAY + 3600;
	for (int i = 0; i < round->cas; i++) {
		char name[16];
		snprintf(name, sizeof name, " c%d", i);
		if (one_in(i < round->roots ? 4 : 2))
			append(round->wire, sizeof round->wire, name);
		if (!one_in(i < round->roots ? 6 : 2))
			append(round->list, sizeof round->list, name);
	}
}

static void describe_round(struct round *round, uint64_t seed, bool box)
{
	*round = (struct round){.box = box};
	random_state = seed * 0x9e3779b97f4a7c15u + 1;
	int roots = 1 + (int)random_below(3), cas = roots + 1 + (int)random_below(5);
	round->roots = roots;
	round->cas = cas;
	round->at = TEST_AT;
	append(round->wire, sizeof round->wire, "leaf");
	round->purpose = (enum cw_purpose)random_below(3);
	round->revocation = one_in(4);
	for (int i = 0; i < cas; i++) {
		char name[16];
		snprintf(name, sizeof name, " c%d", i);
		describe_ca(round, i, i < roots ? -1 : (int)random_below((unsigned)i));
		if (one_in(i < roots ? 4 : 2))
			append(round->wire, sizeof round->wire, name);
		if (!one_in(i < roots ? 6 : 2))
			append(round->list, sizeof round->list, name);
		if (round->revocation && !one_in(8))
			describe_crl(round, i);
	}
	describe_leaf(round, cas);
	want_name(round);
}

/* What both are asked. */
struct asked {
	const struct round *round;
	struct cw_cert *wire[CERTS_MAX];
	size_t wire_count;
	struct cw_trust_list list;
	struct cw_crl *crls[CERTS_MAX];
	size_t crl_count;
};

static void make_crls(struct asked *asked)
{
	char text[512], *rest;
	snprintf(text, sizeof text, "%s", asked->round->crls);
	for (char *words = strtok_r(text, ";", &rest); words; words = strtok_r(NULL, ";", &rest))
		if (strstr(words, "by="))
			asked->crls[asked->crl_count++] = test_crl(words);
}

static bool judge(const struct asked *asked, struct cw_cache *cache, struct cw_judgement *ret)
{
	const struct cw_wanted_name name = {{asked->round->name}, CW_PEER_NAME_MISMATCH, CW_LAYER_TLS};
	const struct cw_judge_question question = {
		.chain = asked->wire,
		.chain_count = asked->wire_count,
		.list = &asked->list,
		.profile = asked->round->box ? CW_PROFILE_EXPRESSWAY : CW_PROFILE_RFC5280,
		.names = &name,
		.name_count = asked->round->name ? 1 : 0,
		.purpose = asked->round->purpose,
		.revocation = {.on = asked->round->revocation,
			.crls = asked->crls,
			.count = asked->crl_count},
		.at = asked->round->at,
		.cache = cache,
	};
	struct cw_error error;
	if (!cw_judge(&question, ret, &error))
		fail_msg("%s", error.message);
	return ret->verdict != CW_VERDICT_REFUSED;
}

static int purpose_of(enum cw_purpose purpose)
{
	return purpose == CW_PURPOSE_SERVER    ? X509_PURPOSE_SSL_SERVER
		: purpose == CW_PURPOSE_CLIENT ? X509_PURPOSE_SSL_CLIENT
					       : X509_PURPOSE_ANY;
}

/* RFC 9525: of names in the SAN alone, and no partial wildcards. */
static void want_name_of_openssl(X509_VERIFY_PARAM *parameters, const char *name)
{
	X509_VERIFY_PARAM_set_hostflags(
		parameters, X509_CHECK_FLAG_NEVER_CHECK_SUBJECT | X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
	if (name && !X509_VERIFY_PARAM_set1_ip_asc(parameters, name))
		assert_true(X509_VERIFY_PARAM_set1_host(parameters, name, 0));
}

/* X509_V_OK, or why not. */
static int run_openssl(const struct asked *asked, X509_STORE *store, STACK_OF(X509) * untrusted)
{
	AUTO(X509_STORE_CTX_free) X509_STORE_CTX *context = X509_STORE_CTX_new();
	AUTO(sk_X509_CRL_free) STACK_OF(X509_CRL) *crls = sk_X509_CRL_new_null();
	assert_true(X509_STORE_CTX_init(context, store, cw_cert_x509(asked->wire[0]), untrusted));
	X509_VERIFY_PARAM *parameters = X509_STORE_CTX_get0_param(context);
	X509_VERIFY_PARAM_set_time(parameters, asked->round->at);
	X509_VERIFY_PARAM_set_purpose(parameters, purpose_of(asked->round->purpose));
	X509_VERIFY_PARAM_set_auth_level(parameters, 0);
	want_name_of_openssl(parameters, asked->round->name);
	X509_VERIFY_PARAM_set_flags(parameters, X509_V_FLAG_CHECK_SS_SIGNATURE);
	if (asked->round->revocation) {
		X509_VERIFY_PARAM_set_flags(parameters,
			X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL | X509_V_FLAG_EXTENDED_CRL_SUPPORT);
		for (size_t i = 0; i < asked->crl_count; i++)
			sk_X509_CRL_push(crls, cw_crl_x509(asked->crls[i]));
		X509_STORE_CTX_set0_crls(context, crls);
	}
	int result = X509_verify_cert(context) == 1 ? X509_V_OK : X509_STORE_CTX_get_error(context);
	X509_STORE_CTX_cleanup(context);
	return result;
}

static int ask_openssl(const struct asked *asked)
{
	AUTO(X509_STORE_free) X509_STORE *store = X509_STORE_new();
	AUTO(sk_X509_free) STACK_OF(X509) *untrusted = sk_X509_new_null();
	for (size_t i = 0; i < asked->list.count; i++)
		assert_true(X509_STORE_add_cert(store, cw_cert_x509(asked->list.entries[i].cert)));
	for (size_t i = 1; i < asked->wire_count; i++)
		sk_X509_push(untrusted, cw_cert_x509(asked->wire[i]));
	return run_openssl(asked, store, untrusted);
}

static const struct cw_path *given_path;

static int issued_on_given_path(X509_STORE_CTX *context, X509 *cert, X509 *issuer)
{
	(void)context;
	size_t last = given_path->count - 1;
	for (size_t i = 0; i <= last; i++)
		if (cw_cert_x509(given_path->steps[i].cert) == cert)
			return cw_cert_x509(given_path->steps[i < last ? i + 1 : i].cert) == issuer;
	return X509_check_issued(issuer, cert) == X509_V_OK; /* the signer of a CRL */
}

/* OpenSSL with nobody to take but those of our path; signatures and dates are its own affair. */
static int ask_openssl_about_path(const struct asked *asked, const struct cw_path *path)
{
	AUTO(X509_STORE_free) X509_STORE *store = X509_STORE_new();
	AUTO(sk_X509_free) STACK_OF(X509) *untrusted = sk_X509_new_null();
	given_path = path;
	if (!asked->round->box) /* a box is OpenSSL: identifiers count */
		X509_STORE_set_check_issued(store, issued_on_given_path);
	assert_true(X509_STORE_add_cert(store, cw_cert_x509(path->steps[path->count - 1].cert)));
	for (size_t i = 1; i + 1 < path->count; i++)
		sk_X509_push(untrusted, cw_cert_x509(path->steps[i].cert));
	for (size_t i = 1; asked->round->revocation && i < asked->wire_count; i++)
		sk_X509_push(untrusted, cw_cert_x509(asked->wire[i]));
	for (size_t i = 0; asked->round->revocation && i < asked->list.count; i++)
		sk_X509_push(untrusted, cw_cert_x509(asked->list.entries[i].cert));
	return run_openssl(asked, store, untrusted);
}

/* It takes every self-issued certificate without an authority key identifier for a root, whoever signed it.
 */
static bool openssl_stops_below_the_root(const struct cw_path *path)
{
	for (size_t i = 0; i + 1 < path->count; i++)
		if (X509_get_extension_flags(cw_cert_x509(path->steps[i].cert)) & EXFLAG_SS)
			return true;
	return false;
}

struct tally {
	unsigned both, none, we_alone;
};

static void compare(const struct asked *asked, uint64_t seed, struct cw_cache *cache, struct tally *tally)
{
	AUTO_JUDGEMENT judgement = {0};
	AUTO_JUDGEMENT cached = {0};
	bool ours = judge(asked, NULL, &judgement);
	int theirs = ask_openssl(asked);
	AUTO(free) char *text = test_findings_text(&judgement.findings);
	const struct round *round = asked->round;
	if (!ours && theirs == X509_V_OK && !round->box)
		fail_msg("seed %u: only OpenSSL accepts; we say %s\ncerts: %s\nwire: %s\nlist: %s\ncrls: %s",
			(unsigned)seed, text, round->certs, round->wire, round->list, round->crls);
	if (!ours && judgement.findings.count == 0)
		fail_msg("seed %u: refused without a reason", (unsigned)seed);
	if (ours && theirs != X509_V_OK) {
		int given = ask_openssl_about_path(asked, &judgement.path);
		if (given != X509_V_OK && !openssl_stops_below_the_root(&judgement.path))
			fail_msg("seed %u: OpenSSL refuses our path of %zu: %s\ncerts: %s\nwire: %s\nlist: "
				 "%s\ncrls: %s\nname: %s",
				(unsigned)seed, judgement.path.count, X509_verify_cert_error_string(given),
				round->certs, round->wire, round->list, round->crls,
				round->name ? round->name : "-");
	}
	tally->both += ours && theirs == X509_V_OK;
	tally->none += !ours;
	tally->we_alone += ours && theirs != X509_V_OK;

	assert_int_equal(judge(asked, cache, &cached), ours);
	AUTO(free) char *cached_text = test_findings_text(&cached.findings);
	assert_string_equal(cached_text, text);
	assert_int_equal(cached.path.count, judgement.path.count);
	for (size_t i = 0; i < cached.path.count; i++)
		assert_ptr_equal(cached.path.steps[i].cert, judgement.path.steps[i].cert);
}

static void ask_both(const struct round *round, uint64_t seed, struct cw_cache *cache, struct tally *tally)
{
	struct asked asked = {.round = round};
	asked.wire_count = test_certs(round->wire, asked.wire, CERTS_MAX);
	test_list(round->list, &asked.list);
	make_crls(&asked);
	compare(&asked, seed, cache, tally);
	cw_trust_list_finish(&asked.list);
}

static void ask_rounds(bool box)
{
	struct tally tally = {0};
	AUTO(cw_cache_free) struct cw_cache *cache = cw_cache_new();
	const char *wanted = getenv("CAUSEWAY_ROUNDS");
	unsigned rounds = wanted ? (unsigned)atoi(wanted) : ROUNDS;
	for (uint64_t seed = 1; seed <= rounds; seed++) {
		struct round round;
		describe_round(&round, seed, box);
		test_certs_finish();
		test_make_certs(round.certs);
		for (int question = 0; question < QUESTIONS; question++) {
			if (question)
				describe_question(&round);
			ask_both(&round, seed, cache, &tally);
		}
	}
	print_message("both accept %u, both refuse %u, we alone accept %u\n", tally.both, tally.none,
		tally.we_alone);
	/* the generator makes neither only good nor only bad chains */
	unsigned asked = rounds * QUESTIONS;
	assert_true(tally.both > asked / (box ? 40 : 10) && tally.none > asked / 4);
}

static void openssl_accepts_nothing_that_we_refuse(void **state)
{
	(void)state;
	ask_rounds(false);
}

static void an_expressway_accepts_nothing_that_openssl_refuses(void **state)
{
	(void)state;
	ask_rounds(true);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(openssl_accepts_nothing_that_we_refuse),
		cmocka_unit_test(an_expressway_accepts_nothing_that_openssl_refuses),
	};
	return cmocka_run_group_tests(tests, NULL, test_judge_finish);
}
