#include "node/admin/admin_link.h"

#include "config/node_file.h"
#include "node/admin/admin_accounts.h"
#include "node/node_folder.h"

#include <arpa/inet.h>
#include <string.h>

static void put_place(const char *folder, struct cw_buffer *ret)
{
	AUTO(cw_pool_free) struct cw_pool *pool = cw_pool_new();
	AUTO(cw_node_file_free) struct cw_node_file *file = NULL;
	AUTO_STRINGS problems = {0};
	if (pool && cw_node_file_load(folder, pool, &file, &problems))
		cw_buffer_printf(
			ret, "https://%s:%u", file->node->fqdn, (unsigned)ntohs(file->listen.admin.sin_port));
	else
		cw_buffer_text(ret, "https://NODE:7443");
}

static bool put_token(struct cw_admin_accounts *accounts, const char *user, cw_time now,
	struct cw_buffer *ret, struct cw_error *error)
{
	char token[CW_ADMIN_ACCOUNTS_TOKEN_SIZE];
	if (!cw_admin_accounts_make_link(accounts, user, now, token, error))
		return false;
	cw_buffer_printf(ret, "/first/%s", token);
	explicit_bzero(token, sizeof token);
	return cw_buffer_ok(ret, error);
}

bool cw_admin_link_new(const char *host, const char *user, cw_time now, struct cw_buffer *ret_file,
	struct cw_buffer *ret_address, struct cw_error *error)
{
	struct cw_admin_accounts accounts = {0};
	cw_buffer_printf(ret_address, "https://%s:7443", host);
	return put_token(&accounts, user, now, ret_address, error) &&
		cw_admin_accounts_print(&accounts, ret_file, error);
}

bool cw_admin_link(
	const char *folder, const char *user, cw_time now, struct cw_buffer *ret, struct cw_error *error)
{
	struct cw_node_folder there = CW_NODE_FOLDER_NONE;
	struct cw_admin_accounts accounts;
	bool is_node = cw_node_folder_open(folder, false, &there, error);
	cw_node_folder_finish(&there);
	if (!is_node || !cw_admin_accounts_read(folder, &accounts, error))
		return false;
	put_place(folder, ret);
	return put_token(&accounts, user, now, ret, error) &&
		cw_admin_accounts_write(folder, &accounts, error);
}
