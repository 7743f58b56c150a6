#include "node/node_find.h"

#include "net/resolve.h"

#include <string.h>

static void on_answered(void *context, const struct cw_resolve_answer *answer)
{
	struct cw_node_find *find = context;
	char why[400];
	find->query = NULL;
	if (answer->count) {
		find->found(find->context, &answer->addresses[find->turn++ % answer->count], "");
		return;
	}
	snprintf(why, sizeof why,
		"no address is known of %.200s: DNS: %.100s; hosts: of node.yaml can name it", find->name,
		answer->why);
	find->found(find->context, NULL, why);
}

static bool has_resolver(struct cw_node_core *core, struct cw_error *error)
{
	const struct cw_node_file *file = core->snapshot->file;
	return core->resolve || cw_resolve_new(core->base, file->dns, file->dns_count, &core->resolve, error);
}

void cw_node_find(struct cw_node_core *core, struct cw_node_find *find, const char *name)
{
	struct in_addr address;
	struct cw_error error;
	cw_node_find_cancel(find);
	if (cw_node_file_find(core->snapshot->file, name, &address)) {
		find->found(find->context, &address, "");
		return;
	}
	snprintf(find->name, sizeof find->name, "%s", name);
	if (!has_resolver(core, &error)) {
		find->found(find->context, NULL, error.message);
		return;
	}
	find->query = cw_resolve_ask(core->resolve, name, on_answered, find);
	if (!find->query)
		find->found(find->context, NULL, "out of memory");
}

void cw_node_find_cancel(struct cw_node_find *find)
{
	cw_resolve_cancel(find->query);
	find->query = NULL;
}

void cw_node_find_end(struct cw_node_core *core)
{
	cw_resolve_free(core->resolve);
	core->resolve = NULL;
}

/* Everything that was out has been cancelled by who asked: a change dials anew. */
void cw_node_find_reload(struct cw_node_core *core, const struct cw_snapshot *before)
{
	const struct cw_node_file *old = before->file, *now = core->snapshot->file;
	if (old->dns_count != now->dns_count || memcmp(old->dns, now->dns, sizeof now->dns) != 0)
		cw_node_find_end(core);
}
