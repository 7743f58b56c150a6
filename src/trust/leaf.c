#include "trust/leaf.h"

#include "base/buffer.h"
#include "trust/names.h"
#include "trust/purpose_reason.h"

#include <openssl/x509v3.h>
#include <string.h>

#define NAMES_SHOWN_MAX 6 /* of a certificate with hundreds: the first few tell which one it is */

static void describe_names(struct cw_buffer *text, const struct cw_cert *cert)
{
	const struct cw_sans *sans = cw_cert_sans(cert);
	if (sans->count == 0)
		cw_buffer_text(text, "it has no subject alternative names");
	for (size_t i = 0; i < sans->count && i < NAMES_SHOWN_MAX; i++) {
		cw_buffer_text(text, i ? ", " : "it has ");
		cw_name_show_san(text, &sans->items[i]);
	}
	if (sans->count > NAMES_SHOWN_MAX)
		cw_buffer_printf(text, " and %zu more", sans->count - NAMES_SHOWN_MAX);
}

/* An address among the DNS names, which nobody compares with an address (RFC 9525 §6.5). */
static bool is_dns_address(const struct cw_cert *cert, const char *wanted)
{
	uint8_t ip[16], other[16];
	size_t length, other_length;
	const struct cw_sans *sans = cw_cert_sans(cert);
	for (size_t i = 0; cw_name_is_ip(wanted, ip, &length) && i < sans->count; i++)
		if (sans->items[i].kind == CW_SAN_DNS &&
			cw_name_is_ip(sans->items[i].text, other, &other_length) && length == other_length &&
			memcmp(ip, other, length) == 0)
			return true;
	return false;
}

static const char *match_remark(enum cw_name_match match)
{
	switch (match) {
	case CW_NAME_CN_IGNORED:
		return "; the common name alone bears it, which only releases before X12.5 look at";
	case CW_NAME_BEYOND_CUT:
		return "; it stands behind character 999 of the names, where nobody looks";
	case CW_NAME_NONE:
	case CW_NAME_EXACT:
	case CW_NAME_WILDCARD:
	case CW_NAME_COMMON_NAME:
		return "";
	}
	return "";
}

static void check_name(const struct cw_judge_question *question, const struct cw_wanted_name *wanted,
	struct cw_findings *findings)
{
	struct cw_cert *leaf = question->chain[0];
	struct cw_name_rule rule = {
		.common_name_counts = question->common_name_counts,
		.san_is_cut = question->profile != CW_PROFILE_RFC5280,
	};
	enum cw_name_match worst = CW_NAME_NONE;
	for (size_t i = 0; i < CW_WANTED_NAMES_MAX && wanted->names[i]; i++) {
		enum cw_name_match match = cw_name_find(leaf, wanted->names[i], rule);
		if (cw_name_found(match))
			return;
		if (match != CW_NAME_NONE)
			worst = match;
	}
	uint8_t ip[16];
	size_t length;
	bool typed_ip = cw_name_is_ip(wanted->names[0], ip, &length);
	enum cw_code code =
		typed_ip && wanted->mismatch == CW_PEER_NAME_MISMATCH ? CW_ADDRESS_IS_IP : wanted->mismatch;
	struct cw_finding *finding = cw_findings_add(findings, code, 0, leaf);
	if (!finding)
		return;
	finding->layer = wanted->layer;
	cw_finding_name(findings, finding, wanted->names[0]);
	AUTO_BUFFER names = {0};
	describe_names(&names, leaf);
	AUTO_BUFFER either = {0};
	cw_name_show(&either, wanted->names[0]);
	for (size_t i = 1; i < CW_WANTED_NAMES_MAX && wanted->names[i]; i++) {
		cw_buffer_text(&either, " or ");
		cw_name_show(&either, wanted->names[i]);
	}
	cw_finding_detail(findings, finding, "wanted %s in the certificate of %s; %s%s",
		cw_buffer_string(&either), cw_cert_label(leaf), cw_buffer_string(&names),
		is_dns_address(leaf, wanted->names[0])
			? "; the address stands in it as a DNS name, which no one compares with an address: wanted it "
			  "as an IP address (iPAddress)"
			: match_remark(worst));
	findings->failed |= names.failed || either.failed;
}

void cw_leaf_check_names(const struct cw_judge_question *question, struct cw_findings *findings)
{
	for (size_t i = 0; i < question->name_count; i++)
		check_name(question, &question->names[i], findings);
}

/* Below `warn` bits a key warns, below `refuse` it is refused (rules 10). */
static const struct {
	enum cw_key_kind kind;
	unsigned warn, refuse;
} key_limits[] = {{CW_KEY_RSA, 2048, 1024}, {CW_KEY_RSA_PSS, 2048, 1024}, {CW_KEY_DSA, 2048, 1024},
	{CW_KEY_EC, 256, 0}};

static void check_key(const struct cw_partial_path *partial, unsigned depth, struct cw_findings *findings)
{
	const struct cw_cert *cert = partial->steps[depth].cert;
	const struct cw_key_info *key = cw_cert_key(cert);
	for (size_t i = 0; i < sizeof key_limits / sizeof key_limits[0]; i++) {
		if (key->kind != key_limits[i].kind || key->bits >= key_limits[i].warn)
			continue;
		struct cw_finding *finding = cw_purpose_reason_add(findings, CW_WEAK_KEY, partial, depth);
		if (key->bits < key_limits[i].refuse)
			cw_finding_severity(finding, CW_SEVERITY_REFUSED);
		char text[CW_KEY_TEXT_SIZE];
		cw_finding_detail(findings, finding, "%s has a key of %s; wanted at least %u bits",
			cw_cert_label(cert), cw_cert_key_text(key, text), key_limits[i].warn);
	}
}

static const struct {
	const char *digest;
	enum cw_severity severity;
} weak_digests[] = {{"SHA1", CW_SEVERITY_WARN}, {"MD5", CW_SEVERITY_REFUSED}, {"MD4", CW_SEVERITY_REFUSED},
	{"MD2", CW_SEVERITY_REFUSED}};

static void check_digest(const struct cw_partial_path *partial, unsigned depth, struct cw_findings *findings)
{
	const struct cw_cert *cert = partial->steps[depth].cert;
	const char *digest = cw_cert_digest(cert);
	for (size_t i = 0; i < sizeof weak_digests / sizeof weak_digests[0]; i++) {
		if (strcmp(digest, weak_digests[i].digest) != 0)
			continue;
		if (cw_cert_self_signed(cert))
			return; /* nobody relies on a root's own signature */
		struct cw_finding *finding = cw_purpose_reason_add(findings, CW_WEAK_DIGEST, partial, depth);
		cw_finding_severity(finding, weak_digests[i].severity);
		cw_finding_detail(findings, finding, "%s is signed with %s; wanted SHA256 or better",
			cw_cert_label(cert), digest);
	}
}

/* Curves that TLS 1.2 and 1.3 name for signatures (RFC 8446 §4.2.3). */
static bool tls_curve(const char *curve)
{
	static const char *const curves[] = {"prime256v1", "secp384r1", "secp521r1"};
	for (size_t i = 0; curve && i < sizeof curves / sizeof curves[0]; i++)
		if (strcmp(curve, curves[i]) == 0)
			return true;
	return false;
}

/* Why TLS cannot use the leaf's key, or NULL. */
static const char *unusable(const struct cw_cert *leaf)
{
	const struct cw_key_info *key = cw_cert_key(leaf);
	switch (key->kind) {
	case CW_KEY_RSA:
	case CW_KEY_RSA_PSS:
	case CW_KEY_ED25519:
	case CW_KEY_ED448:
		return NULL;
	case CW_KEY_EC:
		if (!tls_curve(key->curve))
			return "TLS has no signature scheme for this curve; wanted P-256, P-384 or P-521";
		if (cw_cert_has_key_usage(leaf) && !(cw_cert_key_usage(leaf) & KU_DIGITAL_SIGNATURE))
			return "an EC key can only sign in TLS, and the key usage lacks digitalSignature";
		return NULL;
	case CW_KEY_DSA:
		return "TLS 1.3 and today's TLS 1.2 have no DSA; wanted RSA or EC";
	case CW_KEY_OTHER:
		return "TLS does not know this kind of key; wanted RSA or EC";
	}
	return NULL;
}

static void check_tls(struct cw_cert *leaf, struct cw_findings *findings)
{
	const char *why = unusable(leaf);
	if (!why)
		return;
	char text[CW_KEY_TEXT_SIZE];
	struct cw_finding *finding = cw_findings_add(findings, CW_TLS_UNUSABLE, 0, leaf);
	cw_finding_detail(findings, finding, "%s has a key of %s: %s", cw_cert_label(leaf),
		cw_cert_key_text(cw_cert_key(leaf), text), why);
}

/*
 * SSH has wants of its own (tunnel-key-unfit), and RFC 5280 has none where no purpose is asked for. A key
 * that nobody can read is good for nothing all the same.
 */
static bool asks_for_tls(const struct cw_judge_question *question)
{
	if (question->profile == CW_PROFILE_RFC5280 && question->purpose == CW_PURPOSE_ANY)
		return !cw_purpose_reason_key_is_readable(question->chain[0]);
	return question->profile != CW_PROFILE_TUNNEL;
}

static void check_name_oids(const struct cw_judge_question *question, struct cw_findings *findings)
{
	struct cw_cert *leaf = question->chain[0];
	const struct cw_strings *oids = cw_cert_unknown_oids(leaf);
	if (oids->count == 0)
		return;
	bool tunnel = question->profile == CW_PROFILE_TUNNEL;
	struct cw_finding *finding = cw_findings_add(findings, CW_UNKNOWN_OID_IN_NAME, 0, leaf);
	const char *effect = "the SSH tunnels will not come up with it";
	if (tunnel) {
		effect = "SSH tunnels do not come up with it";
		cw_finding_severity(finding, CW_SEVERITY_REFUSED);
	}
	cw_finding_detail(findings, finding, "subject or issuer of %s has the attribute %s%s; %s",
		cw_cert_label(leaf), oids->items[0], oids->count > 1 ? " and others" : "", effect);
}

void cw_leaf_check_strength(const struct cw_judge_question *question, const struct cw_partial_path *partial,
	struct cw_findings *findings)
{
	for (unsigned i = 0; i < partial->count; i++) {
		if (partial->steps[i].origin == CW_FROM_ELSEWHERE)
			continue;
		check_key(partial, i, findings);
		check_digest(partial, i, findings);
	}
	if (asks_for_tls(question))
		check_tls(question->chain[0], findings);
	check_name_oids(question, findings);
}
