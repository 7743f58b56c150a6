#include "cli/verbs.h"
#include "node/worker/node_process.h"
#include "pki/openssl_start.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

/* Keys and passwords are in memory: no dump of it may come to a disk, nor to a program that collects dumps. */
static void keep_memory_private(void)
{
	const struct rlimit none = {0, 0};
	setrlimit(RLIMIT_CORE, &none);
#ifndef __SANITIZE_ADDRESS__ /* its leak check looks at the process from outside */
	prctl(PR_SET_DUMPABLE, 0);
#endif
}

int main(int count, char **words)
{
	keep_memory_private();
	if (!cw_openssl_start()) {
		fputs("causeway: out of memory\n", stderr);
		return 2;
	}
	signal(SIGPIPE, SIG_IGN); /* a reader that goes away shows as EPIPE at the next write */
	cw_node_process_enter(count, words);
	const char *no_colour = getenv("NO_COLOR");
	bool colour = isatty(STDOUT_FILENO) && !(no_colour && *no_colour);
	size_t skip = count > 0;
	return (int)cw_verbs_run(words + skip, (size_t)count - skip, stdout, stderr, cw_time_now(), colour);
}
