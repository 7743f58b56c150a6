#include "node/admin/admin_link.h"

#include "config/node_file.h"
#include "node/admin/admin_accounts.h"

#include <arpa/inet.h>
#include <string.h>

/* Whatever is wrong with certificates and lists does not matter here. */
static bool read_place(const char *folder, struct cw_buffer *ret, struct cw_error *error)
{
	AUTO(cw_pool_free) struct cw_pool *pool = cw_pool_new();
	AUTO(cw_node_file_free) struct cw_node_file *file = NULL;
	AUTO_STRINGS problems = {0};
	if (!pool)
		return cw_error_memory(error);
	if (!cw_node_file_load(folder, pool, &file, &problems))
		return cw_error_set(error, CW_E_YAML, "%.1000s", problems.count ? problems.items[0] : folder);
	cw_buffer_printf(
		ret, "https://%s:%u", file->node->fqdn, (unsigned)ntohs(file->listen.admin.sin_port));
	return true;
}

bool cw_admin_link(
	const char *folder, const char *user, cw_time now, struct cw_buffer *ret, struct cw_error *error)
{
	struct cw_admin_accounts accounts;
	char token[CW_ADMIN_ACCOUNTS_TOKEN_SIZE];
	if (!read_place(folder, ret, error) || !cw_admin_accounts_read(folder, &accounts, error) ||
		!cw_admin_accounts_make_link(&accounts, user, now, token, error) ||
		!cw_admin_accounts_write(folder, &accounts, error))
		return false;
	cw_buffer_printf(ret, "/first/%s", token);
	explicit_bzero(token, sizeof token);
	return cw_buffer_ok(ret, error);
}
