#include "live/loopback.h"

#include <arpa/inet.h>
#include <errno.h>
#include <openssl/rand.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define LOCK_HOST 254
#define LOCK_PORT 4099
#define TRIES_MAX 200

static struct sockaddr_in address_of(unsigned x, unsigned y, unsigned host, unsigned port)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
	address.sin_addr.s_addr = htonl(127U << 24 | x << 16 | y << 8 | host);
	return address;
}

static bool try_lock(unsigned x, unsigned y, int *ret)
{
	struct sockaddr_in address = address_of(x, y, LOCK_HOST, LOCK_PORT);
	int lock = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (lock < 0)
		return false;
	if (bind(lock, (const struct sockaddr *)&address, sizeof address) < 0 || listen(lock, 1) < 0) {
		int trouble = errno;
		close(lock);
		errno = trouble;
		return false;
	}
	*ret = lock;
	return true;
}

bool cw_loopback_take(struct cw_loopback *ret, struct cw_error *error)
{
	*ret = (struct cw_loopback){.lock = -1};
	for (unsigned tries = 0; tries < TRIES_MAX; tries++) {
		uint8_t random[2];
		if (RAND_bytes(random, sizeof random) != 1)
			return cw_error_set(error, CW_E_CRYPTO, "no random numbers");
		unsigned x = 1 + random[0] % 254U, y = random[1];
		if (try_lock(x, y, &ret->lock)) {
			ret->x = x;
			ret->y = y;
			return true;
		}
	}
	return cw_error_set(error, CW_E_NETWORK, "no free network in 127.0.0.0/8: %s", strerror(errno));
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
