/*
 * What an edge worker may do: tried from inside, by a process that has given up what a worker gives up.
 */
#include "node/worker/worker_confine.h"
#include "support/cmocka.h"
#include "support/folder.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char base[256]; /* of the state folder */
static int memory_file;

static bool opens(const char *name, int flags)
{
	char path[512];
	snprintf(path, sizeof path, "%s%s%s", *name == '/' ? "" : base, *name == '/' ? "" : "/", name);
	return open(path, flags | O_CLOEXEC, 0600) >= 0;
}

static bool reads_its_key(void)
{
	return opens("certs/server.key", O_RDONLY);
}

static bool reads_a_certificate(void)
{
	return opens("certs/server.pem", O_RDONLY);
}

static bool reads_a_password(void)
{
	return opens("secrets/security.txt", O_RDONLY);
}

static bool reads_node_yaml(void)
{
	return opens("node.yaml", O_RDONLY);
}

static bool lists_the_folder(void)
{
	return opens("certs", O_RDONLY | O_DIRECTORY);
}

static bool reads_the_system(void)
{
	return opens("/etc/passwd", O_RDONLY);
}

static bool writes_a_file(void)
{
	return opens("run/new", O_WRONLY | O_CREAT) || opens("/tmp/causeway-worker", O_WRONLY | O_CREAT);
}

static bool removes_a_file(void)
{
	char path[512];
	snprintf(path, sizeof path, "%s/certs/server.pem", base);
	return unlink(path) == 0 || rename(path, "/tmp/x") == 0;
}

static bool runs_a_program(void)
{
	char *words[] = {(char[]){"/bin/true"}, NULL};
	execv(words[0], words);
	return false; /* where it runs, its status is 0, which says that it worked */
}

static bool listens(void)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int made = socket(AF_INET, SOCK_STREAM, 0);
	return bind(made, (struct sockaddr *)&address, sizeof address) == 0 || listen(made, 1) == 0;
}

static bool looks_at_its_parent(void)
{
	return ptrace(PTRACE_ATTACH, getppid(), NULL, NULL) == 0 || kill(getppid(), 0) == 0;
}

static bool is_root_again(void)
{
	return setuid(0) == 0 && geteuid() == 0 && geteuid() != getuid();
}

static bool connects(void)
{
	int made = socket(AF_INET, SOCK_STREAM, 0);
	struct sockaddr_in address = {
		.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK), .sin_port = htons(1)};
	return made >= 0 &&
		(connect(made, (struct sockaddr *)&address, sizeof address) == 0 || errno == ECONNREFUSED);
}

static bool reads_what_it_was_handed(void)
{
	char byte;
	return pread(memory_file, &byte, 1, 0) == 1 && byte == 'k';
}

static bool tries(bool (*what)(void))
{
	int status;
	pid_t process = fork();
	if (process == 0) {
		struct cw_error error;
		const struct cw_rights_user user = {
			geteuid() ? geteuid() : CW_RIGHTS_NOBODY, geteuid() ? getegid() : CW_RIGHTS_NOBODY};
		if (!cw_worker_confine(&user, &error))
			_exit(2);
		_exit(what() ? 0 : 1);
	}
	assert_int_equal(waitpid(process, &status, 0), process);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) != 2);
	return WEXITSTATUS(status) == 0;
}

static void from_inside_there_is_nothing_but_what_was_handed_over(void **state)
{
	(void)state;
	static const struct {
		bool (*what)(void);
		bool want_works;
	} rows[] = {
		{reads_its_key, false},
		{reads_a_certificate, false},
		{reads_a_password, false},
		{reads_node_yaml, false},
		{lists_the_folder, false},
		{reads_the_system, false},
		{writes_a_file, false},
		{removes_a_file, false},
		{runs_a_program, false},
		{listens, false},
		{looks_at_its_parent, false},
		{is_root_again, false},
		{connects, true},
		{reads_what_it_was_handed, true},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		if (tries(rows[i].what) != rows[i].want_works)
			fail_msg("row %zu: wanted that it %s", i, rows[i].want_works ? "works" : "fails");
}

/* Open for everybody, so that Landlock alone stands before them. */
static int make_folder(void **state)
{
	if (test_folder_setup(state) != 0)
		return -1;
	static const char *const names[] = {
		"certs/server.key", "certs/server.pem", "secrets/security.txt", "node.yaml", "run/socket"};
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		chmod(test_folder_write(names[i], "k", 1), 0666);
	static const char *const folders[] = {"", "certs", "secrets", "run"};
	for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++)
		chmod(test_folder_path(folders[i]), 0777);
	snprintf(base, sizeof base, "%s", test_folder_path(""));
	memory_file = memfd_create("handed", MFD_CLOEXEC);
	return memory_file >= 0 && write(memory_file, "k", 1) == 1 ? 0 : -1;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(from_inside_there_is_nothing_but_what_was_handed_over),
	};
	return cmocka_run_group_tests(tests, make_folder, test_folder_teardown);
}
