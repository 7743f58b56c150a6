#include "node/admin/admin_parts.h"

#include "base/file.h"
#include "node/worker/node_child.h"
#include "report/json.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

uint64_t cw_admin_parts_now(void)
{
	struct timespec now;
	clock_gettime(CLOCK_BOOTTIME, &now);
	return (uint64_t)now.tv_sec;
}

/* --- the list of administrators --- */

static uint64_t mark_of(const char *folder)
{
	struct stat status;
	AUTO(free) char *path = cw_file_path(folder, CW_ADMIN_ACCOUNTS_FILE);
	if (!path || stat(path, &status) != 0)
		return 1;
	uint64_t mark = 14695981039346656037ULL;
	const uint64_t parts[] = {(uint64_t)status.st_mtim.tv_sec, (uint64_t)status.st_mtim.tv_nsec,
		(uint64_t)status.st_ino, (uint64_t)status.st_size};
	for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
		mark = (mark ^ parts[i]) * 1099511628211ULL;
	return mark;
}

bool cw_admin_parts_accounts(struct cw_node_admin *admin)
{
	const char *folder = admin->core->folder.path;
	uint64_t mark = mark_of(folder);
	struct cw_error error;
	if (admin->accounts_read && mark == admin->accounts_mark)
		return !*admin->accounts_trouble;
	admin->accounts_read = true;
	admin->accounts_mark = mark;
	admin->accounts_trouble[0] = '\0';
	if (cw_admin_accounts_read(folder, &admin->accounts, &error))
		return true;
	snprintf(admin->accounts_trouble, sizeof admin->accounts_trouble, "%.390s", error.message);
	cw_node_core_say(admin->core, "%s", error.message);
	return false;
}

bool cw_admin_parts_accounts_write(struct cw_node_admin *admin, struct cw_error *error)
{
	admin->accounts_read = false;
	return cw_admin_accounts_write(admin->core->folder.path, &admin->accounts, error);
}

/* --- the whole --- */

bool cw_node_admin_begin(struct cw_node_core *core, struct cw_node_admin **ret, struct cw_error *error)
{
	AUTO(cw_node_admin_end) struct cw_node_admin *admin = calloc(1, sizeof *admin);
	if (!admin)
		return cw_error_memory(error);
	admin->core = core;
	admin->process.child = CW_CHILD_NONE;
	admin->process.frames = admin->process.connections = -1;
	if (!cw_admin_sessions_new(&admin->sessions, error) ||
		!cw_admin_password_new(core->base, CW_NODE_CHILD_PROGRAM, &admin->password, error))
		return false;
	cw_admin_parts_open(admin);
	cw_admin_parts_start(admin);
	*ret = TAKE(admin);
	return true;
}

void cw_node_admin_end(struct cw_node_admin *admin)
{
	if (!admin)
		return;
	cw_admin_parts_close(admin);
	cw_admin_parts_stop(admin);
	cw_admin_password_free(admin->password);
	cw_admin_parts_forget(admin);
	cw_admin_sessions_free(admin->sessions);
	explicit_bzero(admin, sizeof *admin);
	free(admin);
}

void cw_node_admin_look(struct cw_node_admin *admin)
{
	if (!admin)
		return;
	AUTO(json_decref) json_t *frame = json_pack("{s:b}", "changed", 1);
	const struct {
		const char *key, *text;
	} rows[] = {{"admin port", admin->ports[CW_ADMIN_PORT_PLAIN].trouble},
		{"admin port for certificates", admin->ports[CW_ADMIN_PORT_CERTIFICATE].trouble},
		{"admin process", admin->process.trouble}, {"administrators", admin->accounts_trouble}};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		if (*rows[i].text)
			cw_node_core_alarm(admin->core, NULL, "Warning", rows[i].key, "%s", rows[i].text);
	if (frame) /* to who looks at a page now */
		cw_admin_parts_send(admin, admin->process.generation, frame);
}
