#include "traversal/tunnel_confine.h"

#include "base/file.h"

bool cw_tunnel_confine(const struct cw_tunnel_folder *folder, const char *program, struct cw_confine *ret,
	struct cw_error *error)
{
	AUTO(free) char *programs = cw_file_folder(program);
	if (!programs)
		return cw_error_memory(error);
	const struct cw_confine_path paths[] = {
		{folder->path, CW_CONFINE_READ}, /* what lets peers in is not theirs to write */
		{programs, CW_CONFINE_READ},
		{"/usr", CW_CONFINE_READ},
		{"/bin", CW_CONFINE_READ},
		{"/sbin", CW_CONFINE_READ},
		{"/lib", CW_CONFINE_READ},
		{"/lib64", CW_CONFINE_READ},
		{"/etc", CW_CONFINE_READ},
		{"/proc", CW_CONFINE_READ},
		{"/run/sshd", CW_CONFINE_READ},
		{"/dev/null", CW_CONFINE_WRITE},
		{"/dev/tty", CW_CONFINE_WRITE},
		{"/dev/random", CW_CONFINE_READ},
		{"/dev/urandom", CW_CONFINE_READ},
	};
	return cw_confine_prepare(paths, sizeof paths / sizeof paths[0], ret, error);
}
