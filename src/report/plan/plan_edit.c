#include "report/plan/plan_edit.h"

#include "base/file.h"

#include <string.h>

/* Where the value stands: "%n" the step's node, "%g" the key of its group, "%v" the value, "%f" what it was. */
static const struct row {
	const char *setting, *place;
} rows[] = {
	{"peer address", "expressway-c > traversal > peers: %v in place of %f"},
	{"server address", "the node %v: without address: %f, so that it is reached by its FQDN"},
	{"tls-verify-name", "expressway-e > traversal > tls-verify-name: %v"},
	{"traversal zone user name and password",
		"expressway-c > traversal > username and password: those of expressway-e"},
	{"sends", "the node %n > sends: %v"},
	{"release", "expressway-c and expressway-e > release: %v"},
	{"verify-origin-server", "%g > verify-origin-server: %v"},
	{"cucm-tls-verify", "%g > cucm-tls-verify: %v"},
	{"eku-check", "%g > eku-check: %v"},
	{"cluster-tls-verify", "%g > cluster-tls-verify: %v"},
	{"prefer", "%g > prefer: %v"},
	{"device security profile", "endpoints > profile: none"},
};

static const char *group_of(const struct cw_deployment *deployment, const char *fqdn)
{
	const struct cw_node *node = cw_deployment_node(deployment, fqdn);
	return node && node->group ? node->group->name : "";
}

static void placeholder(struct cw_buffer *ret, const struct cw_deployment *deployment,
	const struct cw_repair_step *step, char letter)
{
	const struct cw_remedy *remedy = &step->remedy;
	const char *value = remedy->value ? remedy->value : "";
	if (letter == 'n')
		cw_buffer_text(ret, remedy->node);
	else if (letter == 'g')
		cw_buffer_text(ret, group_of(deployment, remedy->node));
	else if (letter == 'f')
		cw_buffer_text(ret, step->former.count ? step->former.items[0] : "what stands there");
	else
		cw_buffer_text(ret, value);
}

void cw_plan_edit_words(
	struct cw_buffer *ret, const struct cw_deployment *deployment, const struct cw_repair_step *step)
{
	const char *setting = step->remedy.action == CW_ACTION_SET ? step->remedy.setting : NULL;
	for (size_t i = 0; setting && i < sizeof rows / sizeof rows[0]; i++) {
		if (strcmp(rows[i].setting, setting) != 0)
			continue;
		AUTO(free) char *path = cw_file_path(deployment->folder, "deployment.yaml");
		const char *named =
			deployment->path && strstr(deployment->path, ".y") ? deployment->path : path;
		cw_buffer_printf(ret, "%s: ", named ? named : "deployment.yaml");
		for (const char *at = rows[i].place; *at; at++) {
			if (*at == '%' && at[1])
				placeholder(ret, deployment, step, *++at);
			else
				cw_buffer_char(ret, *at);
		}
		return;
	}
}
