#include "node/admin/admin_password.h"

#include "base/buffer.h"
#include "base/child.h"

#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

_Static_assert(CW_ADMIN_PASSWORD_HASH_SIZE == crypto_pwhash_STRBYTES, "the size of libsodium's text");

/* What goes to the process: with an empty hash the password's is wanted. */
struct question {
	char text[CW_ADMIN_PASSWORD_MAX + 1];
	char hash[CW_ADMIN_PASSWORD_HASH_SIZE];
};

/* Of no password: what a user that is not there is compared with. Costs what a real one costs. */
static const char nobody[] = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHRzb21lc2FsdA"
			     "$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

struct waiting {
	struct question question;
	bool never; /* the hash is nobody's */
	struct cw_admin_password_owner owner;
};

struct cw_admin_password {
	struct event_base *base;
	const char *program;
	struct waiting *items[CW_ADMIN_PASSWORD_WAITING_MAX]; /* the first is the process's */
	size_t count;
	struct cw_child child;
	struct event *reads, *ends, *next;
	char out[CW_ADMIN_PASSWORD_HASH_SIZE];
	size_t length;
};

/* --- the process --- */

static bool read_whole(void *ret, size_t size)
{
	size_t got = 0;
	while (got < size) { /* ends: each turn reads something, or the pipe is over */
		ssize_t more = read(STDIN_FILENO, (char *)ret + got, size - got);
		if (more < 0 && errno == EINTR)
			continue;
		if (more <= 0)
			return false;
		got += (size_t)more;
	}
	return true;
}

static bool answer(const struct question *question, char ret[CW_ADMIN_PASSWORD_HASH_SIZE])
{
	size_t length = strlen(question->text);
	memset(ret, 0, CW_ADMIN_PASSWORD_HASH_SIZE);
	if (*question->hash) {
		ret[0] = crypto_pwhash_str_verify(question->hash, question->text, length) == 0 ? 'y' : 'n';
		return true;
	}
	return crypto_pwhash_str(ret, question->text, length, crypto_pwhash_OPSLIMIT_INTERACTIVE,
		       crypto_pwhash_MEMLIMIT_INTERACTIVE) == 0;
}

int cw_admin_password_process(void)
{
	const struct rlimit none = {0, 0},
			    seconds = {CW_ADMIN_PASSWORD_CPU_SECONDS, CW_ADMIN_PASSWORD_CPU_SECONDS};
	struct question question;
	char hash[CW_ADMIN_PASSWORD_HASH_SIZE];
	setrlimit(RLIMIT_CORE, &none);
	setrlimit(RLIMIT_CPU, &seconds);
	struct cw_confine nothing = CW_CONFINE_NONE;
	struct cw_error ignored;
	if (sodium_init() < 0 || !cw_confine_prepare(NULL, 0, &nothing, &ignored) ||
		!cw_confine_enter(&nothing) || !cw_confine_calls() || !read_whole(&question, sizeof question))
		return 1;
	question.text[sizeof question.text - 1] = question.hash[sizeof question.hash - 1] = '\0';
	bool good = answer(&question, hash);
	explicit_bzero(&question, sizeof question);
	return good && write(STDOUT_FILENO, hash, sizeof hash) == (ssize_t)sizeof hash ? 0 : 1;
}

/* --- the core --- */

bool cw_admin_password_new(
	struct event_base *base, const char *program, struct cw_admin_password **ret, struct cw_error *error)
{
	struct cw_admin_password *password = calloc(1, sizeof *password);
	if (!password)
		return cw_error_memory(error);
	password->base = base;
	password->program = program;
	password->child = CW_CHILD_NONE;
	*ret = password;
	return true;
}

static void wipe(struct waiting *waiting)
{
	explicit_bzero(waiting, sizeof *waiting);
	free(waiting);
}

static void free_event(struct event **event)
{
	if (*event)
		event_free(*event);
	*event = NULL;
}

static void end_child(struct cw_admin_password *password)
{
	free_event(&password->reads);
	free_event(&password->ends);
	cw_child_finish(&password->child);
	password->child = CW_CHILD_NONE;
	explicit_bzero(password->out, sizeof password->out);
	password->length = 0;
}

void cw_admin_password_free(struct cw_admin_password *password)
{
	if (!password)
		return;
	end_child(password);
	free_event(&password->next);
	for (size_t i = 0; i < password->count; i++)
		wipe(password->items[i]);
	free(password);
}

static void begin_next(struct cw_admin_password *password);

/* The first of those who wait is answered; the next one's turn comes from the loop. */
static void finish_first(struct cw_admin_password *password, bool worked)
{
	struct waiting *first = password->items[0];
	struct cw_admin_password_answer answered = {.worked = worked};
	bool makes = !*first->question.hash;
	if (worked && makes)
		memcpy(answered.hash, password->out, sizeof answered.hash);
	answered.hash[sizeof answered.hash - 1] = '\0';
	answered.matches = worked && !makes && !first->never && password->out[0] == 'y';
	end_child(password);
	password->count--;
	memmove(password->items, password->items + 1, password->count * sizeof password->items[0]);
	const struct cw_admin_password_owner owner = first->owner;
	wipe(first);
	begin_next(password);
	owner.done(owner.context, &answered);
	explicit_bzero(&answered, sizeof answered);
}

static void on_reads(evutil_socket_t pipe, short what, void *context)
{
	struct cw_admin_password *password = context;
	size_t room = sizeof password->out - password->length;
	(void)what;
	ssize_t got = read(pipe, password->out + password->length, room);
	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (got > 0)
		password->length += (size_t)got;
	if (got <= 0 || password->length == sizeof password->out)
		finish_first(password, password->length == sizeof password->out);
}

static void on_late(evutil_socket_t socket, short what, void *context)
{
	(void)socket;
	(void)what;
	finish_first(context, false);
}

static bool start(struct cw_admin_password *password, struct cw_error *error)
{
	static const struct timeval patience = {CW_ADMIN_PASSWORD_SECONDS, 0};
	const struct question *question = &password->items[0]->question;
	const char *const arguments[] = {password->program, CW_ADMIN_PASSWORD_WORD, NULL};
	const struct cw_child_setup setup = {
		.arguments = arguments, .in = CW_CHILD_PIPE, .out = CW_CHILD_PIPE, .err = CW_CHILD_NULL};
	if (!cw_child_start(&setup, &password->child, error))
		return false;
	password->reads =
		event_new(password->base, password->child.out, EV_READ | EV_PERSIST, on_reads, password);
	password->ends = evtimer_new(password->base, on_late, password);
	/* shorter than a pipe's buffer: it goes in whole */
	return password->reads && password->ends && event_add(password->reads, NULL) == 0 &&
		event_add(password->ends, &patience) == 0 &&
		write(password->child.in, question, sizeof *question) == (ssize_t)sizeof *question;
}

static void begin_next(struct cw_admin_password *password)
{
	struct cw_error ignored;
	static const struct timeval at_once = {0, 0};
	if (!password->count || password->child.pid)
		return;
	if (start(password, &ignored))
		return;
	end_child(password);
	if (!password->next)
		password->next = evtimer_new(password->base, on_late, password);
	if (password->next)
		event_add(password->next, &at_once);
}

static bool add(struct cw_admin_password *password, const char *text, const char *hash,
	const struct cw_admin_password_owner *owner, struct cw_error *error)
{
	if (strlen(text) > CW_ADMIN_PASSWORD_MAX)
		return cw_error_set(
			error, CW_E_LIMIT, "a password has at most %d bytes", CW_ADMIN_PASSWORD_MAX);
	if (password->count == CW_ADMIN_PASSWORD_WAITING_MAX)
		return cw_error_set(error, CW_E_LIMIT, "too many passwords wait to be checked: try again");
	struct waiting *waiting = calloc(1, sizeof *waiting);
	if (!waiting)
		return cw_error_memory(error);
	waiting->owner = *owner;
	snprintf(waiting->question.text, sizeof waiting->question.text, "%s", text);
	snprintf(waiting->question.hash, sizeof waiting->question.hash, "%s", hash);
	waiting->never = hash == nobody;
	password->items[password->count++] = waiting;
	begin_next(password);
	return true;
}

bool cw_admin_password_check(struct cw_admin_password *password, const char *text, const char *hash,
	const struct cw_admin_password_owner *owner, struct cw_error *error)
{
	return add(password, text, hash && *hash ? hash : nobody, owner, error);
}

bool cw_admin_password_make(struct cw_admin_password *password, const char *text,
	const struct cw_admin_password_owner *owner, struct cw_error *error)
{
	if (strlen(text) < CW_ADMIN_PASSWORD_MIN)
		return cw_error_set(
			error, CW_E_USAGE, "a password has at least %d characters", CW_ADMIN_PASSWORD_MIN);
	return add(password, text, "", owner, error);
}
