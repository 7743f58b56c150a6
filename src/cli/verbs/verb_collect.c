#include "cli/ask.h"
#include "cli/call_import.h"
#include "cli/verbs.h"

#include "base/escape.h"
#include "base/file.h"
#include "collect/collect_report.h"
#include "pki/bundle/bundle.h"

#include <string.h>
#include <strings.h>
#include <unistd.h>

static const struct cw_option options[] = {
	{"expressway", 0, "HOST", NULL, true,
		"an Expressway-C or Expressway-E peer (port 443 unless HOST:PORT)"},
	{"cucm", 0, "HOST", NULL, true, "a CUCM, IM and Presence or Unity Connection node (port 8443)"},
	{"expressway-user", 0, "USER", NULL, false, "administrator with API access, read-only is enough"},
	{"os-user", 0, "USER", NULL, false, "platform administrator of the CUCM nodes: their certificates"},
	{"axl-user", 0, "USER", NULL, false,
		"application user with AXL access: nodes, profiles, security mode"},
	{"expressway-password-file", 0, "FILE", NULL, false, "its first line; /dev/fd/3 for a descriptor"},
	{"os-password-file", 0, "FILE", NULL, false, "the same for --os-user"},
	{"axl-password-file", 0, "FILE", NULL, false, "the same for --axl-user"},
	{"ca", 0, "FILE", NULL, true, "the CAs by which the boxes' own certificates are judged"},
	{"pin", 0, "HOST=SHA256", NULL, true, "take this very certificate of this box"},
	{"host", 0, "FQDN=IP", NULL, true, "where a box is, instead of asking DNS"},
	{"timeout", 0, "SECONDS", NULL, false, "for each request (30)"},
	{"diagnostic-log", 0, NULL, NULL, false,
		"fetch the diagnostic archive too; sets debug levels and replaces the box's former log"},
	{"output", 'o', "DIR", NULL, false, "the folder to write (an import in it is brought up to date)"},
	{"all", 'a', NULL, NULL, false,
		"tell every file that was not used, and every secret that was dropped"},
	CW_OPTIONS_END,
};

static const struct {
	const char *user, *file, *prompt;
	enum cw_collect_kind kind;
} accounts[CW_COLLECT_ACCOUNTS] = {
	[CW_COLLECT_EXPRESSWAY] = {"expressway-user", "expressway-password-file", "Expressway administrator",
		CW_COLLECT_EXPRESSWAY_BOX},
	[CW_COLLECT_OS] = {"os-user", "os-password-file", "OS administrator", CW_COLLECT_VOICE_BOX},
	[CW_COLLECT_AXL] = {"axl-user", "axl-password-file", "AXL user", CW_COLLECT_VOICE_BOX},
};

struct work {
	struct cw_call *call;
	struct cw_collect collect;
	struct cw_pool *pool;
	struct cw_trust_list list;
	char *passwords[CW_COLLECT_ACCOUNTS];
	char *folder; /* of the answers */
};

static void work_finish(struct work *work)
{
	cw_collect_finish(&work->collect);
	for (size_t i = 0; i < CW_COLLECT_ACCOUNTS; i++)
		cw_call_password_finish(&work->passwords[i]);
	cw_trust_list_finish(&work->list);
	cw_pool_free(work->pool);
	free(work->folder);
}

#define AUTO_WORK __attribute__((cleanup(work_finish))) struct work

/* --- what was typed --- */

static struct cw_collect_box *box_named(struct work *work, const char *given, size_t length)
{
	for (size_t i = 0; i < work->collect.count; i++) {
		const char *host = work->collect.boxes[i]->host;
		if (strlen(host) == length && strncasecmp(host, given, length) == 0)
			return work->collect.boxes[i];
	}
	return NULL;
}

static bool add_boxes(
	struct work *work, const char *option, enum cw_collect_kind kind, struct cw_error *error)
{
	const char *given;
	for (size_t i = 0; (given = cw_arguments_nth(&work->call->arguments, option, i)); i++)
		if (!cw_collect_add(&work->collect, kind, given, error))
			return cw_error_prefix(error, "--%s", option);
	return true;
}

/* Hex digits, with or without colons, as certificates' fingerprints are shown. */
static bool read_pin(const char *text, char ret[CW_SHA256_TEXT_SIZE])
{
	size_t length = 0;
	for (; *text; text++) {
		if (*text == ':')
			continue;
		if (length == CW_SHA256_TEXT_SIZE - 1 || !strchr("0123456789abcdefABCDEF", *text))
			return false;
		ret[length++] = *text;
	}
	ret[length] = '\0';
	return length == CW_SHA256_TEXT_SIZE - 1;
}

static bool add_pins(struct work *work, struct cw_error *error)
{
	const char *given;
	for (size_t i = 0; (given = cw_arguments_nth(&work->call->arguments, "pin", i)); i++) {
		const char *equals = strchr(given, '=');
		char pin[CW_SHA256_TEXT_SIZE];
		struct cw_collect_box *box = equals ? box_named(work, given, (size_t)(equals - given)) : NULL;
		if (!box || !read_pin(equals + 1, pin))
			return cw_error_set(error, CW_E_USAGE,
				"--pin: wanted HOST=SHA256, with a HOST of --expressway or --cucm and 64 hex digits, "
				"found \"%s\"",
				given);
		if (!cw_strings_add(&box->pins, pin))
			return cw_error_memory(error);
	}
	return true;
}

static bool set_addresses(struct work *work, struct cw_error *error)
{
	const char *given;
	for (size_t i = 0; (given = cw_arguments_nth(&work->call->arguments, "host", i)); i++) {
		const char *equals = strchr(given, '=');
		if (!equals || equals == given || !equals[1])
			return cw_error_set(error, CW_E_USAGE,
				"--host: wanted FQDN=IP (c1.acme.test=10.0.0.1), found \"%s\"", given);
		struct cw_collect_box *box = box_named(work, given, (size_t)(equals - given));
		if (box)
			box->at = equals + 1;
	}
	return true;
}

static bool read_list(struct work *work, struct cw_error *error)
{
	const char *path;
	if (!(work->pool = cw_pool_new()))
		return cw_error_memory(error);
	for (size_t i = 0; (path = cw_arguments_nth(&work->call->arguments, "ca", i)); i++) {
		AUTO_BUNDLE bundle = {0};
		if (!cw_bundle_read(path, path, NULL, work->pool, &bundle, error))
			return false;
		if (!cw_trust_list_add_bundle(&work->list, &bundle))
			return cw_error_memory(error);
		work->collect.list = &work->list;
	}
	return true;
}

static bool read_timeout(struct work *work, struct cw_error *error)
{
	const char *text = cw_arguments_value(&work->call->arguments, "timeout");
	char *end;
	if (!text)
		return true;
	work->collect.seconds = strtol(text, &end, 10);
	if (*end || work->collect.seconds < 1 || work->collect.seconds > 3600)
		return cw_error_set(
			error, CW_E_USAGE, "--timeout: wanted 1 to 3600 seconds, found \"%s\"", text);
	return true;
}

static bool prepare(struct work *work, struct cw_error *error)
{
	const struct cw_arguments *arguments = &work->call->arguments;
	const char *output = cw_arguments_value(arguments, "output");
	work->collect.time = work->call->now;
	work->collect.diagnostic = cw_arguments_given(arguments, "diagnostic-log");
	if (!add_boxes(work, "expressway", CW_COLLECT_EXPRESSWAY_BOX, error) ||
		!add_boxes(work, "cucm", CW_COLLECT_VOICE_BOX, error))
		return false;
	if (!work->collect.count)
		return cw_error_set(
			error, CW_E_USAGE, "of which boxes? wanted --expressway HOST or --cucm HOST");
	if (!output)
		return cw_error_set(error, CW_E_USAGE, "where to? wanted -o DIR");
	if (!(work->folder = cw_file_path(output, "collected")))
		return cw_error_memory(error);
	work->collect.folder = work->folder;
	return add_pins(work, error) && set_addresses(work, error) && read_timeout(work, error) &&
		read_list(work, error) && cw_call_lock_made(work->call, output, error);
}

/* --- the boxes' certificates --- */

static void show_cert(const struct work *work, const struct cw_collect_box *box)
{
	const struct cw_cert *leaf = box->leaf;
	char from[CW_TIME_TEXT_SIZE], to[CW_TIME_TEXT_SIZE];
	AUTO_BUFFER text = {0};
	cw_buffer_printf(&text,
		"%s presents a certificate that is not known to be its own: %s\n"
		"  subject %s\n  issuer  %s\n  valid   %s to %s\n  SHA-256 %s\n",
		box->host, box->why ? box->why : "", cw_cert_subject_text(leaf), cw_cert_issuer_text(leaf),
		cw_time_format_date(cw_cert_not_before(leaf), from),
		cw_time_format_date(cw_cert_not_after(leaf), to), cw_cert_sha256_text(leaf));
	cw_call_say(work->call, cw_buffer_string(&text));
}

/* A certificate that was pinned and is another is never asked about: somebody said what it has to be. */
static bool ask_for(struct work *work, struct cw_collect_box *box, bool *ret, struct cw_error *error)
{
	if (!box->leaf || box->trusted || box->pins.count)
		return true;
	show_cert(work, box);
	if (!cw_ask_possible()) {
		cw_call_tell(
			work->call, "there is no terminal to ask at: give --ca FILE, or --pin HOST=SHA256");
		return true;
	}
	if (!cw_ask_yes("Is it the box's own, and shall it be asked, in this run?"))
		return true;
	*ret = true;
	return cw_strings_add(&box->pins, cw_cert_sha256_text(box->leaf)) || cw_error_memory(error);
}

static bool meet(struct work *work, struct cw_error *error)
{
	bool again = false;
	if (!cw_collect_meet(&work->collect, error))
		return false;
	for (size_t i = 0; i < work->collect.count; i++)
		if (!ask_for(work, work->collect.boxes[i], &again, error))
			return false;
	return !again || cw_collect_meet(&work->collect, error);
}

/* --- accounts --- */

static bool is_wanted(const struct work *work, enum cw_collect_kind kind)
{
	for (size_t i = 0; i < work->collect.count; i++)
		if (work->collect.boxes[i]->kind == kind && work->collect.boxes[i]->trusted)
			return true;
	return false;
}

/* Asked for only where a box is there to be asked. */
static bool read_password(struct work *work, size_t account, struct cw_error *error)
{
	const struct cw_arguments *arguments = &work->call->arguments;
	const char *user = cw_arguments_value(arguments, accounts[account].user);
	const char *file = cw_arguments_value(arguments, accounts[account].file);
	char prompt[160];
	if (!user || !is_wanted(work, accounts[account].kind))
		return true;
	if (strchr(user, ':'))
		return cw_error_set(error, CW_E_USAGE,
			"--%s: a user name holds no colon, and a password is not typed here",
			accounts[account].user);
	snprintf(prompt, sizeof prompt, "Password of %s %s", accounts[account].prompt, user);
	if (file && !cw_ask_password_file(file, &work->passwords[account], error))
		return cw_error_prefix(error, "--%s", accounts[account].file);
	if (!file && !cw_ask_password(prompt, &work->passwords[account], error))
		return false;
	work->collect.logins[account].user = user;
	work->collect.logins[account].password = work->passwords[account];
	return true;
}

static bool check_users(const struct work *work, struct cw_error *error)
{
	const struct cw_arguments *arguments = &work->call->arguments;
	for (size_t i = 0; i < CW_COLLECT_ACCOUNTS; i++)
		if (cw_arguments_given(arguments, accounts[i].file) &&
			!cw_arguments_given(arguments, accounts[i].user))
			return cw_error_set(
				error, CW_E_USAGE, "--%s without --%s", accounts[i].file, accounts[i].user);
	if (cw_arguments_given(arguments, "expressway") && !cw_arguments_given(arguments, "expressway-user"))
		return cw_error_set(error, CW_E_USAGE, "--expressway: wanted --expressway-user as well");
	if (cw_arguments_given(arguments, "cucm") && !cw_arguments_given(arguments, "os-user") &&
		!cw_arguments_given(arguments, "axl-user"))
		return cw_error_set(
			error, CW_E_USAGE, "--cucm: wanted --os-user, --axl-user or both as well");
	return true;
}

/* --- the run --- */

static void tell_box(void *context, const struct cw_collect_box *box)
{
	const struct work *work = context;
	AUTO_BUFFER line = {0};
	int file = fileno(work->call->err);
	if (file < 0 || !isatty(file))
		return; /* the report says it at the end */
	cw_collect_report_line(&work->collect, box, &line);
	cw_call_tell(work->call, cw_buffer_string(&line));
}

static bool gather(struct work *work, struct cw_evidence *evidence, struct cw_error *error)
{
	for (size_t i = 0; i < work->collect.count; i++) {
		AUTO(free) char *folder = cw_collect_folder(&work->collect, work->collect.boxes[i]);
		if (!folder)
			return cw_error_memory(error);
		if (access(folder, R_OK) == 0 && !cw_call_import_source(work->call, folder, evidence, error))
			return false;
	}
	return true;
}

static bool run(struct work *work, struct cw_error *error)
{
	work->collect.told = tell_box;
	work->collect.context = work;
	if (!check_users(work, error) || !prepare(work, error) || !meet(work, error))
		return false;
	for (size_t i = 0; i < CW_COLLECT_ACCOUNTS; i++)
		if (!read_password(work, i, error))
			return false;
	return cw_collect_run(&work->collect, error);
}

static enum cw_exit collect(struct cw_call *call)
{
	AUTO_WORK work = {.call = call};
	AUTO(cw_pool_free) struct cw_pool *pool = cw_pool_new();
	AUTO_EVIDENCE evidence = {.pool = pool};
	AUTO_BUFFER report = {0};
	struct cw_error error;
	if (!pool)
		cw_error_memory(&error);
	if (!pool || !run(&work, &error))
		return cw_call_trouble(call, &error);
	cw_collect_report_write(&work.collect, &report);
	if (!cw_buffer_ok(&report, &error) || !cw_call_import_print(call, &report, &error))
		return cw_call_trouble(call, &error);
	if (!cw_collect_report_had(&work.collect)) {
		cw_call_tell(call, "nothing was had of any box: nothing is written");
		return CW_EXIT_TROUBLE;
	}
	if (!gather(&work, &evidence, &error))
		return cw_call_trouble(call, &error);
	enum cw_exit exit = cw_call_import(call, &evidence, cw_arguments_value(&call->arguments, "output"),
		cw_arguments_given(&call->arguments, "all"));
	return exit == CW_EXIT_GOOD && cw_collect_report_missing(&work.collect) ? CW_EXIT_REFUSED : exit;
}

const struct cw_verb cw_verb_collect = {
	.name = "collect",
	.summary = "ask running boxes for what import reads, and import it",
	.words = "",
	.options = options,
	.about =
		"Asks Expressway's REST interface, certificate management of CUCM, IM and Presence and\n"
		"Unity Connection nodes (release 14 on), and AXL. Only reads, but for --diagnostic-log.\n"
		"All boxes at once, one request at a time each. Without its account an interface is not\n"
		"asked.\n"
		"\n"
		"Before a password is sent the box's certificate is judged by --ca or --pin, or shown and\n"
		"asked for. Passwords come from a prompt or a file. Each is tried at one box first; a box\n"
		"that refuses it ends its use everywhere, since accounts are locked after wrong tries.\n"
		"\n"
		"The answers are kept in DIR/collected, without secrets, and imported into DIR as \"import\"\n"
		"does. Returns 0 where everything was had and nothing is left to ask, 1 where something is\n"
		"missing, 2 where nothing could be made.\n",
	.example = "$ causeway collect --expressway c1.acme.test --expressway e1.acme.test \\\n"
		   "      --cucm pub.acme.test --expressway-user reader --os-user admin \\\n"
		   "      --axl-user axlreader --ca corporate-ca.pem -o acme\n"
		   "$ causeway check acme\n",
	.run = collect,
};
