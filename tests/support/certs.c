#include "support/certs.h"

#include "issue/issue.h"
#include "issue/issue_key.h"
#include "support/cmocka.h"

#include <openssl/conf.h>
#include <stdio.h>
#include <stdlib.h>

#define NAMED_MAX 1024
#define WORDS_MAX 32

CW_DEFINE_AUTO(X509 *, X509_free)
CW_DEFINE_AUTO(X509_CRL *, X509_CRL_free)

static struct named_key {
	char *name;
	EVP_PKEY *key;
} keys[NAMED_MAX];
static size_t key_count;

static struct named_cert {
	char *name, *key;
	struct cw_cert *cert;
} certs[NAMED_MAX];
static size_t cert_count;

static struct cw_crl *crls[4096];
static size_t crl_count;

/* The words of one statement; a value is found by its key. */
struct words {
	char *text;
	const char *items[WORDS_MAX];
	size_t count;
};

static void split(struct words *words, const char *text, size_t length)
{
	*words = (struct words){.text = strndup(text, length)};
	char *rest;
	for (char *word = strtok_r(words->text, " \t\n", &rest); word;
		word = strtok_r(NULL, " \t\n", &rest)) {
		assert_true(words->count < WORDS_MAX);
		words->items[words->count++] = word;
	}
}

static const char *value(const struct words *words, const char *key)
{
	size_t length = strlen(key);
	for (size_t i = 0; i < words->count; i++)
		if (strncmp(words->items[i], key, length) == 0 && words->items[i][length] == '=')
			return words->items[i] + length + 1;
	return NULL;
}

static bool flag(const struct words *words, const char *name)
{
	for (size_t i = 0; i < words->count; i++)
		if (strcmp(words->items[i], name) == 0)
			return true;
	return false;
}

static void check_words(const struct words *words, size_t first, const char *known)
{
	for (size_t i = first; i < words->count; i++) {
		char word[64];
		snprintf(word, sizeof word, " %.*s ", (int)strcspn(words->items[i], "="), words->items[i]);
		if (!strstr(known, word))
			fail_msg("test certs: unknown word \"%s\"", words->items[i]);
	}
}

static EVP_PKEY *make_key(const char *name, const char *kind)
{
	for (size_t i = 0; i < key_count; i++)
		if (strcmp(keys[i].name, name) == 0)
			return keys[i].key;
	struct cw_error error;
	assert_true(key_count < NAMED_MAX);
	struct named_key *key = &keys[key_count];
	if (!cw_issue_key(kind, &key->key, &error))
		fail_msg("%s", error.message);
	key->name = strdup(name);
	key_count++;
	return key->key;
}

EVP_PKEY *test_key(const char *name)
{
	return make_key(name, "ec");
}

static struct named_cert *find(const char *name)
{
	for (size_t i = 0; i < cert_count; i++)
		if (strcmp(certs[i].name, name) == 0)
			return &certs[i];
	return NULL;
}

struct cw_cert *test_cert(const char *name)
{
	struct named_cert *named = find(name);
	if (!named)
		fail_msg("test certs: no certificate \"%s\"", name);
	return named->cert;
}

const char *test_cert_name(const struct cw_cert *cert)
{
	if (!cert)
		return "-";
	for (size_t i = 0; i < cert_count; i++)
		if (cw_cert_same(certs[i].cert, cert))
			return certs[i].name;
	return "?";
}

static cw_time when(const char *text, cw_time otherwise)
{
	if (!text)
		return TEST_AT + otherwise * CW_DAY;
	char *end;
	long number = strtol(text, &end, 10);
	return TEST_AT + (*end == 's' ? number : number * CW_DAY);
}

static uint32_t key_usage(const char *text)
{
	static const struct {
		const char *word;
		uint32_t bit;
	} bits[] = {
		{"certsign", KU_KEY_CERT_SIGN},
		{"crlsign", KU_CRL_SIGN},
		{"encipher", KU_KEY_ENCIPHERMENT},
		{"agree", KU_KEY_AGREEMENT},
		{"sign", KU_DIGITAL_SIGNATURE},
	};
	uint32_t usage = 0;
	while (text && *text) {
		size_t length = strcspn(text, "+");
		for (size_t i = 0; i < sizeof bits / sizeof bits[0]; i++)
			if (strlen(bits[i].word) == length && strncmp(text, bits[i].word, length) == 0)
				usage |= bits[i].bit;
		text += length + (text[length] == '+');
	}
	return usage;
}

static struct cw_issue_spec spec_of(const struct words *words, char subject[256])
{
	const char *cn = value(words, "cn");
	snprintf(subject, 256, "CN=%s", cn ? cn : words->items[0]);
	const char *pathlen = value(words, "pathlen");
	return (struct cw_issue_spec){
		.subject = value(words, "subject") ? value(words, "subject") : subject,
		.issuer = value(words, "issuer"),
		.sans = value(words, "san"),
		.not_before = when(value(words, "from"), -10),
		.not_after = when(value(words, "until"), 365),
		.serial = value(words, "serial"),
		.constraints = flag(words, "ca") ? CW_ISSUE_CA
			: flag(words, "end")	 ? CW_ISSUE_END_ENTITY
						 : CW_ISSUE_NO_CONSTRAINTS,
		.path_limited = pathlen != NULL,
		.path_length = pathlen ? (unsigned)atoi(pathlen) : 0,
		.key_usage = key_usage(value(words, "ku")),
		.eku = value(words, "eku"),
		.no_subject_key_id = flag(words, "noski"),
		.authority_key_id = flag(words, "noaki") ? CW_ISSUE_KEY_ID_NONE
			: flag(words, "aki")		 ? CW_ISSUE_KEY_ID_ALWAYS
							 : CW_ISSUE_KEY_ID_AUTO,
		.digest = value(words, "digest"),
		.permitted_dns = value(words, "permit"),
		.excluded_dns = value(words, "exclude"),
		.crl_urls = value(words, "crls"),
		.issuer_urls = value(words, "aia"),
		.unknown_critical = flag(words, "critical"),
		.version_1 = flag(words, "v1"),
		.corrupt_signature = flag(words, "corrupt"),
	};
}

/* "NAME:VALUE" as OpenSSL's configuration has them, with "|" for its ";". */
static void add_extension(X509 *cert, const char *text)
{
	char name[64];
	AUTO(free) char *copy = strdup(strchr(text, ':') + 1);
	snprintf(name, sizeof name, "%.*s", (int)strcspn(text, ":"), text);
	for (char *at = copy; (at = strchr(at, '|'));)
		*at = ';';
	X509V3_CTX context;
	CONF *none = NCONF_new(NULL);
	X509V3_set_ctx(&context, cert, cert, NULL, NULL, 0);
	X509V3_set_nconf(&context, none);
	X509_EXTENSION *extension = X509V3_EXT_nconf(none, &context, name, copy);
	if (!extension || !X509_add_ext(cert, extension, -1))
		fail_msg("test certs: \"%s\" is no extension", text);
	X509_EXTENSION_free(extension);
	NCONF_free(none);
}

/* "U2711201200Z": a date as nobody writes it, with its kind in front (U for UTCTime, G for GeneralizedTime). */
static void write_date(ASN1_TIME *date, const char *text)
{
	if (!text)
		return;
	assert_true(ASN1_STRING_set(date, text + 1, -1));
	date->type = *text == 'U' ? V_ASN1_UTCTIME : V_ASN1_GENERALIZEDTIME;
}

/* Puts in what nobody issues otherwise, and signs again. */
static void add_extensions(const struct words *words, struct cw_buffer *der, EVP_PKEY *signer)
{
	const unsigned char *at = (const unsigned char *)der->data;
	AUTO(X509_free) X509 *cert = d2i_X509(NULL, &at, (long)der->length);
	for (size_t i = 0; i < words->count; i++)
		if (strncmp(words->items[i], "ext=", 4) == 0)
			add_extension(cert, words->items[i] + 4);
	write_date(X509_getm_notBefore(cert), value(words, "rawfrom"));
	write_date(X509_getm_notAfter(cert), value(words, "rawuntil"));
	if (flag(words, "broken"))
		add_extension(cert, "extendedKeyUsage:DER:020105");
	assert_true(X509_sign(cert, signer, EVP_sha256()) > 0);
	unsigned char *again = NULL;
	int length = i2d_X509(cert, &again);
	assert_true(length > 0);
	cw_buffer_finish(der);
	cw_buffer_append(der, again, (size_t)length);
	OPENSSL_free(again);
}

static void make_cert(const struct words *words)
{
	check_words(words, 1,
		" ca end by key kind signer cn subject issuer from until san eku permit exclude digest "
		"serial "
		"pathlen crls aia ku noski noaki aki critical v1 corrupt broken ext "
		"rawfrom rawuntil ");
	const char *name = words->items[0];
	const char *key_name = value(words, "key") ? value(words, "key") : name;
	EVP_PKEY *key = make_key(key_name, value(words, "kind") ? value(words, "kind") : "ec");
	const char *by = value(words, "by");
	X509 *issuer = by ? cw_cert_x509(test_cert(by)) : NULL;
	EVP_PKEY *signer = by ? test_key(find(by)->key) : key;
	char subject[256];
	struct cw_issue_spec spec = spec_of(words, subject);
	if (value(words, "signer"))
		signer = test_key(value(words, "signer"));
	AUTO_BUFFER der = {0};
	struct cw_error error;
	struct cw_cert *cert = NULL;
	if (!cw_issue_der(&spec, key, issuer, signer, &der, &error))
		fail_msg("test certs: %s: %s", name, error.message);
	if (flag(words, "broken") || value(words, "ext") || value(words, "rawfrom") ||
		value(words, "rawuntil"))
		add_extensions(words, &der, signer);
	if (!cw_cert_parse((const uint8_t *)der.data, der.length, &cert, &error))
		fail_msg("test certs: %s: %s", name, error.message);
	struct named_cert *named = find(name);
	if (!named) {
		assert_true(cert_count < NAMED_MAX);
		named = &certs[cert_count++];
		named->name = strdup(name);
	}
	cw_cert_free(named->cert);
	free(named->key);
	named->cert = cert;
	named->key = strdup(key_name);
}

void test_make_certs(const char *statements)
{
	while (*statements) {
		size_t length = strcspn(statements, ";");
		struct words words;
		split(&words, statements, length);
		if (words.count)
			make_cert(&words);
		free(words.text);
		statements += length + (statements[length] == ';');
	}
}

void test_certs_finish(void)
{
	for (size_t i = 0; i < cert_count; i++) {
		cw_cert_free(certs[i].cert);
		free(certs[i].name);
		free(certs[i].key);
		certs[i] = (struct named_cert){0};
	}
	cert_count = 0;
	for (size_t i = 0; i < crl_count; i++)
		cw_crl_free(crls[i]);
	crl_count = 0;
}

void test_keys_finish(void)
{
	test_certs_finish();
	for (size_t i = 0; i < key_count; i++) {
		free(keys[i].name);
		EVP_PKEY_free(keys[i].key);
	}
	key_count = 0;
}

int test_certs_teardown(void **state)
{
	(void)state;
	test_keys_finish();
	return 0;
}

/* Makes the list one for the certificates that name this address, and signs again. */
static void scope_crl(struct cw_buffer *der, const char *url, EVP_PKEY *signer)
{
	const unsigned char *at = (const unsigned char *)der->data;
	AUTO(X509_CRL_free) X509_CRL *crl = d2i_X509_CRL(NULL, &at, (long)der->length);
	char text[256];
	X509V3_CTX context;
	X509V3_set_ctx(&context, NULL, NULL, NULL, crl, 0);
	snprintf(text, sizeof text, "critical,fullname:URI:%s", url);
	X509_EXTENSION *extension = X509V3_EXT_nconf(NULL, &context, "issuingDistributionPoint", text);
	assert_non_null(extension);
	assert_true(X509_CRL_add_ext(crl, extension, -1));
	assert_true(X509_CRL_sign(crl, signer, EVP_sha256()) > 0);
	X509_EXTENSION_free(extension);
	unsigned char *again = NULL;
	int length = i2d_X509_CRL(crl, &again);
	assert_true(length > 0);
	cw_buffer_finish(der);
	cw_buffer_append(der, again, (size_t)length);
	OPENSSL_free(again);
}

struct cw_crl *test_crl(const char *text)
{
	struct words words;
	split(&words, text, strlen(text));
	check_words(&words, 0, " by revoked this next key corrupt scope ");
	AUTO_BUFFER serials = {0};
	for (const char *at = value(&words, "revoked"); at && *at;) {
		size_t length = strcspn(at, ",");
		AUTO(free) char *name = strndup(at, length);
		AUTO(free) char *serial = cw_issue_serial(cw_cert_x509(test_cert(name)));
		cw_buffer_printf(&serials, "%s%s", serials.length ? "," : "", serial);
		at += length + (at[length] == ',');
	}
	const struct cw_issue_crl_spec spec = {
		.this_update = when(value(&words, "this"), -1),
		.next_update = when(value(&words, "next"), 7),
		.serials = serials.length ? cw_buffer_string(&serials) : NULL,
		.number = 1,
		.corrupt_signature = flag(&words, "corrupt"),
	};
	const char *by = value(&words, "by");
	EVP_PKEY *key = test_key(value(&words, "key") ? value(&words, "key") : find(by)->key);
	AUTO_BUFFER der = {0};
	struct cw_error error;
	assert_true(crl_count < sizeof crls / sizeof crls[0]);
	if (!cw_issue_crl_der(&spec, cw_cert_x509(test_cert(by)), key, &der, &error))
		fail_msg("test certs: CRL %s: %s", text, error.message);
	if (value(&words, "scope"))
		scope_crl(&der, value(&words, "scope"), key);
	if (!cw_crl_parse((const uint8_t *)der.data, der.length, &crls[crl_count], &error))
		fail_msg("test certs: CRL %s: %s", text, error.message);
	free(words.text);
	return crls[crl_count++];
}

size_t test_certs(const char *names, struct cw_cert *ret[], size_t max)
{
	struct words words;
	split(&words, names, strlen(names));
	assert_true(words.count <= max);
	for (size_t i = 0; i < words.count; i++)
		ret[i] = test_cert(words.items[i]);
	size_t count = words.count;
	free(words.text);
	return count;
}

void test_list(const char *names, struct cw_trust_list *ret)
{
	struct cw_cert *named[WORDS_MAX];
	size_t count = test_certs(names, named, WORDS_MAX);
	for (size_t i = 0; i < count; i++)
		assert_true(cw_trust_list_add(ret, named[i], "ca.pem", i + 1));
}

struct cw_pool *test_pool(const char *names)
{
	struct cw_cert *named[WORDS_MAX];
	size_t count = test_certs(names, named, WORDS_MAX);
	struct cw_pool *pool = cw_pool_new();
	assert_non_null(pool);
	for (size_t i = 0; i < count; i++) {
		char path[128];
		snprintf(path, sizeof path, "%s.pem", test_cert_name(named[i]));
		assert_true(cw_pool_note(pool, named[i], path));
	}
	return pool;
}
