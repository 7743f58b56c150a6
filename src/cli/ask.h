/**
 * Asks the person at the terminal: for a password, which is not shown, or for a yes.
 *
 * The terminal is the process's own (/dev/tty), whatever standard input is. Signals that end the program put the
 * terminal's echo back: the question is asked with them held off, and they arrive when it is over.
 */
#ifndef CW_CLI_ASK_H
#define CW_CLI_ASK_H

#include "cli/call.h"

#define CW_ASK_PASSWORD_MAX 512

/** There is a terminal to ask at. */
bool cw_ask_possible(void);

/** The password that is typed behind `prompt`. CW_E_USAGE: no terminal, or nothing typed. The caller wipes it
 * (AUTO_PASSWORD). */
CW_MUST_USE bool cw_ask_password(const char *prompt, char **ret, struct cw_error *error);

/** The first line of a file, a pipe or a descriptor (/dev/fd/3), as a password. */
CW_MUST_USE bool cw_ask_password_file(const char *path, char **ret, struct cw_error *error);

/** Whether "yes" is typed behind `question`; false without a terminal. */
bool cw_ask_yes(const char *question);

#endif
