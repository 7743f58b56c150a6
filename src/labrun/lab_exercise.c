#include "labrun/lab_exercise.h"

#include "base/file.h"
#include "check/service.h"
#include "lab/lab_replant.h"
#include "labrun/lab_exercise_parts.h"
#include "labrun/lab_files.h"
#include "labrun/lab_source.h"
#include "report/json.h"
#include "trust/finding.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define RECORD_MAX (64 * 1024)

/* In the order in which the vendor's documents tell of them: chains, names, configuration, purposes, CUCM, devices. */
static const char *const faults[] = {"issuer-missing", "root-missing", "issuer-shadowed",
	"peer-name-mismatch", "verify-name-mismatch", "credentials-differ", "client-auth-missing", "expired",
	"not-yet-valid", "self-signed-untrusted", "same-subject-conflict", "address-is-ip",
	"phone-profile-missing", "edge-domain-missing", "device-list-lacks-ca", "server-auth-missing",
	"crl-missing", "crl-expired", "revoked", "tunnel-name-unfit", "unknown-oid-in-name",
	"tunnel-key-unfit", "key-usage-unfit", "cluster-name-missing"};
#define FAULTS (sizeof faults / sizeof faults[0])

size_t cw_lab_exercise_count_all(void)
{
	return FAULTS;
}

const struct cw_lab_fault *cw_lab_exercise_fault(size_t number)
{
	return number >= 1 && number <= FAULTS ? cw_lab_fault_find(faults[number - 1]) : NULL;
}

/* --- the record --- */

static char *path_of(const char *folder, const char *name)
{
	AUTO_BUFFER path = {0};
	cw_buffer_printf(&path, "%s/.lab/%s", folder, name);
	return path.failed ? NULL : cw_buffer_steal(&path);
}

bool cw_lab_exercise_read(const char *folder, json_t **ret, struct cw_error *error)
{
	AUTO_BUFFER text = {0};
	json_error_t where;
	AUTO(free) char *path = path_of(folder, "exercise.json");
	if (!path)
		return cw_error_memory(error);
	if (!cw_file_read(path, RECORD_MAX, &text, error))
		return cw_error_set(error, CW_E_USAGE,
			"%s: wanted the folder of a running exercise, as \"causeway lab up --exercise N\" names it",
			folder);
	*ret = json_loadb(text.data, text.length, JSON_REJECT_DUPLICATES, &where);
	size_t number = (size_t)json_integer_value(json_object_get(*ret, "number"));
	if (*ret && cw_lab_exercise_fault(number) && json_is_object(json_object_get(*ret, "people")))
		return true;
	json_decref(*ret);
	*ret = NULL;
	return cw_error_set(error, CW_E_USAGE, "%s: is no record of an exercise", path);
}

static bool write_record(const char *folder, const json_t *record, struct cw_error *error)
{
	struct cw_json json = {0};
	AUTO_BUFFER text = {0};
	AUTO(free) char *path = path_of(folder, "exercise.json");
	if (!path)
		return cw_error_memory(error);
	return cw_json_print(&json, record, true, &text, error) &&
		cw_file_write(path, text.data, text.length, 0600, error);
}

static const struct cw_lab_fault *fault_of(const json_t *record)
{
	return cw_lab_exercise_fault((size_t)json_integer_value(json_object_get(record, "number")));
}

/* --- the beginning --- */

/* How people are while the lab is sound. */
static json_t *people_of(const struct cw_check *check)
{
	struct cw_json json = {0};
	json_t *people = json_object();
	for (size_t i = 0; i < check->service_count; i++) {
		const struct cw_service *service = &check->services[i];
		AUTO_BUFFER name = {0};
		cw_buffer_printf(&name, "%s %s", service->endpoint->name, service->domain->name);
		cw_json_put(&json, people, cw_buffer_string(&name),
			cw_json_text(cw_service_state_name(service->state)));
	}
	return people;
}

static bool judge(const char *path, cw_time now, struct cw_lab_exercise_judged *ret, struct cw_error *error)
{
	AUTO_STRINGS problems = {0};
	*ret = (struct cw_lab_exercise_judged){0};
	const struct cw_check_options options = {.at = now};
	if (!cw_lab_source_load(path, &ret->source, &problems))
		return cw_error_set(error, CW_E_USAGE, "%s", problems.items[0]);
	return cw_check_run(ret->source.deployment, &options, &ret->check, error);
}

void cw_lab_exercise_judged_finish(struct cw_lab_exercise_judged *judged)
{
	cw_check_free(judged->check);
	cw_lab_source_finish(&judged->source);
}

bool cw_lab_exercise_judge(
	const char *path, cw_time now, struct cw_lab_exercise_judged *ret, struct cw_error *error)
{
	if (judge(path, now, ret, error))
		return true;
	cw_lab_exercise_judged_finish(ret);
	*ret = (struct cw_lab_exercise_judged){0};
	return false;
}

bool cw_lab_exercise_make(
	const char *folder, size_t number, const struct cw_lab_options *lab, struct cw_error *error)
{
	const struct cw_lab_fault *fault = cw_lab_exercise_fault(number);
	AUTO_EXERCISE_JUDGED sound = {0};
	AUTO_STRINGS changed = {0};
	struct cw_lab_options options = *lab;
	if (!fault)
		return cw_error_set(error, CW_E_USAGE, "there is no exercise %zu; wanted 1 to %zu, or random",
			number, cw_lab_exercise_count_all());
	if (fault->cluster && options.size == CW_LAB_SMALL)
		options.size = CW_LAB_CLUSTER;
	options.comments = false;
	if (!cw_lab_new(&options, error) ||
		!cw_lab_exercise_judge(options.folder, options.at, &sound, error) ||
		!cw_lab_replant(options.folder, &fault->code, 1, &changed, error))
		return false;
	AUTO(json_decref)
	json_t *record = json_pack(
		"{s:I,s:i,s:o}", "number", (json_int_t)number, "hints", 0, "people", people_of(sound.check));
	return record ? write_record(folder, record, error) : cw_error_memory(error);
}

static bool each_node(const char *from, const char *to, struct cw_error *error)
{
	bool good = true;
	const struct dirent *entry;
	DIR *all = opendir(from);
	if (!all)
		return cw_error_set(error, CW_E_IO, "%s: cannot be read", from);
	while (good && (entry = readdir(all))) {
		AUTO(free) char *source = cw_file_path(from, entry->d_name);
		AUTO(free) char *yaml = source ? cw_file_path(source, "node.yaml") : NULL;
		AUTO(free) char *target = cw_file_path(to, entry->d_name);
		if (!yaml || !target)
			good = cw_error_memory(error);
		else if (entry->d_name[0] != '.' && access(yaml, F_OK) == 0)
			good = cw_lab_files_copy(source, target, error);
	}
	closedir(all);
	return good;
}

static bool copy_text(const char *from, const char *to, struct cw_error *error)
{
	AUTO_BUFFER text = {0};
	return cw_file_read(from, RECORD_MAX * 16, &text, error) &&
		cw_file_write(to, cw_buffer_string(&text), text.length, 0600, error);
}

/* The CAs that sign what the repair needs. */
static bool show_authorities(const char *folder, struct cw_error *error)
{
	AUTO(free) char *link = cw_file_path(folder, "ca");
	if (!link)
		return cw_error_memory(error);
	if (symlink(".lab/source/ca", link) != 0)
		return cw_error_set(error, CW_E_IO, "%s: %s", link, strerror(errno));
	return true;
}

bool cw_lab_exercise_begin(const char *folder, struct cw_buffer *ret, struct cw_error *error)
{
	AUTO(free) char *begin = path_of(folder, "begin"), *yaml = path_of(folder, "begin/deployment.yaml");
	AUTO(free) char *view = path_of(folder, "begin/.lab/view"), *now = path_of(folder, "view");
	AUTO(free) char *present = cw_file_path(folder, "deployment.yaml");
	if (!begin || !yaml || !view || !now || !present)
		return cw_error_memory(error);
	return cw_file_make_folder(begin, error) && each_node(folder, begin, error) &&
		copy_text(present, yaml, error) && cw_lab_exercise_copy_view(now, view, error) &&
		show_authorities(folder, error) && cw_lab_exercise_task(folder, ret, error);
}

void cw_lab_exercise_count(const char *folder, const char *node)
{
	AUTO(free) char *path = path_of(folder, "restarts");
	int file = path ? open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600) : -1;
	if (file < 0)
		return;
	(void)!dprintf(file, "%s\n", node);
	close(file);
}

/* --- what is told --- */

static bool judge_begin(const char *folder, struct cw_lab_exercise_judged *ret, struct cw_error *error)
{
	AUTO(free) char *path = path_of(folder, "begin");
	return path ? cw_lab_exercise_judge(path, cw_time_now(), ret, error) : cw_error_memory(error);
}

static void put_people(const struct cw_check *check, const json_t *people, struct cw_buffer *ret)
{
	static const char *const words[] = {[CW_SERVICE_WORKS] = "signs in",
		[CW_SERVICE_PROMPTS] = "signs in, and new users are asked to accept a certificate",
		[CW_SERVICE_DEGRADED] = "signs in, but not everything works",
		[CW_SERVICE_UNKNOWN] = "nobody knows",
		[CW_SERVICE_DEAD] = "cannot sign in"};
	for (size_t i = 0; i < check->service_count; i++) {
		const struct cw_service *service = &check->services[i];
		AUTO_BUFFER name = {0};
		cw_buffer_printf(&name, "%s %s", service->endpoint->name, service->domain->name);
		const char *before = json_string_value(json_object_get(people, cw_buffer_string(&name)));
		cw_buffer_printf(ret, "  %s (%s): %s%s\n", service->endpoint->name,
			cw_endpoint_kind_name(service->endpoint->kind), words[service->state],
			before && strcmp(before, cw_service_state_name(service->state)) == 0 ? ", as before"
											     : "");
	}
}

bool cw_lab_exercise_task(const char *folder, struct cw_buffer *ret, struct cw_error *error)
{
	AUTO(json_decref) json_t *record = NULL;
	AUTO_EXERCISE_JUDGED begin = {0};
	if (!cw_lab_exercise_read(folder, &record, error) || !judge_begin(folder, &begin, error))
		return false;
	cw_buffer_printf(ret, "Exercise %lld. Something was changed; people report:\n",
		(long long)json_integer_value(json_object_get(record, "number")));
	put_people(begin.check, json_object_get(record, "people"), ret);
	cw_buffer_printf(ret,
		"Find it and repair it in the nodes' files: %s\n"
		"The CAs are in %s/ca (\"causeway ca sign\"). A certificate that was replaced is shown after\n"
		"\"causeway lab restart %s NODE\". Then \"causeway lab exercise %s --check\"; --hint helps.\n",
		folder, folder, folder, folder);
	return cw_buffer_ok(ret, error);
}

static void put_who(const struct cw_check *check, struct cw_buffer *ret)
{
	for (size_t i = 0; i < check->link_count; i++)
		if (check->links[i]->refused_by)
			cw_buffer_printf(ret, "  %s is refused by %s\n", check->links[i]->id,
				check->links[i]->refused_by);
}

static const struct cw_finding_row *row_of(const json_t *record)
{
	enum cw_code code;
	return cw_finding_code_named(fault_of(record)->code, &code) ? cw_finding_row(code) : NULL;
}

#define HINTS 4

static bool put_hint(
	const char *folder, const json_t *record, size_t hint, struct cw_buffer *ret, struct cw_error *error)
{
	const struct cw_finding_row *row = row_of(record);
	AUTO_EXERCISE_JUDGED begin = {0};
	if (!judge_begin(folder, &begin, error))
		return false;
	cw_buffer_printf(ret, "Hint %zu of %d: ", hint, HINTS);
	switch (hint) {
	case 1:
		cw_buffer_text(ret, "who refuses whom\n");
		put_who(begin.check, ret);
		break;
	case 2:
		cw_buffer_printf(ret, "it shows on %s\n", fault_of(record)->shows);
		break;
	case 3:
		cw_buffer_printf(ret, "the code is %s. %s\n", row->name, row->sentence);
		break;
	default:
		cw_buffer_printf(ret, "%s\n", row->advice);
		break;
	}
	return cw_buffer_ok(ret, error);
}

bool cw_lab_exercise_hint(const char *folder, struct cw_buffer *ret, struct cw_error *error)
{
	AUTO(json_decref) json_t *record = NULL;
	if (!cw_lab_exercise_read(folder, &record, error))
		return false;
	size_t given = (size_t)json_integer_value(json_object_get(record, "hints"));
	size_t first = given < HINTS ? given + 1 : 1;
	size_t last = given < HINTS ? first : HINTS;
	for (size_t i = first; i <= last; i++)
		if (!put_hint(folder, record, i, ret, error))
			return false;
	if (given < HINTS && json_object_set_new(record, "hints", json_integer((json_int_t)given + 1)) != 0)
		return cw_error_memory(error);
	return write_record(folder, record, error);
}

bool cw_lab_exercise_hints(
	const char *folder, struct cw_strings *ret, size_t *ret_left, struct cw_error *error)
{
	AUTO(json_decref) json_t *record = NULL;
	if (!cw_lab_exercise_read(folder, &record, error))
		return false;
	size_t given = (size_t)json_integer_value(json_object_get(record, "hints"));
	for (size_t i = 1; i <= given && i <= HINTS; i++) {
		AUTO_BUFFER hint = {0};
		if (!put_hint(folder, record, i, &hint, error))
			return false;
		if (!cw_strings_add(ret, cw_buffer_string(&hint)))
			return cw_error_memory(error);
	}
	*ret_left = given < HINTS ? HINTS - given : 0;
	return true;
}

static void put_solution(size_t number, struct cw_buffer *ret)
{
	const struct cw_lab_fault *fault = cw_lab_exercise_fault(number);
	enum cw_code code;
	const struct cw_finding_row *row =
		cw_finding_code_named(fault->code, &code) ? cw_finding_row(code) : NULL;
	cw_buffer_printf(ret, "%zu. %s%s\n    %s\n    Shows on: %s\n", number, fault->code,
		fault->cluster ? " (in a cluster)" : "", fault->plants, fault->shows);
	if (row && row->vendor_text)
		cw_buffer_printf(ret, "    The boxes say: %s\n", row->vendor_text);
	if (row)
		cw_buffer_printf(ret, "    Solution: %s\n", row->advice);
}

bool cw_lab_exercise_solution(const char *folder, struct cw_buffer *ret, struct cw_error *error)
{
	AUTO(json_decref) json_t *record = NULL;
	if (!cw_lab_exercise_read(folder, &record, error))
		return false;
	put_solution((size_t)json_integer_value(json_object_get(record, "number")), ret);
	cw_buffer_printf(ret, "    As a plan: causeway fix %s\n", folder);
	return cw_buffer_ok(ret, error);
}

void cw_lab_exercise_sheet(struct cw_buffer *ret)
{
	cw_buffer_text(ret, "Exercises of \"causeway lab up --exercise N\", with their solutions\n\n");
	for (size_t i = 1; i <= FAULTS; i++)
		put_solution(i, ret);
}

bool cw_lab_exercise_reset(const char *folder, struct cw_error *error)
{
	AUTO(json_decref) json_t *record = NULL;
	AUTO(free) char *begin = path_of(folder, "begin"), *restarts = path_of(folder, "restarts");
	if (!begin || !restarts)
		return cw_error_memory(error);
	if (!cw_lab_exercise_read(folder, &record, error))
		return false;
	if (json_object_set_new(record, "hints", json_integer(0)) != 0)
		return cw_error_memory(error);
	return each_node(begin, folder, error) && cw_file_remove(restarts, error) &&
		write_record(folder, record, error);
}
