#include "config/load.h"

#include "base/file.h"
#include "config/load_parts.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#define FILE_NAME "deployment.yaml"
#define STANDARD_INPUT "<stdin>" /* in errors */

static void loader_finish(struct cw_loader *loader)
{
	cw_problems_finish(&loader->problems);
	cw_problems_finish(&loader->notes);
	cw_load_files_finish(&loader->files);
	cw_deployment_free(loader->deployment);
	free(loader->groups);
	free(loader->nodes);
	for (size_t i = 0; i < loader->fingerprint_count; i++)
		cw_load_fingerprints_finish(&loader->fingerprints[i]);
	free(loader->fingerprints);
}

#define AUTO_LOADER __attribute__((cleanup(loader_finish))) struct cw_loader

/* --- the name of a deployment that has none --- */

static const char *last_part(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash ? slash + 1 : path;
}

/* "acme/deployment.yaml" and standard input: the folder's name; "acme.yaml": the file's, without its ending.
 */
static char *default_name(const char *shown, const char *folder)
{
	const char *file = last_part(shown);
	const char *dot = strrchr(file, '.');
	if (strcmp(file, FILE_NAME) != 0 && strcmp(file, STANDARD_INPUT) != 0 && *file)
		return strndup(file, dot && dot != file ? (size_t)(dot - file) : strlen(file));
	AUTO(free) char *absolute = realpath(*folder ? folder : ".", NULL);
	const char *name = absolute ? last_part(absolute) : "";
	return strdup(*name ? name : "deployment");
}

/* --- the whole --- */

static const struct cw_schema *schema_of(const struct cw_loader *loader)
{
	return loader->node_file ? &cw_node_file_schema : &cw_deployment_schema;
}

static void check_version(struct cw_loader *loader, const struct cw_yaml *root, const struct cw_yaml *value)
{
	char quoted[CW_QUOTED_SIZE];
	if (!cw_schema_want(&loader->problems, schema_of(loader), root, value, "causeway"))
		return;
	if (value->kind != CW_YAML_TEXT)
		cw_value_wrong(&loader->problems, value, "1, the version of the format", false);
	else if (strcmp(value->text, "1") != 0)
		cw_problem(&loader->problems, value, "format version %s is not known here; wanted 1",
			cw_problem_quote(value->text, quoted));
}

static void load_root(struct cw_loader *loader, const struct cw_yaml *root)
{
	struct cw_problems *problems = &loader->problems;
	struct cw_deployment *deployment = loader->deployment;
	struct cw_raw_deployment raw = {0};
	if (!cw_schema_read(problems, schema_of(loader), root, &raw))
		return;
	check_version(loader, root, raw.causeway);
	cw_value_copy(problems, raw.name, "a name", &deployment->name);
	cw_load_domains(loader, raw.domains);
	cw_value_hosts(problems, raw.chat_aliases, false, &deployment->chat_aliases);
	cw_value_hosts(problems, raw.federation_domains, false, &deployment->federation_domains);
	cw_value_texts(problems, raw.phone_profiles, &deployment->phone_profiles);
	cw_load_groups(loader, &raw);
	if (loader->node_file)
		cw_load_other_side(loader);
	cw_load_zones(loader, &raw);
	cw_load_endpoints(loader, raw.endpoints);
	cw_load_fingerprinted(loader);
	if (loader->node_file)
		cw_load_node_words(loader, root, &raw);
}

static bool prepare(struct cw_loader *loader, const struct cw_load_text *text, struct cw_pool *pool)
{
	const char *shown = text->shown, *folder = text->folder;
	loader->files.folder = folder;
	loader->files.pool = pool;
	loader->files.held = text->held;
	loader->files.held_count = text->held_count;
	struct cw_deployment *deployment = loader->deployment = calloc(1, sizeof *deployment);
	if (!deployment)
		return false;
	deployment->pool = pool;
	deployment->path = strdup(strcmp(shown, STANDARD_INPUT) == 0 ? "-" : shown);
	deployment->folder = strdup(folder);
	return deployment->path && deployment->folder;
}

bool cw_load_deployment_text(const struct cw_load_text *text, struct cw_pool *pool,
	struct cw_deployment **ret, struct cw_strings *problems)
{
	return cw_load_whole(text, pool, NULL, ret, problems);
}

bool cw_load_whole(const struct cw_load_text *text, struct cw_pool *pool, struct cw_node_file *node_file,
	struct cw_deployment **ret, struct cw_strings *problems)
{
	AUTO_LOADER loader = {.node_file = node_file};
	AUTO_YAML tree = {0};
	unsigned failures = cw_memory_failures();
	if (!prepare(&loader, text, pool))
		loader.problems.no_memory = true;
	else if (cw_yaml_tree_read(text->data, text->length, &tree, &loader.problems))
		load_root(&loader, &tree);
	if (cw_problems_none(&loader.problems) && !loader.deployment->name) {
		loader.deployment->name = default_name(text->shown, text->folder);
		loader.problems.no_memory = !loader.deployment->name;
	}
	if (!cw_problems_none(&loader.problems)) {
		loader.problems.no_memory |= failures != cw_memory_failures();
		cw_problems_print(&loader.problems, text->shown, CW_PROBLEMS_MAX, problems);
		return false;
	}
	cw_problems_print(&loader.notes, text->shown, CW_PROBLEMS_MAX, &loader.deployment->notes);
	*ret = TAKE(loader.deployment);
	return true;
}

static char *file_of(const char *path)
{
	struct stat status;
	bool folder = strcmp(path, "-") != 0 && stat(path, &status) == 0 && S_ISDIR(status.st_mode);
	return folder ? cw_file_path(path, FILE_NAME) : strdup(path);
}

/* There is no memory to say more with if even this fails. */
static bool fail(struct cw_strings *problems, const char *message)
{
	bool added = cw_strings_add(problems, message);
	(void)added;
	return false;
}

/* Whoever has no deployment yet is told where they come from. */
static bool fail_unread(struct cw_strings *problems, const char *file, const char *message)
{
	struct stat status;
	AUTO_BUFFER text = {0};
	cw_buffer_text(&text, message);
	if (strcmp(file, "-") != 0 && stat(file, &status) != 0 && errno == ENOENT)
		cw_buffer_text(&text,
			" (\"causeway import\" makes a deployment of what the boxes exported, \"causeway lab new\" an "
			"example)");
	return fail(problems, cw_buffer_string(&text));
}

bool cw_load_deployment(
	const char *path, struct cw_pool *pool, struct cw_deployment **ret, struct cw_strings *problems)
{
	AUTO(free) char *file = file_of(path);
	AUTO(free) char *folder = file ? cw_file_folder(file) : NULL;
	if (!folder)
		return fail(problems, "out of memory");
	struct cw_error error;
	AUTO_BUFFER content = {0};
	if (!cw_file_read(file, CW_DEPLOYMENT_FILE_MAX, &content, &error))
		return fail_unread(problems, file, error.message);
	const char *shown = strcmp(file, "-") == 0 ? STANDARD_INPUT : file;
	const struct cw_load_text text = {.data = cw_buffer_string(&content),
		.length = content.length,
		.shown = shown,
		.folder = folder};
	bool good = cw_load_deployment_text(&text, pool, ret, problems);
	if (content.data)
		explicit_bzero(content.data, content.length); /* passwords */
	return good;
}
