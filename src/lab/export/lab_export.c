#include "lab/export/lab_export_parts.h"

#include "base/file.h"
#include "base/lock.h"
#include "check/check.h"
#include "pki/bundle/pem_write.h"

#include <string.h>

static const char *const forms[] = {"bundle", "rest", "certmgr", "cli", "folder"};

bool cw_lab_export_form(const char *word, enum cw_lab_export_form *ret)
{
	for (unsigned i = 0; i < sizeof forms / sizeof forms[0]; i++)
		if (strcmp(word, forms[i]) == 0) {
			*ret = i;
			return true;
		}
	return false;
}

bool cw_lab_export_file(const struct cw_lab_export *job, const char *name, const struct cw_buffer *content)
{
	AUTO(free) char *path = cw_file_path(job->folder, name);
	AUTO(free) char *parent = path ? cw_file_folder(path) : NULL;
	if (!parent)
		return cw_error_memory(job->error);
	if (!cw_buffer_ok(content, job->error) || !cw_file_make_folder(parent, job->error))
		return false;
	cw_lock_sweep_beside(path);
	return cw_file_write(path, cw_buffer_string(content), content->length, 0644, job->error);
}

bool cw_lab_export_read(const struct cw_lab_export *job, const char *typed, struct cw_buffer *ret)
{
	AUTO(free) char *path = cw_file_path(job->deployment->folder, typed);
	if (!path)
		return cw_error_memory(job->error);
	return cw_file_read(path, CW_BUNDLE_FILE_MAX, ret, job->error);
}

bool cw_lab_export_identity(
	const struct cw_lab_export *job, const struct cw_identity *identity, struct cw_buffer *ret)
{
	if (identity->format == CW_FORMAT_PEM)
		return cw_lab_export_read(job, identity->path, ret);
	return cw_pem_write_cert(ret, identity->leaf, job->error);
}

bool cw_lab_export_list(const struct cw_lab_export *job, const struct cw_store *store, struct cw_buffer *ret)
{
	for (size_t i = 0; i < store->list.count; i++)
		if (!cw_pem_write_cert(ret, store->list.entries[i].cert, job->error))
			return false;
	cw_buffer_text(ret, "");
	return cw_buffer_ok(ret, job->error);
}

size_t cw_lab_export_label(const char *fqdn)
{
	return strcspn(fqdn, ".");
}

const char *cw_lab_export_domain(const char *fqdn)
{
	const char *dot = strchr(fqdn, '.');
	return dot ? dot + 1 : "";
}

bool cw_lab_export_is_voice(const struct cw_node *node)
{
	return node->kind == CW_NODE_CUCM || node->kind == CW_NODE_IMP || node->kind == CW_NODE_UNITY;
}

bool cw_lab_export_is_secure(const struct cw_group *group)
{
	return group->secure_registration == CW_SWITCH_ON;
}

bool cw_lab_export_nodes(struct cw_lab_export *job, bool voice, cw_lab_export_each each)
{
	for (size_t i = 0; i < job->deployment->group_count; i++) {
		const struct cw_group *group = job->deployment->groups[i];
		for (size_t j = 0; j < group->count; j++)
			if (cw_lab_export_is_voice(group->nodes[j]) == voice && !each(job, group->nodes[j]))
				return false;
	}
	return true;
}

/* One check for the logs and captures of all nodes: of a large deployment it takes a third of a second. */
static bool write_bundles(struct cw_lab_export *job)
{
	AUTO(cw_check_free) struct cw_check *check = NULL;
	struct cw_check_options options = {.at = job->at};
	if (!cw_check_run(job->deployment, &options, &check, job->error))
		return false;
	job->check = check;
	return cw_lab_export_nodes(job, false, cw_lab_export_bundle);
}

bool cw_lab_export_write(const struct cw_deployment *deployment, enum cw_lab_export_form form,
	const char *folder, cw_time at, struct cw_error *error)
{
	struct cw_lab_export job = {.deployment = deployment, .folder = folder, .at = at, .error = error};
	if (!cw_file_make_folder(folder, error))
		return false;
	switch (form) {
	case CW_LAB_EXPORT_BUNDLE:
		return write_bundles(&job);
	case CW_LAB_EXPORT_REST:
		return cw_lab_export_nodes(&job, false, cw_lab_export_rest);
	case CW_LAB_EXPORT_CERTMGR:
		return cw_lab_export_nodes(&job, true, cw_lab_export_snapshot) && cw_lab_export_axl(&job);
	case CW_LAB_EXPORT_CLI:
		return cw_lab_export_nodes(&job, true, cw_lab_export_session);
	case CW_LAB_EXPORT_FOLDER:
		return cw_lab_export_nodes(&job, false, cw_lab_export_loose) &&
			cw_lab_export_nodes(&job, true, cw_lab_export_loose);
	}
	return false;
}
