#include "rehearse/rehearsal_tunnels_parts.h"

#include "base/file.h"

#include <string.h>
#include <unistd.h>

/* One side's folder of a rehearsal that was killed: what traversal writes, and nothing else. */
static bool remove_side(const char *path, const char *name)
{
	static const char *const files[] = {"host_key", "user_key", "authorized_keys", "known_hosts",
		"sshd_config", "children", "relay.sock", "host_key.new", "user_key.new",
		"authorized_keys.new", "known_hosts.new", "sshd_config.new", "children.new"};
	struct cw_error why;
	if (name[0] != 'c' && name[0] != 'e')
		return true;
	for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
		AUTO(free) char *file = cw_file_path(path, files[i]);
		if (file && strstr(files[i], "_key") && access(file, F_OK) == 0)
			(void)!cw_file_destroy(file, &why);
		else if (file)
			unlink(file);
	}
	rmdir(path);
	return true;
}

bool cw_rehearsal_tunnels_make_folder(struct cw_rehearsal_tunnels *tunnels, struct cw_error *error)
{
	/* root's account for tunnels goes through it to the folders inside, which nobody else reads */
	const struct cw_passing_folder_kind kind = {
		NULL, "causeway-tunnels-", geteuid() == 0 ? 0711 : 0700, remove_side};
	return cw_passing_folder_make(&kind, &tunnels->folder, error);
}
