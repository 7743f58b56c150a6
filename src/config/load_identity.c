#include "config/load_parts.h"
#include "pki/key.h"

#include <string.h>

static const char *what_it_holds(const struct cw_bundle *bundle)
{
	if (bundle->crl_count)
		return "a CRL";
	return bundle->key_count ? "a private key only" : "an empty file";
}

static void compare_key(struct cw_identity *identity, EVP_PKEY *key)
{
	if (identity->state != CW_KNOWN || !key)
		return;
	EVP_PKEY_free(identity->private_key);
	identity->private_key = NULL;
	identity->key = cw_key_fits(key, identity->leaf) ? CW_KEY_FITS : CW_KEY_DIFFERS;
	if (identity->key == CW_KEY_FITS && EVP_PKEY_up_ref(key) == 1)
		identity->private_key = key;
}

/*
 * A key that is there and cannot be read (it belongs to root, its password is not here, it is none) costs one answer,
 * whether it fits, and no verdict: it is told, and the rest is judged. A running node cannot do without.
 */
static void tell_unread(struct cw_loader *loader, const struct cw_yaml *value, const struct cw_error *error,
	const struct cw_secret *secret)
{
	struct cw_problems *notes = &loader->notes;
	if (loader->node_file || error->code == CW_E_MEMORY ||
		!cw_load_files_is_there(&loader->files, value->text))
		cw_load_file_problem(loader, value, error, secret);
	else if (error->code == CW_E_PASSWORD && !secret->file)
		cw_problem(notes, value,
			"%s: the private key is encrypted, and no \"%s-password-file\" names the file that holds its "
			"password: whether it fits its certificate is not judged",
			value->text, secret->of);
	else
		cw_problem(notes, value, "%s; whether this key fits its certificate is not judged",
			error->message);
}

/* The key in a file of its own goes before one in the identity's file. It is looked for even where there is nothing
 * to compare it with: a file that is named must be there. */
static void load_key(struct cw_loader *loader, const struct cw_yaml *value, const struct cw_secret *secret,
	struct cw_identity *ret)
{
	const char *typed = cw_value_text(&loader->problems, value, "a file with a private key");
	if (!typed)
		return;
	struct cw_error error;
	AUTO(EVP_PKEY_free) EVP_PKEY *key = NULL;
	if (cw_load_files_key(&loader->files, typed, secret->text, &key, &error))
		compare_key(ret, key);
	else
		tell_unread(loader, value, &error, secret);
	ret->key_path = strdup(typed);
	if (!ret->key_path)
		loader->problems.no_memory = true;
}

static void load_certificate(struct cw_loader *loader, const struct cw_yaml *value,
	const struct cw_secret *secret, struct cw_identity *ret)
{
	struct cw_error error;
	const struct cw_bundle *bundle =
		cw_load_files_bundle(&loader->files, value->text, secret->text, &error);
	if (!bundle) {
		cw_load_file_problem(loader, value, &error, secret);
		return;
	}
	if (!bundle->count) {
		cw_problem(&loader->problems, value, "%s: wanted a certificate, found %s", value->text,
			what_it_holds(bundle));
		return;
	}
	ret->path = strdup(value->text);
	if (!ret->path) {
		loader->problems.no_memory = true;
		return;
	}
	for (size_t i = 0; i < bundle->notes.count; i++)
		if (!cw_strings_add(&ret->notes, bundle->notes.items[i]))
			loader->problems.no_memory = true;
	size_t leaf = cw_bundle_leaf(bundle);
	ret->leaf = cw_cert_ref(bundle->entries[leaf].cert);
	ret->leaf_number = leaf + 1;
	ret->format = bundle->format;
	ret->others = calloc(bundle->count, sizeof(struct cw_cert *));
	if (!ret->others) {
		loader->problems.no_memory = true;
		return;
	}
	for (size_t i = 0; i < bundle->count; i++)
		if (i != leaf)
			ret->others[ret->extra++] = cw_cert_ref(bundle->entries[i].cert);
	ret->state = CW_KNOWN;
	compare_key(ret, bundle->key);
}

void cw_load_identity(struct cw_loader *loader, const struct cw_raw_node *raw, enum cw_identity_kind kind,
	struct cw_identity *ret)
{
	const struct cw_yaml *value = raw->identities[kind];
	AUTO_SECRET secret =
		cw_load_secret(loader, raw->identity_passwords[kind], cw_node_identity_name(kind));
	AUTO_SECRET key_secret = cw_load_secret(
		loader, raw->key_passwords[kind], kind == CW_IDENTITY_CLIENT ? "client-key" : "key");
	const char *typed = cw_value_text(&loader->problems, value, "a certificate file or unknown");
	if (typed && strcmp(typed, "unknown") == 0)
		ret->state = CW_UNKNOWN;
	else if (typed)
		load_certificate(loader, value, &secret, ret);
	load_key(loader, raw->keys[kind], &key_secret, ret);
	cw_load_secret_path(loader, &secret, &ret->password_path);
	cw_load_secret_path(loader, &key_secret, &ret->key_password_path);
}
