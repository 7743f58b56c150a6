#include "cli/ask.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/crypto.h>
#include <signal.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

/* A process that is no terminal's has none, though the file /dev/tty is there. */
static int open_terminal(void)
{
	return open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
}

bool cw_ask_possible(void)
{
	int terminal = open_terminal();
	if (terminal >= 0)
		close(terminal);
	return terminal >= 0;
}

/* One line of at most `size` - 1 bytes without its end. False: nothing came, or it is longer. */
static bool read_line(int file, char *line, size_t size)
{
	size_t length = 0;
	for (char byte; length < size; line[length++] = byte) {
		ssize_t got = read(file, &byte, 1);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0 || (got == 0 && !length))
			return false;
		if (got == 0 || byte == '\n' || byte == '\r') {
			line[length] = '\0';
			return true;
		}
	}
	return false;
}

static bool write_all(int file, const char *text)
{
	size_t length = strlen(text);
	return write(file, text, length) == (ssize_t)length;
}

static void hold_signals(sigset_t *before)
{
	sigset_t held;
	sigemptyset(&held);
	sigaddset(&held, SIGINT);
	sigaddset(&held, SIGTERM);
	sigaddset(&held, SIGHUP);
	sigaddset(&held, SIGQUIT);
	sigaddset(&held, SIGTSTP);
	sigprocmask(SIG_BLOCK, &held, before);
}

/* Echo is off before anybody is asked to type; ^C is a byte that ends the question: what is held off cannot
 * interrupt the reading. */
static bool read_hidden(int terminal, const char *prompt, char *line, size_t size)
{
	struct termios shown, hidden;
	sigset_t before;
	if (tcgetattr(terminal, &shown) != 0)
		return false;
	hold_signals(&before);
	hidden = shown;
	hidden.c_lflag &= ~(tcflag_t)(ECHO | ISIG);
	bool good = tcsetattr(terminal, TCSAFLUSH, &hidden) == 0 && write_all(terminal, prompt) &&
		write_all(terminal, ": ") && read_line(terminal, line, size) &&
		!memchr(line, 3, strlen(line));
	tcsetattr(terminal, TCSAFLUSH, &shown);
	good = write_all(terminal, "\n") && good;
	sigprocmask(SIG_SETMASK, &before, NULL);
	return good;
}

static bool hand_out(char *line, bool good, const char *what, char **ret, struct cw_error *error)
{
	char *copy = good && *line ? strdup(line) : NULL;
	bool empty = !good || !*line;
	OPENSSL_cleanse(line, CW_ASK_PASSWORD_MAX);
	if (empty)
		return cw_error_set(error, CW_E_USAGE, "%s: wanted a password, found none", what);
	*ret = copy;
	return copy || cw_error_memory(error);
}

bool cw_ask_password(const char *prompt, char **ret, struct cw_error *error)
{
	char line[CW_ASK_PASSWORD_MAX] = "";
	int terminal = open_terminal();
	if (terminal < 0)
		return cw_error_set(error, CW_E_USAGE,
			"%s: there is no terminal to ask at; name a file or a descriptor (/dev/fd/3) instead",
			prompt);
	bool good = read_hidden(terminal, prompt, line, sizeof line);
	close(terminal);
	return hand_out(line, good, prompt, ret, error);
}

bool cw_ask_password_file(const char *path, char **ret, struct cw_error *error)
{
	char line[CW_ASK_PASSWORD_MAX] = "";
	int file = strcmp(path, "-") == 0 ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC);
	if (file < 0)
		return cw_error_set(error, CW_E_IO, "%s: %s", path, strerror(errno));
	bool good = read_line(file, line, sizeof line);
	close(file);
	return hand_out(line, good, path, ret, error);
}

bool cw_ask_yes(const char *question)
{
	char line[16] = "";
	int terminal = open_terminal();
	if (terminal < 0)
		return false;
	bool good = write_all(terminal, question) && write_all(terminal, " (yes or no) ") &&
		read_line(terminal, line, sizeof line);
	close(terminal);
	return good && strcmp(line, "yes") == 0;
}
