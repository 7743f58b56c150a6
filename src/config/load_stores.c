#include "config/load_parts.h"

#include "base/folder.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <openssl/x509.h>

/* What is being filled, and from which place in the YAML. */
struct reading {
	struct cw_loader *loader;
	const struct cw_yaml *at;
	const struct cw_secret *secret;
	struct cw_crl_set *crls;
	struct cw_strings *paths; /* gets what is named, as typed */
	bool endpoint;
	bool crls_only; /* `crl:` */
	bool in_folder;
	bool order_counts; /* a store in which it may decide: CUCM and endpoints try every entry */
	struct cw_store *store;
	struct cw_strings *notes; /* of what is read: of the store, or of the list that CRLs belong to */
};

static void no_memory(const struct reading *reading)
{
	reading->loader->problems.no_memory = true;
}

static void add_crls(const struct reading *reading, const struct cw_bundle *bundle)
{
	struct cw_crl_set *set = reading->crls;
	for (size_t i = 0; set && i < bundle->crl_count; i++) {
		if (!cw_memory_grow(&set->items, &set->capacity, set->count, sizeof *set->items)) {
			no_memory(reading);
			return;
		}
		set->items[set->count++] = cw_crl_ref(bundle->crls[i]);
	}
}

static void note(const struct reading *reading, const char *what)
{
	if (!cw_strings_add(reading->notes, what))
		no_memory(reading);
}

static void add_certificates(const struct reading *reading, const struct cw_bundle *bundle, const char *typed)
{
	struct cw_store *store = reading->store;
	if (!cw_trust_list_add_bundle(&store->list, bundle))
		no_memory(reading);
	if (bundle->format != CW_FORMAT_PEM && bundle->format != CW_FORMAT_EMPTY &&
		!cw_strings_addf(&store->not_pem, "%s (%s)", typed, cw_bundle_format_name(bundle->format)))
		no_memory(reading);
}

/* A file with something in it, but not what is wanted here, is a mistake; an empty one is an empty list. */
static const char *missing(const struct reading *reading, const struct cw_bundle *bundle)
{
	if (bundle->format == CW_FORMAT_EMPTY || bundle->crl_count)
		return NULL;
	if (reading->crls_only)
		return bundle->count ? "a CRL, found certificates" : "a CRL, found a private key only";
	return bundle->count ? NULL : "certificates, found a private key only";
}

/* A private key, a request, desktop.ini: nothing that one odd file does stops the rest. */
static void leave_out(const struct reading *reading, const char *why)
{
	struct cw_error text;
	cw_error_set(&text, CW_E_FORMAT, "%s; left out of the list: take the file out of the folder", why);
	note(reading, text.message);
}

static void add_file(const struct reading *reading, const char *typed)
{
	struct cw_error error;
	const char *password = reading->secret ? reading->secret->text : NULL;
	const struct cw_bundle *bundle =
		cw_load_files_bundle(&reading->loader->files, typed, password, &error);
	if (!bundle && reading->in_folder && reading->store && error.code == CW_E_FORMAT) {
		leave_out(reading, error.message);
		return;
	}
	if (!bundle) {
		cw_load_file_problem(reading->loader, reading->at, &error, reading->secret);
		return;
	}
	const char *wanted = missing(reading, bundle);
	if (wanted && reading->in_folder && reading->store) {
		cw_error_set(&error, CW_E_FORMAT, "%s: wanted %s", typed, wanted);
		leave_out(reading, error.message);
		return;
	}
	if (wanted) {
		cw_problem(&reading->loader->problems, reading->at, "%s: wanted %s", typed, wanted);
		return;
	}
	for (size_t i = 0; i < bundle->notes.count; i++)
		note(reading, bundle->notes.items[i]);
	add_crls(reading, bundle);
	if (reading->store)
		add_certificates(reading, bundle, typed);
}

/* `order.txt`: file names, one a line, first to last. Files that it does not name are an error. */
static bool sort_by_file(struct reading *reading, const char *order, struct cw_strings *names)
{
	struct cw_error error;
	AUTO_BUFFER text = {0};
	struct cw_loader *loader = reading->loader;
	if (!cw_load_files_read(&loader->files, order, CW_FOLDER_ORDER_MAX, &text, &error)) {
		cw_load_file_problem(loader, reading->at, &error, NULL);
		return false;
	}
	if (cw_folder_sort(cw_buffer_string(&text), text.length, order, names, &error))
		return true;
	if (error.code == CW_E_MEMORY)
		no_memory(reading);
	else
		cw_problem(&loader->problems, reading->at, "%s", error.message);
	return false;
}

static bool is_order_file(const char *path)
{
	const char *slash = strrchr(path, '/');
	return strcmp(slash ? slash + 1 : path, CW_FOLDER_ORDER) == 0;
}

/* What cannot be read holds no certificate here; add_file says why. */
static bool sort_by_number(struct reading *reading, struct cw_strings *names, bool *ret_ordered)
{
	struct cw_error error;
	const char *password = reading->secret ? reading->secret->text : NULL;
	*ret_ordered = false;
	if (!reading->order_counts || !cw_folder_has_numbers(names))
		return true;
	AUTO(free) bool *certificates = calloc(names->count, sizeof *certificates);
	for (size_t i = 0; certificates && i < names->count; i++) {
		const struct cw_bundle *bundle =
			cw_load_files_bundle(&reading->loader->files, names->items[i], password, &error);
		certificates[i] = bundle && bundle->count;
	}
	if (certificates && cw_folder_sort_numbers(names, certificates, ret_ordered, reading->notes, &error))
		return true;
	no_memory(reading);
	return false;
}

/* Whether the order of the folder's files is that of the box: order.txt or their numbers say it, or one file has it all. */
static bool sort_folder(struct reading *reading, struct cw_strings *names)
{
	for (size_t i = 0; i < names->count; i++) {
		if (!is_order_file(names->items[i]))
			continue;
		AUTO(free) char *order = strdup(names->items[i]);
		if (!order) {
			no_memory(reading);
			return false;
		}
		return sort_by_file(reading, order, names);
	}
	bool ordered;
	if (!sort_by_number(reading, names, &ordered))
		return false;
	if (reading->store && names->count > 1 && !ordered)
		reading->store->unordered = reading->store->list.unordered = true;
	return true;
}

static void add_folder(struct reading *reading, const char *typed)
{
	struct cw_error error;
	AUTO_STRINGS names = {0};
	if (!cw_load_files_list(&reading->loader->files, typed, &names, &error)) {
		cw_load_file_problem(reading->loader, reading->at, &error, NULL);
		return;
	}
	if (!sort_folder(reading, &names))
		return;
	reading->in_folder = true;
	for (size_t i = 0; i < names.count; i++)
		add_file(reading, names.items[i]);
	reading->in_folder = false;
}

/* OpenSSL's default CA file, as a desktop client would find it. None there: the list is empty. */
static void add_system(const struct reading *reading)
{
	const char *named = getenv(X509_get_default_cert_file_env());
	const char *path = named && *named ? named : X509_get_default_cert_file();
	AUTO(free) char *absolute = realpath(path, NULL);
	if (!absolute)
		return;
	struct cw_error error;
	const struct cw_bundle *bundle =
		cw_load_files_bundle(&reading->loader->files, absolute, NULL, &error);
	if (!bundle)
		cw_load_file_problem(reading->loader, reading->at, &error, NULL);
	else if (!cw_trust_list_add_bundle(&reading->store->list, bundle))
		no_memory(reading);
}

static const char *wanted_of(const struct reading *reading)
{
	if (reading->crls_only)
		return "a CRL file, a folder or a list of them";
	return reading->endpoint
		? "system, a file, a folder, {fingerprints: FILE}, a list of these, or unknown"
		: "a file, a folder, a list of them, or unknown";
}

/* One file, folder, `system` or map of fingerprints. */
static void add_item(struct reading *reading, const struct cw_yaml *value)
{
	struct cw_loader *loader = reading->loader;
	reading->at = value;
	if (value->kind == CW_YAML_MAP && reading->endpoint) {
		struct cw_raw_trust raw = {0};
		if (cw_schema_read(&loader->problems, &cw_trust_schema, value, &raw) &&
			cw_schema_want(
				&loader->problems, &cw_trust_schema, value, raw.fingerprints, "fingerprints"))
			cw_load_fingerprints(loader, raw.fingerprints);
		if (raw.fingerprints && raw.fingerprints->kind == CW_YAML_TEXT &&
			!cw_strings_add(&reading->store->fingerprint_paths, raw.fingerprints->text))
			no_memory(reading);
		return;
	}
	const char *typed = cw_value_text(&loader->problems, value, wanted_of(reading));
	if (!typed)
		return;
	if (strcmp(typed, "unknown") == 0 && reading->store) {
		cw_problem(&loader->problems, value, "\"unknown\" stands for the whole list, not in it");
		return;
	}
	if (!cw_strings_add(reading->paths, typed))
		no_memory(reading);
	if (reading->endpoint && strcmp(typed, "system") == 0)
		add_system(reading);
	else if (cw_load_files_is_folder(&loader->files, typed))
		add_folder(reading, typed);
	else
		add_file(reading, typed);
}

static void add_items(struct reading *reading, const struct cw_yaml *value)
{
	if (value->kind != CW_YAML_LIST) {
		add_item(reading, value);
		return;
	}
	for (size_t i = 0; i < value->count; i++)
		add_item(reading, &value->entries[i].value);
}

void cw_load_store(struct cw_loader *loader, const struct cw_yaml *value, const struct cw_yaml *password_file,
	enum cw_store_kind kind, struct cw_crl_set *crls, struct cw_store *ret)
{
	AUTO_SECRET secret = cw_load_secret(loader, password_file, cw_node_store_name(kind));
	cw_load_secret_path(loader, &secret, &ret->password_path);
	if (!value)
		return;
	if (value->kind == CW_YAML_TEXT && strcmp(value->text, "unknown") == 0) {
		ret->state = CW_UNKNOWN;
		return;
	}
	struct reading reading = {.loader = loader,
		.secret = &secret,
		.crls = crls,
		.paths = &ret->paths,
		.endpoint = kind == CW_STORE_TRUST,
		.order_counts = kind == CW_STORE_TRUSTED_CA,
		.store = ret,
		.notes = &ret->notes};
	ret->state = CW_KNOWN;
	add_items(&reading, value);
}

void cw_load_crls(struct cw_loader *loader, const struct cw_yaml *value, struct cw_node *node)
{
	struct reading reading = {.loader = loader,
		.crls = &node->crls,
		.paths = &node->crl_paths,
		.crls_only = true,
		.notes = &node->stores[CW_STORE_TRUSTED_CA].notes};
	if (value && value->kind == CW_YAML_TEXT && strcmp(value->text, "unknown") == 0)
		node->crls.unknown = true;
	else if (value)
		add_items(&reading, value);
}
