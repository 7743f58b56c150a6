/*
 * Hostile name constraints: CAs of a thousand names and a thousand excluded ones above each other, the judge against
 * OpenSSL's X509_verify_cert on the same parsed certificates. What the judge adds for profile rfc5280, and the paths that it
 * tries besides, must not cost more than OpenSSL's own check: at most twice in all.
 *
 * Both are asked in one run, in turns, and the quickest turn of each counts.
 */
#include "issue/issue.h"
#include "issue/issue_key.h"
#include "trust/judge.h"

#include <openssl/x509_vfy.h>
#include <stdio.h>
#include <time.h>

#define AT ((cw_time)1795176000) /* 2026-11-20T12:00:00Z */
#define NAMES 1000
#define DEPTH_MAX 15
#define ALTERNATIVES_MAX 5
#define TURNS 3

struct scene {
	const char *name;
	unsigned depth, alternatives; /* CAs above each other; certificates of the lowest one */
};

struct chain {
	struct cw_cert *root;
	struct cw_cert *sent[1 + DEPTH_MAX + ALTERNATIVES_MAX]; /* leaf first */
	size_t count;
	struct cw_trust_list list;
	X509_STORE *store;
};

static void must(bool worked, const struct cw_error *error)
{
	if (worked)
		return;
	fprintf(stderr, "bench: %s\n", error ? error->message : "out of memory");
	exit(2);
}

static double now(void)
{
	struct timespec time;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
	return (double)time.tv_sec * 1e3 + (double)time.tv_nsec / 1e6;
}

/* "DNS:n7-0.test, DNS:n7-1.test, …": names that no constraint meets, and so all of them are compared. */
static char *list_names(const char *start, unsigned number, const char *last)
{
	AUTO_BUFFER text = {0};
	for (unsigned i = 0; i < NAMES; i++)
		cw_buffer_printf(&text, "%s%s%u-%u.test", i ? ", " : "", start, number, i);
	if (last)
		cw_buffer_printf(&text, ", %s", last);
	char *names = cw_buffer_steal(&text);
	must(names != NULL, NULL);
	return names;
}

static struct cw_cert *issue_ca(
	unsigned number, bool lowest, EVP_PKEY *key, const struct cw_cert *issuer, EVP_PKEY *signer)
{
	char subject[32];
	struct cw_error error;
	struct cw_cert *cert;
	snprintf(subject, sizeof subject, "CN=I%u", number);
	AUTO(free) char *names = list_names("DNS:n", number, NULL);
	AUTO(free) char *excluded = list_names("x", number, lowest ? "zz.example" : NULL);
	const struct cw_issue_spec spec = {.subject = subject,
		.sans = names,
		.excluded_dns = excluded,
		.not_before = AT - CW_DAY,
		.not_after = AT + 365 * CW_DAY,
		.constraints = CW_ISSUE_CA,
		.key_usage = KU_KEY_CERT_SIGN};
	must(cw_issue(&spec, key, issuer, signer, &cert, &error), &error);
	return cert;
}

static void make_root(struct chain *chain, EVP_PKEY *key)
{
	struct cw_error error;
	const struct cw_issue_spec spec = {.subject = "CN=Root",
		.not_before = AT - CW_DAY,
		.not_after = AT + 365 * CW_DAY,
		.constraints = CW_ISSUE_CA,
		.key_usage = KU_KEY_CERT_SIGN};
	must(cw_issue(&spec, key, NULL, NULL, &chain->root, &error), &error);
	chain->store = X509_STORE_new();
	must(chain->store && X509_STORE_add_cert(chain->store, cw_cert_x509(chain->root)) &&
			cw_trust_list_add(&chain->list, chain->root, "ca.pem", 1),
		NULL);
}

static void make_chain(const struct scene *scene, EVP_PKEY *key, struct chain *chain)
{
	struct cw_error error;
	*chain = (struct chain){.count = 1};
	make_root(chain, key);
	const struct cw_cert *issuer = chain->root;
	for (unsigned i = 0; i < scene->depth; i++) {
		bool lowest = i + 1 == scene->depth;
		for (unsigned k = 0; k < (lowest ? scene->alternatives : 1); k++)
			chain->sent[chain->count++] = issue_ca(i, lowest, key, issuer, key);
		issuer = chain->sent[chain->count - 1];
	}
	AUTO(free) char *names = list_names("DNS:l", 0, "DNS:zz.example");
	const struct cw_issue_spec leaf = {
		.subject = "CN=ee", .sans = names, .not_before = AT - CW_DAY, .not_after = AT + CW_DAY};
	must(cw_issue(&leaf, key, issuer, key, &chain->sent[0], &error), &error);
}

static void free_chain(struct chain *chain)
{
	for (size_t i = 0; i < chain->count; i++)
		cw_cert_free(chain->sent[i]);
	cw_cert_free(chain->root);
	cw_trust_list_finish(&chain->list);
	X509_STORE_free(chain->store);
}

static double time_openssl(const struct chain *chain)
{
	STACK_OF(X509) *untrusted = sk_X509_new_null();
	X509_STORE_CTX *context = X509_STORE_CTX_new();
	must(untrusted && context &&
			X509_STORE_CTX_init(context, chain->store, cw_cert_x509(chain->sent[0]), untrusted),
		NULL);
	for (size_t i = 1; i < chain->count; i++)
		must(sk_X509_push(untrusted, cw_cert_x509(chain->sent[i])), NULL);
	X509_VERIFY_PARAM_set_time(X509_STORE_CTX_get0_param(context), AT);
	double start = now();
	bool passes = X509_verify_cert(context) == 1;
	double time = now() - start;
	must(!passes, &(struct cw_error){.message = "OpenSSL accepts the chain"});
	X509_STORE_CTX_free(context);
	sk_X509_free(untrusted);
	return time;
}

static double time_judge(const struct chain *chain, enum cw_profile profile)
{
	struct cw_error error;
	AUTO_JUDGEMENT judgement = {0};
	const struct cw_judge_question question = {.chain = (struct cw_cert **)chain->sent,
		.chain_count = chain->count,
		.list = &chain->list,
		.profile = profile,
		.at = AT};
	double start = now();
	must(cw_judge(&question, &judgement, &error), &error);
	double time = now() - start;
	must(judgement.verdict == CW_VERDICT_REFUSED,
		&(struct cw_error){.message = "the judge accepts the chain"});
	return time;
}

static void compare(const struct scene *scene, enum cw_profile profile, EVP_PKEY *key)
{
	static struct chain chain;
	double openssl = 1e9, judge = 1e9;
	make_chain(scene, key, &chain);
	for (int turn = 0; turn < TURNS; turn++) {
		double time = time_judge(&chain, profile);
		judge = time < judge ? time : judge;
		time = time_openssl(&chain);
		openssl = time < openssl ? time : openssl;
	}
	free_chain(&chain);
	printf("bench: constraints-%s-%s %.2f goal 2.00 (judge %.0f ms, OpenSSL %.0f ms)\n", scene->name,
		cw_judge_profile_name(profile), judge / openssl, judge, openssl);
}

int main(void)
{
	static const struct scene scenes[] = {{"alternatives", 10, 5}, {"deep", DEPTH_MAX, 1}};
	struct cw_error error;
	EVP_PKEY *key;
	must(cw_issue_key("ec", &key, &error), &error);
	for (size_t i = 0; i < sizeof scenes / sizeof scenes[0]; i++) {
		compare(&scenes[i], CW_PROFILE_RFC5280, key);
		compare(&scenes[i], CW_PROFILE_EXPRESSWAY, key);
	}
	EVP_PKEY_free(key);
	return 0;
}
