#include "cli/verbs.h"
#include "pki/openssl_start.h"

#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

int main(int count, char **words)
{
	if (!cw_openssl_start()) {
		fputs("causeway: out of memory\n", stderr);
		return 2;
	}
	signal(SIGPIPE, SIG_IGN); /* a reader that goes away shows as EPIPE at the next write */
	const char *no_colour = getenv("NO_COLOR");
	bool colour = isatty(STDOUT_FILENO) && !(no_colour && *no_colour);
	size_t skip = count > 0;
	return (int)cw_verbs_run(words + skip, (size_t)count - skip, stdout, stderr, cw_time_now(), colour);
}
