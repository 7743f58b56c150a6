#include "traversal/tunnel_words.h"

#include "support/cmocka.h"

/* Lines as OpenSSH 9.2 wrote them. */
static const struct {
	const char *name;
	enum cw_tunnel_speaker speaker;
	const char *line;
	enum cw_tunnel_line_kind want_kind;
	enum cw_tunnel_reason want_reason;
} rows[] = {
	{"a connection is chatter", CW_TUNNEL_SSHD,
		"Connection from 127.0.0.1 port 54956 on 127.0.0.1 port 40919 rdomain \"\"",
		CW_TUNNEL_LINE_CHATTER, CW_TUNNEL_NO_REASON},
	{"a key that was let in", CW_TUNNEL_SSHD,
		"Accepted publickey for sshd from 127.0.0.1 port 49428 ssh2: ECDSA SHA256:cIsMaG7QjRWA",
		CW_TUNNEL_LINE_ACCEPTED, CW_TUNNEL_NO_REASON},
	{"a locked account", CW_TUNNEL_SSHD, "User nobody not allowed because account is locked",
		CW_TUNNEL_LINE_TROUBLE, CW_TUNNEL_ACCOUNT},
	{"a line that has run out", CW_TUNNEL_SSHD, "Refused by key options", CW_TUNNEL_LINE_TROUBLE,
		CW_TUNNEL_USER_KEY},
	{"a key that is not let in, on C", CW_TUNNEL_SSH, "sshd@127.9.8.7: Permission denied (publickey).",
		CW_TUNNEL_LINE_TROUBLE, CW_TUNNEL_USER_KEY},
	{"a port that is not permitted", CW_TUNNEL_SSHD,
		"Received request from 127.0.0.1 port 52994 to remote forward to host 127.9.8.7 port 4567, but the "
		"request was denied.",
		CW_TUNNEL_LINE_TROUBLE, CW_TUNNEL_PORT_DENIED},
	{"a port that is taken", CW_TUNNEL_SSHD, "error: bind [127.0.0.1]:4567: Address already in use",
		CW_TUNNEL_LINE_TROUBLE, CW_TUNNEL_PORT_TAKEN},
	{"the port, on C", CW_TUNNEL_SSH, "Error: remote port forwarding failed for listen port 4567",
		CW_TUNNEL_LINE_TROUBLE, CW_TUNNEL_PORT_DENIED},
	{"nobody answers", CW_TUNNEL_SSH, "ssh: connect to host 127.0.0.1 port 1: Connection refused",
		CW_TUNNEL_LINE_TROUBLE, CW_TUNNEL_UNREACHABLE},
	{"closed before the first byte", CW_TUNNEL_SSH,
		"kex_exchange_identification: Connection closed by remote host", CW_TUNNEL_LINE_TROUBLE,
		CW_TUNNEL_TURNED_AWAY},
	{"another key than the certificate's", CW_TUNNEL_SSH,
		"@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @", CW_TUNNEL_LINE_TROUBLE,
		CW_TUNNEL_HOST_KEY},
	{"nothing in common", CW_TUNNEL_SSH,
		"Unable to negotiate with 127.0.0.1 port 2222: no matching host key type found. Their offer: "
		"rsa-sha2-512,rsa-sha2-256",
		CW_TUNNEL_LINE_TROUBLE, CW_TUNNEL_ALGORITHMS},
	{"closed by the other side", CW_TUNNEL_SSH, "Connection to 127.0.0.1 closed by remote host.",
		CW_TUNNEL_LINE_TROUBLE, CW_TUNNEL_CLOSED},
	{"what no row knows is said to be unknown", CW_TUNNEL_SSHD, "Flux capacitor overheated",
		CW_TUNNEL_LINE_UNKNOWN, CW_TUNNEL_UNKNOWN},
	{"a user's name cannot let a key in", CW_TUNNEL_SSHD,
		"Failed publickey for invalid user Accepted publickey for x from 127.0.0.1 port 1 ssh2: RSA SHA256:AA",
		CW_TUNNEL_LINE_TROUBLE, CW_TUNNEL_USER_KEY},
};

static void lines_mean_what_they_say(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		print_message("%s\n", rows[i].name);
		struct cw_tunnel_meaning meaning = cw_tunnel_words_line(rows[i].speaker, rows[i].line);
		assert_int_equal(meaning.kind, rows[i].want_kind);
		assert_int_equal(meaning.reason, rows[i].want_reason);
	}
}

static void a_fingerprint_is_the_last_one_of_its_line(void **state)
{
	(void)state;
	char text[20];
	assert_true(cw_tunnel_words_fingerprint(
		"Accepted publickey for SHA256:xx from 1.2.3.4 ssh2: RSA SHA256:AbC+/9 ", text, sizeof text));
	assert_string_equal(text, "SHA256:AbC+/9");
	assert_false(cw_tunnel_words_fingerprint("nothing here", text, sizeof text));
	assert_false(cw_tunnel_words_fingerprint("SHA256:longer-than-room", text, 10));
}

static void what_was_said_stands_behind_its_translation_and_is_safe_to_show(void **state)
{
	(void)state;
	AUTO_BUFFER text = {0};
	cw_tunnel_words_tell(CW_TUNNEL_ACCOUNT, CW_TUNNEL_SSHD, "User \033[31mx not allowed because", &text);
	assert_non_null(
		strstr(text.data, "sshd does not accept the account that it runs as (sshd: User \\x1b[31mx"));
	assert_non_null(strstr(text.data, "; name another account"));
	assert_null(strchr(text.data, 033));
}

static void every_reason_has_a_sentence_and_what_to_do(void **state)
{
	(void)state;
	for (int reason = CW_TUNNEL_REFUSED; reason <= CW_TUNNEL_UNKNOWN; reason++) {
		assert_true(cw_tunnel_words_name((enum cw_tunnel_reason)reason)[0]);
		assert_true(cw_tunnel_words_sentence((enum cw_tunnel_reason)reason)[0]);
		assert_true(cw_tunnel_words_remedy((enum cw_tunnel_reason)reason)[0]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_mean_what_they_say),
		cmocka_unit_test(a_fingerprint_is_the_last_one_of_its_line),
		cmocka_unit_test(what_was_said_stands_behind_its_translation_and_is_safe_to_show),
		cmocka_unit_test(every_reason_has_a_sentence_and_what_to_do),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
