#include "node/node_socket.h"

#include "base/buffer.h"
#include "report/json.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define PATIENCE_MS 10000

static struct sockaddr_un address_of(const struct cw_node_folder *folder, const char *file)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	char name[CW_NODE_FOLDER_NAME_SIZE];
	snprintf(
		address.sun_path, sizeof address.sun_path, "%s", cw_node_folder_run_name(folder, file, name));
	return address;
}

int cw_node_socket_listen(const struct cw_node_folder *folder, const char *name)
{
	const struct sockaddr_un address = address_of(folder, name);
	int socket_ = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	unlink(address.sun_path);
	mode_t mask = umask(0177);
	bool good = socket_ >= 0 && bind(socket_, (const struct sockaddr *)&address, sizeof address) == 0 &&
		listen(socket_, 16) == 0;
	umask(mask);
	if (!good && socket_ >= 0)
		close(socket_);
	return good ? socket_ : -1;
}

void cw_node_socket_remove(const struct cw_node_folder *folder, const char *name)
{
	const struct sockaddr_un address = address_of(folder, name);
	unlink(address.sun_path);
}

static bool read_all(int socket_, struct cw_buffer *ret)
{
	char bytes[16384];
	struct pollfd wait = {.fd = socket_, .events = POLLIN};
	while (ret->length < CW_NODE_SOCKET_ANSWER_MAX && !ret->failed) {
		if (poll(&wait, 1, PATIENCE_MS) != 1)
			return false;
		ssize_t got = recv(socket_, bytes, sizeof bytes, 0);
		if (got == 0)
			return ret->length > 0;
		if (got < 0)
			return false;
		cw_buffer_append(ret, bytes, (size_t)got);
	}
	return false;
}

static bool send_all(int socket_, const char *request)
{
	size_t length = request ? strlen(request) : 0;
	return !length || send(socket_, request, length, MSG_NOSIGNAL) == (ssize_t)length;
}

bool cw_node_socket_ask(
	const char *path, const char *name, const char *request, json_t **ret, struct cw_error *error)
{
	AUTO_NODE_FOLDER folder = CW_NODE_FOLDER_NONE;
	AUTO_BUFFER text = {0};
	json_error_t ignored;
	if (!cw_node_folder_open(path, false, &folder, error))
		return false;
	const struct sockaddr_un address = address_of(&folder, name);
	int socket_ = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool there = socket_ >= 0 && connect(socket_, (const struct sockaddr *)&address, sizeof address) == 0;
	int trouble = errno;
	bool good = there && send_all(socket_, request) && read_all(socket_, &text);
	if (socket_ >= 0)
		close(socket_);
	if (!there && (trouble == ENOENT || trouble == ECONNREFUSED))
		return cw_error_set(error, CW_E_USAGE,
			"%s: no node runs here; \"causeway node run %s\" starts it", path, path);
	if (!there)
		return cw_error_set(error, CW_E_IO, "%s: cannot be asked: %s", path, strerror(trouble));
	*ret = good ? json_loadb(text.data, text.length, 0, &ignored) : NULL;
	return *ret ? true : cw_error_set(error, CW_E_IO, "%s: the node did not answer as it should", path);
}
