/*
 * The judge against OpenSSL's X509_verify_cert, on chains of three parsed certificates under a root that
 * stands in the list: three signatures for each.
 *
 * Both are asked the same in one run, in turns, a few chains at a time, and the quickest turn of each counts:
 * what else runs on the machine slows both and decides nothing.
 */
#include "issue/issue.h"
#include "issue/issue_key.h"
#include "trust/judge.h"

#include <openssl/x509_vfy.h>
#include <stdio.h>
#include <time.h>

#define AT ((cw_time)1795176000) /* 2026-11-20T12:00:00Z */
#define CHAINS 10		 /* in a turn */
#define TURNS 300		 /* of each side */
#define REPEATS 100		 /* of a path asked again: one is too short to be measured */
#define PRESENTED 3
#define ROOT PRESENTED

struct keys {
	EVP_PKEY *ca, *leaf;
};

struct chain {
	struct cw_cert *certs[PRESENTED + 1]; /* leaf, two intermediates; the root */
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
	return (double)time.tv_sec * 1e6 + (double)time.tv_nsec / 1e3;
}

static struct cw_cert *issue(
	const char *subject, bool ca, EVP_PKEY *key, const struct cw_cert *issuer, EVP_PKEY *issuer_key)
{
	const struct cw_issue_spec spec = {
		.subject = subject,
		.not_before = AT - CW_DAY,
		.not_after = AT + 365 * CW_DAY,
		.constraints = ca ? CW_ISSUE_CA : CW_ISSUE_END_ENTITY,
		.key_usage = ca ? KU_KEY_CERT_SIGN | KU_CRL_SIGN : KU_DIGITAL_SIGNATURE | KU_KEY_ENCIPHERMENT,
		.eku = ca ? NULL : "server, client",
		.sans = ca ? NULL : "DNS:e1.acme.test",
	};
	struct cw_error error;
	struct cw_cert *cert;
	must(cw_issue(&spec, key, issuer, issuer_key, &cert, &error), &error);
	return cert;
}

static void make_keys(const char *kind, struct keys *keys)
{
	struct cw_error error;
	must(cw_issue_key(kind, &keys->ca, &error), &error);
	must(cw_issue_key(kind, &keys->leaf, &error), &error);
}

/* Every chain has issuers of its own, or those of the first. */
static void make_chains(struct chain chains[CHAINS], const struct keys *keys, bool own_issuers)
{
	static const char *const names[] = {NULL, "C=US, O=Acme, CN=Acme Issuing CA",
		"C=US, O=Acme, CN=Acme Policy CA", "C=US, O=Acme, CN=Acme Root"};
	for (size_t i = 0; i < CHAINS; i++) {
		struct chain *chain = &chains[i];
		*chain = (struct chain){0};
		for (size_t j = ROOT; j > 0; j--)
			chain->certs[j] = own_issuers || i == 0
				? issue(names[j], true, keys->ca, j < ROOT ? chain->certs[j + 1] : NULL,
					  keys->ca)
				: cw_cert_ref(chains[0].certs[j]);
		chain->certs[0] = issue("CN=e1.acme.test", false, keys->leaf, chain->certs[1], keys->ca);
		chain->store = X509_STORE_new();
		must(chain->store && X509_STORE_add_cert(chain->store, cw_cert_x509(chain->certs[ROOT])) &&
				cw_trust_list_add(&chain->list, chain->certs[ROOT], "ca.pem", 1),
			NULL);
	}
}

/* Parses what is presented anew, so that nothing is remembered in it. */
static void parse_again(struct chain chains[CHAINS])
{
	struct cw_error error;
	for (size_t i = 0; i < CHAINS; i++) {
		for (size_t j = 0; j < PRESENTED; j++) {
			size_t length;
			const uint8_t *der = cw_cert_der(chains[i].certs[j], &length);
			struct cw_cert *fresh;
			must(cw_cert_parse(der, length, &fresh, &error), &error);
			cw_cert_free(chains[i].certs[j]);
			chains[i].certs[j] = fresh;
		}
	}
}

static void free_chains(struct chain chains[CHAINS])
{
	for (size_t i = 0; i < CHAINS; i++) {
		for (size_t j = 0; j <= ROOT; j++)
			cw_cert_free(chains[i].certs[j]);
		X509_STORE_free(chains[i].store);
		cw_trust_list_finish(&chains[i].list);
	}
}

static void ask_openssl(const struct chain *chain)
{
	STACK_OF(X509) *untrusted = sk_X509_new_null();
	X509_STORE_CTX *context = X509_STORE_CTX_new();
	must(untrusted && context && sk_X509_push(untrusted, cw_cert_x509(chain->certs[1])) &&
			sk_X509_push(untrusted, cw_cert_x509(chain->certs[2])) &&
			X509_STORE_CTX_init(context, chain->store, cw_cert_x509(chain->certs[0]), untrusted),
		NULL);
	X509_VERIFY_PARAM *parameters = X509_STORE_CTX_get0_param(context);
	X509_VERIFY_PARAM_set_time(parameters, AT);
	X509_VERIFY_PARAM_set_purpose(parameters, X509_PURPOSE_SSL_SERVER);
	X509_VERIFY_PARAM_set1_host(parameters, "e1.acme.test", 0);
	if (X509_verify_cert(context) != 1) {
		fprintf(stderr, "bench: OpenSSL refuses the chain\n");
		exit(2);
	}
	X509_STORE_CTX_free(context);
	sk_X509_free(untrusted);
}

static void ask_judge(const struct chain *chain, enum cw_profile profile, struct cw_cache *cache)
{
	const struct cw_wanted_name name = {{"e1.acme.test", NULL}, CW_PEER_NAME_MISMATCH, CW_LAYER_TLS};
	const struct cw_judge_question question = {
		.chain = chain->certs,
		.chain_count = PRESENTED,
		.list = &chain->list,
		.profile = profile,
		.purpose = CW_PURPOSE_SERVER,
		.names = &name,
		.name_count = 1,
		.at = AT,
		.cache = cache,
	};
	struct cw_error error;
	AUTO_JUDGEMENT judgement = {0};
	must(cw_judge(&question, &judgement, &error), &error);
	if (judgement.verdict == CW_VERDICT_REFUSED) {
		fprintf(stderr, "bench: the judge refuses the chain: %s\n",
			judgement.findings.items[0].detail);
		exit(2);
	}
}

enum kind { ALL_NEW, NEW_LEAVES, SAME_PATH };

static double time_openssl(const struct chain chains[CHAINS])
{
	double start = now();
	for (size_t i = 0; i < CHAINS; i++)
		ask_openssl(&chains[i]);
	return (now() - start) / CHAINS;
}

/* `cache` is empty for new chains and knows the first chain otherwise. */
static double time_judge(const struct chain chains[CHAINS], enum kind kind, struct cw_cache *cache)
{
	size_t first = kind == NEW_LEAVES, count = kind == SAME_PATH ? REPEATS : CHAINS;
	double start = now();
	for (size_t i = first; i < count; i++)
		ask_judge(&chains[kind == SAME_PATH ? 0 : i], CW_PROFILE_EXPRESSWAY, cache);
	return (now() - start) / (double)(count - first);
}

static void compare(const char *name, enum kind kind, const char *what, double goal, const struct keys *keys)
{
	static struct chain chains[CHAINS];
	double openssl = 1e9, judge = 1e9;
	make_chains(chains, keys, kind == ALL_NEW);
	for (int turn = 0; turn < TURNS; turn++) {
		AUTO(cw_cache_free) struct cw_cache *cache = cw_cache_new();
		must(cache != NULL, NULL);
		ask_judge(&chains[0], CW_PROFILE_EXPRESSWAY, kind == ALL_NEW ? NULL : cache);
		parse_again(chains);
		double time = time_judge(chains, kind, cache);
		judge = time < judge ? time : judge;
		parse_again(chains);
		time = time_openssl(chains);
		openssl = time < openssl ? time : openssl;
	}
	free_chains(chains);
	printf("bench: %s %.2f goal %.1f (%s: judge %.2f us, X509_verify_cert %.2f us)\n", name,
		openssl / judge, goal, what, judge, openssl);
}

int main(void)
{
	static const struct {
		const char *kind, *name;
	} keys[] = {{"rsa", "rsa2048"}, {"ec", "p256"}};
	static const struct {
		enum kind kind;
		const char *name, *what;
		double goal;
	} rows[] = {
		{ALL_NEW, "judge-new-chains", "parsed chains, every signature new", 1.0},
		{NEW_LEAVES, "judge-new-leaves", "new leaves under issuers already seen", 2.5},
		{SAME_PATH, "judge-same-path", "a path already judged, asked again", 20},
	};
	for (size_t k = 0; k < sizeof keys / sizeof keys[0]; k++) {
		struct keys made;
		make_keys(keys[k].kind, &made);
		for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
			char name[64];
			snprintf(name, sizeof name, "%s-%s", rows[i].name, keys[k].name);
			compare(name, rows[i].kind, rows[i].what, rows[i].goal, &made);
		}
		EVP_PKEY_free(made.ca);
		EVP_PKEY_free(made.leaf);
	}
	return 0;
}
