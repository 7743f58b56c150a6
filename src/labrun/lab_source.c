#include "labrun/lab_source.h"

#include "base/file.h"
#include "config/load.h"
#include "pki/key.h"

#include <dirent.h>
#include <string.h>
#include <sys/stat.h>

/* Against a folder of strangers: a large lab has some ten CAs. */
#define REAL_MAX 1000

void cw_lab_source_finish(struct cw_lab_source *source)
{
	for (size_t i = 0; i < source->real_count; i++)
		EVP_PKEY_free(source->real[i]);
	free(source->real);
	cw_deployment_free(source->deployment);
	cw_pool_free(source->pool);
	*source = (struct cw_lab_source){0};
}

/* --- keys of CAs --- */

static bool add_real(struct cw_lab_source *source, const char *folder, const char *name)
{
	EVP_PKEY *key;
	struct cw_error ignored;
	AUTO_BUFFER path = {0};
	cw_buffer_printf(&path, "%s/%s/privkey.pem", folder, name);
	if (path.failed || !cw_key_read(cw_buffer_string(&path), NULL, &key, &ignored))
		return !path.failed; /* none, or none that can be used */
	if (!cw_memory_grow(
		    &source->real, &source->real_capacity, source->real_count, sizeof *source->real)) {
		EVP_PKEY_free(key);
		return false;
	}
	source->real[source->real_count++] = key;
	return true;
}

static bool find_real(struct cw_lab_source *source)
{
	bool good = true;
	const struct dirent *entry;
	AUTO(free) char *path = cw_file_path(source->deployment->folder, "ca");
	DIR *folder = path ? opendir(path) : NULL;
	if (!folder)
		return path != NULL;
	while (good && source->real_count < REAL_MAX && (entry = readdir(folder)))
		if (entry->d_name[0] != '.')
			good = add_real(source, path, entry->d_name);
	closedir(folder);
	return good;
}

/* --- how files look --- */

static uint64_t mix(uint64_t hash, uint64_t value)
{
	for (unsigned i = 0; i < 8; i++)
		hash = (hash ^ (value >> (8 * i) & 0xff)) * 1099511628211ULL;
	return hash;
}

uint64_t cw_lab_source_mix(uint64_t hash, const char *path)
{
	struct stat status;
	if (!path || stat(path, &status) != 0)
		return mix(hash, 1);
	hash = mix(hash, (uint64_t)status.st_mtim.tv_sec);
	hash = mix(hash, (uint64_t)status.st_mtim.tv_nsec);
	hash = mix(hash, (uint64_t)status.st_ino);
	return mix(hash, (uint64_t)status.st_size);
}

static uint64_t mix_one(uint64_t hash, const struct cw_lab_source *source, const char *typed)
{
	if (!typed)
		return hash;
	AUTO(free) char *path = cw_file_path(source->deployment->folder, typed);
	return cw_lab_source_mix(hash, path);
}

static uint64_t mix_all(uint64_t hash, const struct cw_lab_source *source, const struct cw_strings *paths)
{
	for (size_t i = 0; i < paths->count; i++)
		hash = mix_one(hash, source, paths->items[i]);
	return hash;
}

static uint64_t mix_node(uint64_t hash, const struct cw_lab_source *source, const struct cw_node *node)
{
	for (size_t i = 0; i < CW_IDENTITY_KIND_COUNT; i++) {
		hash = mix_one(hash, source, node->identities[i].path);
		hash = mix_one(hash, source, node->identities[i].key_path);
	}
	for (size_t i = 0; i < CW_STORE_KIND_COUNT; i++)
		hash = mix_all(hash, source, &node->stores[i].paths);
	return mix_all(hash, source, &node->crl_paths);
}

uint64_t cw_lab_source_look(const struct cw_lab_source *source)
{
	const struct cw_deployment *deployment = source->deployment;
	uint64_t hash = mix_one(CW_LAB_SOURCE_HASH, source, "deployment.yaml");
	hash = cw_lab_source_mix(hash, source->path);
	for (size_t i = 0; i < deployment->group_count; i++)
		for (size_t k = 0; k < deployment->groups[i]->count; k++)
			hash = mix_node(hash, source, deployment->groups[i]->nodes[k]);
	for (size_t i = 0; i < deployment->endpoint_count; i++)
		hash = mix_all(hash, source, &deployment->endpoints[i].trust.paths);
	return hash;
}

bool cw_lab_source_load(const char *path, struct cw_lab_source *ret, struct cw_strings *problems)
{
	struct cw_lab_source source = {.path = path, .pool = cw_pool_new()};
	bool good = source.pool && cw_load_deployment(path, source.pool, &source.deployment, problems) &&
		find_real(&source);
	if (good)
		source.files = cw_lab_source_look(&source);
	else if (!problems->count)
		(void)!cw_strings_add(problems, "out of memory");
	if (!good) {
		cw_lab_source_finish(&source);
		return false;
	}
	*ret = source;
	return true;
}
