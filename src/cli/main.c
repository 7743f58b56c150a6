#include "admin/desk/desk_worker.h"
#include "admin/front/front.h"
#include "cli/verbs.h"
#include "node/admin/admin_password.h"
#include "node/admin/node_admin.h"
#include "node/crl/node_crl.h"
#include "node/worker/node_process.h"
#include "pki/openssl_start.h"
#include "report/json.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
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

static int run_verb(char *const *words, size_t count, FILE *out, FILE *err)
{
	return (int)cw_verbs_run(words, count, out, err, cw_time_now(), false);
}

static int desk_worker(void)
{
	return cw_openssl_start() ? cw_desk_worker(run_verb) : 2;
}

/* What a running node, or the desk, starts itself as (a process that reads what strangers send has nothing else in it). */
static bool is_process(int count, char **words, int *ret_status)
{
	static const struct {
		const char *word;
		int (*run)(void);
	} rows[] = {{CW_NODE_ADMIN_WORD, cw_front}, {CW_ADMIN_PASSWORD_WORD, cw_admin_password_process},
		{CW_NODE_CRL_WORD, cw_node_crl_process}, {CW_DESK_WORKER_WORD, desk_worker}};
	for (size_t i = 0; count == 2 && i < sizeof rows / sizeof rows[0]; i++)
		if (strcmp(words[1], rows[i].word) == 0) {
			*ret_status = rows[i].run();
			return true;
		}
	return false;
}

int main(int count, char **words)
{
	int status;
	keep_memory_private();
	cw_json_start();
	if (is_process(count, words, &status))
		return status;
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
