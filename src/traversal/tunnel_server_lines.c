#include "traversal/tunnel_server_parts.h"

static bool write_lines(struct cw_tunnel_server *server, struct cw_error *error)
{
	struct cw_tunnel_line lines[CW_TUNNEL_PEERS_MAX];
	size_t count = 0;
	AUTO_BUFFER text = {0};
	for (struct cw_tunnel_guest *guest = server->guests; guest; guest = guest->next)
		if (guest->allowed)
			lines[count++] = (struct cw_tunnel_line){guest->key, guest->listen, guest->expires};
	return cw_tunnel_config_lines(lines, count, &text, error) &&
		cw_tunnel_folder_write(
			&server->folder, "authorized_keys", cw_buffer_string(&text), text.length, error);
}

/* What cannot be written anew (a full disk) is removed, which needs no space: better nobody than who was put
 * out. */
bool cw_tunnel_server_write_lines(struct cw_tunnel_server *server, struct cw_error *error)
{
	server->lines_missing = !write_lines(server, error);
	if (!server->lines_missing)
		return true;
	if (!cw_tunnel_folder_remove(&server->folder, "authorized_keys"))
		cw_error_prefix(error,
			"%s/authorized_keys can neither be written nor removed, no peer is let in",
			server->folder.path);
	return false;
}
