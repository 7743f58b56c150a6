#include "base/random.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void cw_random_hex(size_t bytes, char *ret)
{
	static const char digits[] = "0123456789abcdef";
	unsigned char random[32]; /* getentropy gives 256 at once at most */
	for (size_t i = 0; i < bytes; i++) {
		size_t at = i % sizeof random;
		if (at == 0 && getentropy(random, sizeof random) != 0)
			abort();
		*ret++ = digits[random[at] >> 4];
		*ret++ = digits[random[at] & 15];
	}
	*ret = '\0';
	explicit_bzero(random, sizeof random);
}
