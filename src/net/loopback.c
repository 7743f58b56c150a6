#include "net/loopback.h"

#include <arpa/inet.h>
#include <errno.h>
#include <openssl/rand.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define TRIES_MAX 200 /* of 65,024 networks */

static struct sockaddr_in address_of(unsigned x, unsigned y, unsigned host, unsigned port)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
	address.sin_addr.s_addr = htonl(127U << 24 | x << 16 | y << 8 | host);
	return address;
}

/* unix(7): a name that begins with a NUL stands in no file system. */
static socklen_t lock_name(unsigned x, unsigned y, struct sockaddr_un *ret)
{
	*ret = (struct sockaddr_un){.sun_family = AF_UNIX};
	int length = snprintf(ret->sun_path + 1, sizeof ret->sun_path - 1, "causeway-127.%u.%u", x, y);
	return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + (size_t)length);
}

/* False with errno: EADDRINUSE where somebody has it. */
static bool try_lock(unsigned x, unsigned y, int *ret)
{
	struct sockaddr_un name;
	socklen_t length = lock_name(x, y, &name);
	int lock = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (lock < 0)
		return false;
	if (bind(lock, (const struct sockaddr *)&name, length) < 0) {
		int trouble = errno;
		close(lock);
		errno = trouble;
		return false;
	}
	*ret = lock;
	return true;
}

/* A network namespace of its own may have a loopback interface that is down. */
static bool is_reachable(const struct cw_loopback *loopback, struct cw_error *error)
{
	struct sockaddr_in address = cw_loopback_address(loopback, 0, 9);
	int probe = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int trouble = probe < 0 || connect(probe, (const struct sockaddr *)&address, sizeof address) < 0
		? errno
		: 0; /* connecting a datagram socket sends nothing */
	if (probe >= 0)
		close(probe);
	return trouble
		? cw_error_set(error, CW_E_NETWORK,
			  "the loopback interface cannot be used: %s (is it up? \"ip link set lo up\")",
			  strerror(trouble))
		: true;
}

bool cw_loopback_take_at(unsigned x, unsigned y, struct cw_loopback *ret, struct cw_error *error)
{
	*ret = (struct cw_loopback){.lock = -1, .x = x, .y = y};
	if (try_lock(x, y, &ret->lock))
		return true;
	return errno == EADDRINUSE
		? cw_error_set(error, CW_E_NETWORK, "127.%u.%u.0/24 is taken by another rehearsal", x, y)
		: cw_error_set(error, CW_E_NETWORK, "cannot take 127.%u.%u.0/24: %s", x, y, strerror(errno));
}

bool cw_loopback_take(struct cw_loopback *ret, struct cw_error *error)
{
	*ret = (struct cw_loopback){.lock = -1};
	for (unsigned tries = 0; tries < TRIES_MAX; tries++) {
		uint8_t random[2];
		if (RAND_bytes(random, sizeof random) != 1)
			return cw_error_set(error, CW_E_CRYPTO, "no random numbers");
		if (cw_loopback_take_at(1 + random[0] % 254U, random[1], ret, error))
			return is_reachable(ret, error);
		if (errno != EADDRINUSE)
			return false;
	}
	return cw_error_set(error, CW_E_NETWORK,
		"%d networks of 127.0.0.0/8 in a row are taken by other rehearsals", TRIES_MAX);
}

void cw_loopback_release(struct cw_loopback *loopback)
{
	if (loopback->lock >= 0)
		close(loopback->lock);
	loopback->lock = -1;
}

struct sockaddr_in cw_loopback_address(const struct cw_loopback *loopback, size_t place, unsigned port)
{
	return address_of(loopback->x, loopback->y, 1 + (unsigned)(place % CW_LOOPBACK_HOSTS), port);
}

const char *cw_loopback_text(const struct sockaddr_in *address, char text[CW_LOOPBACK_TEXT_SIZE])
{
	char ip[INET_ADDRSTRLEN] = "";
	inet_ntop(AF_INET, &address->sin_addr, ip, sizeof ip);
	snprintf(text, CW_LOOPBACK_TEXT_SIZE, "%s:%u", ip, (unsigned)ntohs(address->sin_port));
	return text;
}
