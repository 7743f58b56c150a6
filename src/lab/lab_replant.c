#include "lab/lab_replant.h"

#include "base/file.h"
#include "base/lock.h"
#include "lab/lab_build.h"
#include "lab/lab_realise.h"
#include "lab/lab_record.h"
#include "lab/lab_write.h"
#include "pki/bundle/bundle.h"
#include "pki/key.h"

#include <dirent.h>
#include <string.h>
#include <sys/stat.h>

/* Both sets of files are made beside the lab's own; what a killed command left of them goes first. */
#define OLD_FILES ".causeway-old"
#define NEW_FILES ".causeway-new"
/* Against a file that is none of a lab's: the longest list has 100 kB. */
#define FILE_MAX (16 * 1024 * 1024)

/* --- what the lab has --- */

struct having {
	const char *folder;
	struct cw_pool *pool;
	struct cw_lab_plan *plan;
};

static bool take_cert(
	const struct having *having, const char *name, struct cw_lab_plan_cert *cert, struct cw_error *error)
{
	AUTO_BUNDLE bundle = {0};
	AUTO(free) char *path = cw_file_path(having->folder, name);
	if (!path)
		return cw_error_memory(error);
	if (cert->cert)
		return true;
	if (!cw_bundle_read(path, path, NULL, having->pool, &bundle, error))
		return false;
	if (!bundle.count)
		return cw_error_set(error, CW_E_FORMAT, "%s: holds no certificate", path);
	cert->cert = cw_cert_ref(bundle.entries[0].cert);
	return true;
}

/* The key file of a node may hold another one's key: that is a fault of its own. */
static bool take_key(
	const struct having *having, const char *name, struct cw_lab_plan_cert *cert, struct cw_error *error)
{
	EVP_PKEY *key;
	AUTO(free) char *path = cw_file_path(having->folder, name);
	if (!path)
		return cw_error_memory(error);
	if (cert->key)
		return true;
	if (!cw_key_read(path, NULL, &key, error))
		return false;
	cert->key = key;
	return true;
}

static bool take_authority(const struct having *having, struct cw_lab_plan_cert *cert, struct cw_error *error)
{
	AUTO_BUFFER cert_name = {0}, key_name = {0};
	cw_buffer_printf(&cert_name, "ca/%s/ca.pem", cert->id);
	cw_buffer_printf(&key_name, "ca/%s/privkey.pem", cert->id);
	return cw_buffer_ok(&cert_name, error) && cw_buffer_ok(&key_name, error) &&
		take_cert(having, cw_buffer_string(&cert_name), cert, error) &&
		take_key(having, cw_buffer_string(&key_name), cert, error);
}

static bool take_node(
	const struct having *having, const struct cw_lab_plan_node *node, struct cw_error *error)
{
	AUTO_BUFFER key_name = {0};
	cw_buffer_printf(&key_name, "%s/privkey.pem", node->name);
	for (unsigned kind = 0; kind < CW_IDENTITY_KIND_COUNT; kind++) {
		const struct cw_lab_identity *identity = &node->identities[kind];
		if (!identity->cert || identity->unknown)
			continue;
		AUTO(free) char *name = cw_lab_write_identity_file(node, kind);
		if (!name || !cw_buffer_ok(&key_name, error))
			return cw_error_memory(error);
		struct cw_lab_plan_cert *bearer = identity->key_of ? identity->key_of : identity->cert;
		if (!take_cert(having, name, identity->cert, error) ||
			(kind == CW_IDENTITY_SERVER &&
				!take_key(having, cw_buffer_string(&key_name), bearer, error)))
			return false;
	}
	return true;
}

static bool take_all(const struct having *having, struct cw_error *error)
{
	const struct cw_lab_plan *plan = having->plan;
	for (size_t i = 0; i < plan->cert_count; i++)
		if (plan->certs[i]->spec.constraints == CW_ISSUE_CA && !plan->certs[i]->unused &&
			!take_authority(having, plan->certs[i], error))
			return false;
	for (size_t i = 0; i < plan->group_count; i++)
		for (size_t k = 0; k < plan->groups[i]->count; k++)
			if (!take_node(having, plan->groups[i]->nodes[k], error))
				return false;
	return true;
}

/* --- what stays --- */

static const char *text_of(const char *text)
{
	return text ? text : "";
}

/* Everything that decides what the certificate says, its issuers included. */
static void describe(const struct cw_lab_plan_cert *cert, struct cw_buffer *ret)
{
	const struct cw_issue_spec *spec = &cert->spec;
	cw_buffer_printf(ret, "%s|%s|%s|%s|%s", cert->id, cert->subject, text_of(cert->key_kind),
		text_of(spec->issuer), text_of(spec->serial));
	cw_buffer_printf(ret, "|%lld|%lld|%d|%d|%u|%u|%s", (long long)spec->not_before,
		(long long)spec->not_after, (int)spec->constraints, spec->path_limited, spec->path_length,
		(unsigned)spec->key_usage, text_of(spec->eku));
	cw_buffer_printf(ret, "|%d|%d|%s|%s|%s|%s|%s", spec->no_subject_key_id, (int)spec->authority_key_id,
		text_of(spec->digest), text_of(spec->permitted_dns), text_of(spec->excluded_dns),
		text_of(spec->crl_urls), text_of(spec->issuer_urls));
	cw_buffer_printf(ret, "|%d|%d|%d|%d", spec->unknown_critical, spec->version_1,
		spec->corrupt_signature, spec->end_lacks_seconds);
	for (size_t i = 0; i < cert->sans.count; i++)
		cw_buffer_printf(ret, "|%s", cert->sans.items[i]);
	cw_buffer_char(ret, '\n');
	if (cert->issuer)
		describe(cert->issuer, ret);
}

static bool is_the_same(const struct cw_lab_plan_cert *a, const struct cw_lab_plan_cert *b)
{
	AUTO_BUFFER first = {0}, second = {0};
	describe(a, &first);
	describe(b, &second);
	return !first.failed && !second.failed && first.length == second.length &&
		memcmp(first.data, second.data, first.length) == 0;
}

static bool same_kind_of_key(const struct cw_lab_plan_cert *a, const struct cw_lab_plan_cert *b)
{
	return strcmp(text_of(a->key_kind), text_of(b->key_kind)) == 0;
}

/* The key of an Expressway's certificate is written beside it; CUCM's never is. */
static bool needs_key(const struct cw_lab_plan *plan, const struct cw_lab_plan_cert *cert)
{
	if (cert->spec.constraints == CW_ISSUE_CA)
		return true;
	for (size_t i = 0; i < plan->group_count; i++)
		for (size_t k = 0; k < plan->groups[i]->count; k++) {
			const struct cw_lab_identity *server =
				&plan->groups[i]->nodes[k]->identities[CW_IDENTITY_SERVER];
			if (server->cert == cert || server->key_of == cert)
				return true;
		}
	return false;
}

/* A certificate that is another one now keeps its key where it can: only one file changes. */
static void keep(
	const struct cw_lab_plan *before, const struct cw_lab_plan *after, struct cw_lab_plan_cert *cert)
{
	for (size_t i = 0; i < before->cert_count; i++) {
		const struct cw_lab_plan_cert *old = before->certs[i];
		if (strcmp(old->id, cert->id) != 0)
			continue;
		if (old->key && same_kind_of_key(old, cert) && EVP_PKEY_up_ref(old->key) == 1)
			cert->key = old->key;
		if (old->cert && is_the_same(old, cert) && (cert->key || !needs_key(after, cert)))
			cert->cert = cw_cert_ref(old->cert);
		return;
	}
}

/* --- the files --- */

static bool same_file(const char *one, const char *other)
{
	AUTO_BUFFER first = {0}, second = {0};
	struct cw_error ignored;
	return cw_file_read(one, FILE_MAX, &first, &ignored) &&
		cw_file_read(other, FILE_MAX, &second, &ignored) && first.length == second.length &&
		memcmp(cw_buffer_string(&first), cw_buffer_string(&second), first.length) == 0;
}

static bool put_file(const char *from, const char *to, struct cw_error *error)
{
	AUTO_BUFFER content = {0};
	struct stat status;
	AUTO(free) char *parent = cw_file_folder(to);
	if (!parent)
		return cw_error_memory(error);
	if (stat(from, &status) != 0 || !cw_file_read(from, FILE_MAX, &content, error))
		return cw_error_set(error, CW_E_IO, "%s: cannot be read", from);
	return cw_file_make_folder(parent, error) &&
		cw_file_write(to, cw_buffer_string(&content), content.length, status.st_mode & 0777, error);
}

struct putting {
	const char *folder; /* of the lab */
	struct cw_strings *changed;
};

static bool put_one(const struct putting *putting, const char *name, struct cw_error *error)
{
	AUTO(free) char *old_name = cw_file_path(OLD_FILES, name), *new_name = cw_file_path(NEW_FILES, name);
	AUTO(free) char *old = old_name ? cw_file_path(putting->folder, old_name) : NULL;
	AUTO(free) char *new = new_name ? cw_file_path(putting->folder, new_name) : NULL;
	AUTO(free) char *to = cw_file_path(putting->folder, name);
	if (!old || !new || !to)
		return cw_error_memory(error);
	cw_lock_sweep_beside(to); /* what a killed command had begun, also where this one changes nothing */
	if (same_file(old, new))
		return true;
	return put_file(new, to, error) && (cw_strings_add(putting->changed, name) || cw_error_memory(error));
}

static bool put_folder(const struct putting *putting, const char *below, struct cw_error *error);

/* The record goes last: until then the lab counts as what it was. */
static bool put_entry(
	const struct putting *putting, const char *below, const struct dirent *entry, struct cw_error *error)
{
	if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0 ||
		strcmp(entry->d_name, CW_LAB_RECORD_FILE) == 0)
		return true;
	AUTO(free) char *name = cw_file_path(below, entry->d_name);
	if (!name)
		return cw_error_memory(error);
	return entry->d_type == DT_DIR ? put_folder(putting, name, error) : put_one(putting, name, error);
}

static void close_folder(DIR *folder)
{
	if (folder)
		closedir(folder);
}

CW_DEFINE_AUTO(DIR *, close_folder)

/* Every file below `below`, a folder of the new files. It is as deep as a lab is: ca/private-root. */
static bool put_folder(const struct putting *putting, const char *below, struct cw_error *error)
{
	AUTO(free) char *made = cw_file_path(putting->folder, NEW_FILES);
	AUTO(free) char *path = made ? cw_file_path(made, below) : NULL;
	const struct dirent *entry;
	if (!path)
		return cw_error_memory(error);
	AUTO(close_folder) DIR *folder = opendir(path);
	if (!folder)
		return cw_error_set(error, CW_E_IO, "%s: cannot be read", path);
	while ((entry = readdir(folder)))
		if (!put_entry(putting, below, entry, error))
			return false;
	return true;
}

static bool write_beside(const struct cw_lab_plan *plan, const struct cw_lab_options *options,
	const char *name, struct cw_error *error)
{
	AUTO(free) char *path = cw_file_path(options->folder, name);
	if (!path)
		return cw_error_memory(error);
	cw_file_remove_folder(path);
	return cw_file_make_folder(path, error) && cw_lab_write_all(plan, options, path, error);
}

static void remove_beside(const char *folder)
{
	AUTO(free) char *old = cw_file_path(folder, OLD_FILES), *new = cw_file_path(folder, NEW_FILES);
	if (old)
		cw_file_remove_folder(old);
	if (new)
		cw_file_remove_folder(new);
}

/* --- the whole --- */

static bool make_plans(const struct cw_lab_options *old, const struct cw_lab_options *new,
	struct cw_lab_plan *before, struct cw_lab_plan *after, struct cw_error *error)
{
	AUTO(cw_pool_free) struct cw_pool *pool = cw_pool_new();
	if (!pool)
		return cw_error_memory(error);
	const struct having having = {old->folder, pool, before};
	if (!cw_lab_build(before, old, error) || !cw_lab_build(after, new, error) ||
		!take_all(&having, error))
		return false;
	for (size_t i = 0; i < after->cert_count; i++)
		keep(before, after, after->certs[i]);
	return cw_lab_realise(before, old, error) && cw_lab_realise(after, new, error);
}

static bool check_size(
	const struct cw_lab_options *old, const struct cw_lab_options *new, struct cw_error *error)
{
	if (cw_lab_build_size(new) == cw_lab_build_size(old))
		return true;
	return cw_error_set(error, CW_E_USAGE,
		"%s: this fault needs more than one peer: make the lab with \"causeway lab new --size cluster\"",
		old->folder);
}

static bool replant(const struct cw_lab_options *old, const struct cw_lab_options *new,
	struct cw_strings *ret_changed, struct cw_error *error)
{
	AUTO_LAB_PLAN before = {0}, after = {0};
	const struct putting putting = {old->folder, ret_changed};
	return make_plans(old, new, &before, &after, error) && write_beside(&before, old, OLD_FILES, error) &&
		write_beside(&after, new, NEW_FILES, error) && put_folder(&putting, "", error) &&
		cw_lab_record_write(old->folder, new, error);
}

bool cw_lab_replant(const char *folder, const char *const *faults, size_t fault_count,
	struct cw_strings *ret_changed, struct cw_error *error)
{
	AUTO_LAB_RECORD record = {0};
	if (!cw_lab_record_read(folder, &record, error))
		return false;
	struct cw_lab_options new = record.options;
	/* a lab that a fault made a cluster stays one */
	record.options.size = new.size = cw_lab_build_size(&record.options);
	new.faults = faults;
	new.fault_count = fault_count;
	if (!cw_lab_check(&new, error) || !check_size(&record.options, &new, error))
		return false;
	bool good = replant(&record.options, &new, ret_changed, error);
	remove_beside(folder);
	return good;
}
