#include "base/file.h"
#include "estate_parts.h"
#include "issue/issue_key.h"
#include "pki/bundle/pem_write.h"

#include <stdio.h>
#include <string.h>

enum { EC_ONLY, RSA_ONLY, MIXED, KEYS_COUNT };

static EVP_PKEY *make_key(struct estate *estate, bool must_be_ec)
{
	static const char *const others[] = {"ec", "ec", "ec", "ec:P-384", "ec:P-521", "ed25519", "rsa:1024"};
	struct cw_error error;
	EVP_PKEY *key = NULL;
	bool mixed = estate->keys % KEYS_COUNT == MIXED;
	bool rsa = estate->keys % KEYS_COUNT == RSA_ONLY || (mixed && estate_chance(estate, 50));
	if (estate->failed)
		return NULL;
	const char *kind = mixed ? others[estate_pick(estate, sizeof others / sizeof others[0])] : "ec";
	bool made = rsa && !must_be_ec
		? cw_stand_in_keys_rsa(estate->rsa, estate_chance(estate, 5) ? 3072 : 2048, &key, &error)
		: cw_issue_key(must_be_ec ? "ec" : kind, &key, &error);
	estate_check(estate, made, &error);
	return made ? key : NULL;
}

static struct cw_issue_spec ca_spec(struct estate *estate, const char *subject)
{
	struct cw_issue_spec spec = {.subject = subject,
		.not_before = estate->at - 400 * CW_DAY,
		.not_after = estate->at + 3000 * CW_DAY,
		.constraints = CW_ISSUE_CA,
		.key_usage = KU_KEY_CERT_SIGN | KU_CRL_SIGN,
		.no_subject_key_id = estate_chance(estate, 15)};
	if (!estate_flaw(estate))
		return spec;
	switch (estate_pick(estate, 8)) {
	case 0:
		spec.not_after = estate->at - CW_DAY;
		break;
	case 1:
		spec.not_before = estate->at + CW_DAY;
		break;
	case 2:
		spec.eku = "server";
		break;
	case 3:
		spec.path_limited = true;
		break;
	case 4:
		spec.constraints = CW_ISSUE_END_ENTITY;
		break;
	case 5:
		spec.permitted_dns = "other.test";
		break;
	case 6:
		spec.key_usage = KU_DIGITAL_SIGNATURE;
		break;
	default:
		spec.unknown_critical = true;
	}
	return spec;
}

static struct estate_ca *add_ca(struct estate *estate, const struct estate_ca *issuer, const char *subject,
	const struct estate_ca *same_key)
{
	static struct estate_ca nowhere;
	struct cw_error error;
	if (estate->failed || estate->ca_count == ESTATE_CAS_MAX)
		return &nowhere;
	struct estate_ca *ca = &estate->cas[estate->ca_count];
	snprintf(ca->subject, sizeof ca->subject, "%s", subject);
	if (same_key && EVP_PKEY_up_ref(same_key->key))
		ca->key = same_key->key;
	else
		ca->key = make_key(estate, false);
	struct cw_issue_spec spec = ca_spec(estate, ca->subject);
	bool made = ca->key &&
		cw_issue(&spec, ca->key, issuer ? issuer->cert : NULL, issuer ? issuer->key : NULL, &ca->cert,
			&error);
	if (!made) {
		estate_check(estate, estate->failed, &error);
		EVP_PKEY_free(ca->key);
		*ca = (struct estate_ca){0};
		return &nowhere;
	}
	estate->ca_count++;
	return ca;
}

/* Root, perhaps a policy CA, perhaps issuing CAs; perhaps an older root of the same name. */
static void add_hierarchy(struct estate *estate, unsigned number, const struct estate_ca *other_root)
{
	char subject[64];
	snprintf(subject, sizeof subject, "O=Estate %u, CN=Root CA %u", number, number);
	if (estate_chance(estate, 20))
		add_ca(estate, NULL, subject, NULL)->variant = true;
	struct estate_ca *root = add_ca(estate, NULL, subject, NULL);
	if (other_root && estate_chance(estate, 25))
		add_ca(estate, other_root, subject, root)->variant = true;
	size_t depth = estate_pick(estate, 3);
	struct estate_ca *last = root;
	for (size_t i = 0; i < depth; i++) {
		snprintf(subject, sizeof subject, "O=Estate %u, CN=CA %u.%zu", number, number, i);
		last = add_ca(estate, last, subject, NULL);
		last->issues = estate_chance(estate, 30);
	}
	last->issues = true;
}

/* As CUCM comes: self-signed, tomcat and CallManager of one subject (rules 6). */
static void add_self_signed(struct estate *estate)
{
	struct cw_error error;
	if (estate->failed || estate->ca_count == ESTATE_CAS_MAX)
		return;
	struct estate_ca *ca = &estate->cas[estate->ca_count];
	snprintf(ca->subject, sizeof ca->subject, "O=Estate, CN=" ESTATE_SELF_SIGNED);
	struct cw_issue_spec spec = {.subject = ca->subject,
		.sans = "DNS:" ESTATE_SELF_SIGNED,
		.not_before = estate->at - 20 * CW_DAY,
		.not_after = estate->at + 300 * CW_DAY,
		.eku = "server, client",
		.key_usage = KU_DIGITAL_SIGNATURE | KU_KEY_ENCIPHERMENT | KU_KEY_CERT_SIGN};
	ca->leaf = true;
	ca->key = make_key(estate, false);
	bool made = ca->key && cw_issue(&spec, ca->key, NULL, NULL, &ca->cert, &error);
	estate->ca_count++;
	estate_check(estate, made || estate->failed, &error);
}

void estate_add_cas(struct estate *estate)
{
	size_t count = 1 + estate_pick(estate, 3);
	for (unsigned i = 1; i <= count; i++)
		add_hierarchy(estate, i, estate->ca_count ? &estate->cas[0] : NULL);
	for (size_t i = estate_chance(estate, 40) ? 1 + estate_pick(estate, 2) : 0; i; i--)
		add_self_signed(estate);
}

static struct estate_ca *pick_issuer(struct estate *estate)
{
	for (unsigned tried = 0; tried < 100; tried++) {
		struct estate_ca *ca = &estate->cas[estate_pick(estate, estate->ca_count)];
		if (ca->issues)
			return ca;
	}
	return &estate->cas[0];
}

static void spoil(struct estate *estate, struct cw_issue_spec *spec)
{
	static const char *const ekus[] = {"server", "client", NULL, "any"};
	switch (estate_pick(estate, 7)) {
	case 0:
		spec->not_after = estate->at - 1;
		break;
	case 1:
		spec->not_before = estate->at + 1;
		break;
	case 2:
		spec->key_usage = KU_KEY_AGREEMENT;
		break;
	case 3:
		spec->unknown_critical = true;
		break;
	case 4:
		spec->corrupt_signature = true;
		break;
	default:
		spec->eku = ekus[estate_pick(estate, sizeof ekus / sizeof ekus[0])];
	}
}

static void put_sans(struct estate *estate, const struct estate_leaf *leaf, struct cw_buffer *ret)
{
	if (!estate_flaw(estate))
		cw_buffer_printf(ret, "DNS:%s", leaf->name);
	for (size_t i = 0; leaf->sans && i < leaf->sans->count; i++)
		if (!estate_flaw(estate))
			cw_buffer_printf(ret, "%s%s", ret->length ? "," : "", leaf->sans->items[i]);
}

static void note_revoked(struct estate *estate, struct estate_ca *issuer, const struct cw_cert *cert)
{
	AUTO(free) char *serial = NULL;
	struct cw_error error;
	if (!estate_flaw(estate))
		return;
	serial = cw_issue_serial(cw_cert_x509(cert));
	bool noted = serial && cw_strings_add(&issuer->revoked, serial);
	if (!noted)
		cw_error_memory(&error);
	estate_check(estate, noted, &error);
}

static bool issue_leaf(
	struct estate *estate, const struct estate_leaf *leaf, struct cw_cert **ret, struct cw_error *error)
{
	AUTO_BUFFER sans = {0};
	char subject[300];
	struct estate_ca *issuer = pick_issuer(estate);
	bool self_signed = estate_flaw(estate) && estate_chance(estate, 30);
	snprintf(subject, sizeof subject, "O=Estate, CN=%s", leaf->name);
	put_sans(estate, leaf, &sans);
	struct cw_issue_spec spec = {.subject = subject,
		.sans = sans.length ? cw_buffer_string(&sans) : NULL,
		.not_before = estate->at - 20 * CW_DAY,
		.not_after = estate->at + 300 * CW_DAY,
		.eku = "server, client",
		.key_usage = KU_DIGITAL_SIGNATURE | KU_KEY_ENCIPHERMENT,
		.constraints = CW_ISSUE_END_ENTITY};
	if (estate_flaw(estate))
		spoil(estate, &spec);
	if (!cw_issue(&spec, estate->last, self_signed ? NULL : issuer->cert,
		    self_signed ? NULL : issuer->key, ret, error))
		return false;
	note_revoked(estate, issuer, *ret);
	return true;
}

/* Sometimes another node's key (a discarded request). */
static void give_key(struct estate *estate, const struct estate_leaf *leaf, const char *name)
{
	struct cw_error error;
	AUTO(free) char *path = cw_file_path(estate->folder, name);
	AUTO(EVP_PKEY_free) EVP_PKEY *other = estate_flaw(estate) ? make_key(estate, false) : NULL;
	if (!leaf->key_of_key || estate->failed || !estate_chance(estate, 40))
		return;
	estate_check(
		estate, path && cw_pem_write_key(path, other ? other : estate->last, NULL, &error), &error);
	cw_buffer_printf(&estate->yaml, "%s%s: %s\n", leaf->indent, leaf->key_of_key, name);
}

/* One of those that lists may have as an anchor, where there are any. */
static const struct estate_ca *self_signed(struct estate *estate, const struct estate_leaf *leaf)
{
	if (strcmp(leaf->name, ESTATE_SELF_SIGNED) != 0 || leaf->must_be_ec || estate_chance(estate, 20))
		return NULL;
	size_t first = 0;
	while (first < estate->ca_count && !estate->cas[first].leaf)
		first++;
	size_t count = estate->ca_count - first;
	return count ? &estate->cas[first + estate_pick(estate, count)] : NULL;
}

void estate_add_leaf(struct estate *estate, const struct estate_leaf *leaf)
{
	AUTO(cw_cert_free) struct cw_cert *cert = NULL;
	AUTO_BUFFER pem = {0};
	struct cw_error error;
	char name[32];
	if (estate->failed)
		return;
	if (estate_flaw(estate) && estate_chance(estate, 20)) {
		cw_buffer_printf(&estate->yaml, "%s%s: unknown\n", leaf->indent, leaf->key);
		return;
	}
	const struct estate_ca *own = self_signed(estate, leaf);
	if (!estate->last || leaf->must_be_ec || !estate_chance(estate, 5)) {
		EVP_PKEY_free(estate->last);
		estate->last = make_key(estate, leaf->must_be_ec);
	}
	if (!estate->last)
		return;
	if (own)
		cert = cw_cert_ref(own->cert);
	estate_check(estate,
		(cert || issue_leaf(estate, leaf, &cert, &error)) && cw_pem_write_cert(&pem, cert, &error),
		&error);
	snprintf(name, sizeof name, "leaf-%u.pem", ++estate->files);
	estate_write(estate, name, &pem);
	cw_buffer_printf(&estate->yaml, "%s%s: %s\n", leaf->indent, leaf->key, name);
	snprintf(name, sizeof name, "leaf-%u.key", estate->files);
	give_key(estate, leaf, name);
}

static void shuffle(struct estate *estate, size_t order[ESTATE_CAS_MAX])
{
	for (size_t i = 0; i < estate->ca_count; i++)
		order[i] = i;
	for (size_t i = estate->ca_count; i > 1; i--) {
		size_t other = estate_pick(estate, i), moved = order[i - 1];
		order[i - 1] = order[other];
		order[other] = moved;
	}
}

/* The fingerprint for lists that cannot be exported, else the certificate. */
static void append_entry(
	struct estate *estate, const struct estate_ca *ca, bool fingerprint, struct cw_buffer *ret)
{
	struct cw_error error;
	if (!fingerprint) {
		estate_check(estate, cw_pem_write_cert(ret, ca->cert, &error), &error);
		return;
	}
	cw_buffer_hex(ret, cw_cert_sha256(ca->cert), CW_SHA256_SIZE);
	cw_buffer_char(ret, '\n');
}

static bool is_left_out(struct estate *estate, const struct estate_ca *ca, bool roots_only)
{
	bool root = cw_name_equal(cw_cert_subject(ca->cert), cw_cert_issuer(ca->cert));
	return (roots_only && (!root || ca->leaf)) || (ca->variant && estate_chance(estate, 60)) ||
		estate_flaw(estate);
}

void estate_add_list(struct estate *estate, const char *indent, const char *key, bool roots_only)
{
	AUTO_BUFFER content = {0};
	size_t order[ESTATE_CAS_MAX];
	bool fingerprints = strcmp(key, "trust") == 0 && estate_chance(estate, 25);
	char name[32];
	if (estate->failed)
		return;
	if (estate_flaw(estate) && estate_chance(estate, 15)) {
		cw_buffer_printf(&estate->yaml, "%s%s: unknown\n", indent, key);
		return;
	}
	shuffle(estate, order);
	for (size_t i = 0; i < estate->ca_count; i++) {
		const struct estate_ca *ca = &estate->cas[order[i]];
		for (int copies = is_left_out(estate, ca, roots_only) ? 0
				: estate_chance(estate, 3)	      ? 2
								      : 1;
			copies; copies--)
			append_entry(estate, ca, fingerprints, &content);
	}
	snprintf(name, sizeof name, "list-%u.pem", ++estate->files);
	estate_write(estate, name, &content);
	cw_buffer_printf(
		&estate->yaml, fingerprints ? "%s%s: {fingerprints: %s}\n" : "%s%s: %s\n", indent, key, name);
}

static void append_crl(struct estate *estate, const struct estate_ca *ca, struct cw_buffer *pem)
{
	AUTO_BUFFER serials = {0};
	AUTO_BUFFER der = {0};
	struct cw_error error;
	bool expired = estate_flaw(estate) && estate_chance(estate, 50);
	for (size_t i = 0; i < ca->revoked.count; i++)
		cw_buffer_printf(&serials, "%s%s", i ? "," : "", ca->revoked.items[i]);
	struct cw_issue_crl_spec spec = {.this_update = estate->at - 40 * CW_DAY,
		.next_update = estate->at + (expired ? -1 : 10) * CW_DAY,
		.serials = serials.length ? cw_buffer_string(&serials) : NULL,
		.number = 3,
		.corrupt_signature = estate_flaw(estate) && estate_chance(estate, 30)};
	estate_check(estate,
		cw_issue_crl_der(&spec, cw_cert_x509(ca->cert), ca->key, &der, &error) &&
			cw_pem_write_block(pem, "X509 CRL", der.data, der.length, &error),
		&error);
}

void estate_add_crls(struct estate *estate, const char *indent)
{
	AUTO_BUFFER pem = {0};
	char name[32];
	for (size_t i = 0; i < estate->ca_count && !estate->failed; i++)
		if (!estate->cas[i].leaf && !estate_flaw(estate))
			append_crl(estate, &estate->cas[i], &pem);
	if (!pem.length)
		return;
	snprintf(name, sizeof name, "crl-%u.pem", ++estate->files);
	estate_write(estate, name, &pem);
	cw_buffer_printf(&estate->yaml, "%scrl: %s\n", indent, name);
}
