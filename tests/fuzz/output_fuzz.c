/**
 * Any bytes as a name, a label, a file's name, a line or an argument, through whole verbs: nothing of it controls a
 * terminal, hides or turns text, becomes markup, or breaks JSON, on standard output and on standard error.
 *
 * Input: a byte that chooses the verb, then the name.
 */
#include "cli/verbs.h"
#include "issue/issue.h"
#include "issue/issue_key.h"
#include "lab/lab.h"
#include "pki/bundle/pem_write.h"
#include "support/folder.h"
#include "support/instant.h"
#include "support/traffic.h"

#include <jansson.h>
#include <openssl/err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define NAME_MAX_BYTES 120
#define MARKUP "<x9z>" /* behind every name: no page may have it */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum form { FORM_TEXT, FORM_PAGE, FORM_JSON };

static const char *const hidden[] = {"\xc2\xad", "\xd8\x9c", "\xe2\x80\x8b", "\xe2\x80\x8c", "\xe2\x80\x8d",
	"\xe2\x80\x8e", "\xe2\x80\x8f", "\xe2\x80\xaa", "\xe2\x80\xab", "\xe2\x80\xac", "\xe2\x80\xad",
	"\xe2\x80\xae", "\xe2\x81\xa6", "\xe2\x81\xa7", "\xe2\x81\xa8", "\xe2\x81\xa9", "\xf3\xa0\x80",
	"\xf3\xa0\x81"};

static char *folder, *yaml;
static EVP_PKEY *key;

static void want_harmless(const char *shown, size_t length, const char *more)
{
	const unsigned char *text = (const unsigned char *)shown;
	for (size_t i = 0; i < length; i++) {
		if ((text[i] < ' ' && text[i] != '\n' && !strchr(more, text[i])) || text[i] == 0x7f)
			abort();
		if (text[i] == 0xc2 && i + 1 < length && text[i + 1] >= 0x80 && text[i + 1] <= 0x9f)
			abort();
	}
	for (size_t i = 0; i < sizeof hidden / sizeof *hidden; i++)
		if (memmem(shown, length, hidden[i], strlen(hidden[i])))
			abort();
}

/* One object, or one a line. */
static void want_json(const char *text, size_t length)
{
	const char *end = text + length;
	while (text < end) {
		json_error_t why;
		json_t *one = json_loadb(text, (size_t)(end - text), JSON_DISABLE_EOF_CHECK, &why);
		if (!one)
			abort();
		json_decref(one);
		text += why.position;
		text += strspn(text, "\n");
	}
}

static void want_form(enum form form, const char *text, size_t length)
{
	if (form == FORM_TEXT)
		want_harmless(text, length, "");
	if (form == FORM_PAGE)
		want_harmless(text, length, "\t");
	if (form == FORM_PAGE && memmem(text, length, MARKUP, strlen(MARKUP)))
		abort();
	if (form == FORM_JSON)
		want_json(text, length);
}

static void run(enum form form, const char *const *words)
{
	size_t count = 0, out_length, err_length;
	char *out_text = NULL, *err_text = NULL;
	while (words[count])
		count++;
	FILE *out = open_memstream(&out_text, &out_length);
	FILE *err = open_memstream(&err_text, &err_length);
	(void)cw_verbs_run((char *const *)words, count, out, err, TEST_AT, false);
	fclose(out);
	fclose(err);
	want_form(form, out_text, out_length);
	want_form(FORM_TEXT, err_text, err_length);
	free(out_text);
	free(err_text);
	ERR_clear_error();
}

#define SHOW(form, ...) run(form, (const char *const[]){__VA_ARGS__, NULL})

static void make_once(void)
{
	struct cw_error error;
	AUTO_BUFFER text = {0};
	if (folder)
		return;
	test_folder_make();
	atexit(test_folder_remove);
	folder = strdup(test_folder_path("lab"));
	const struct cw_lab_options options = {.folder = folder, .key = "ec", .at = TEST_AT};
	if (!folder || !cw_lab_new(&options, &error) || !cw_issue_key("ec", &key, &error))
		abort();
	if (chdir(folder) != 0 || mkdir("store", 0755) != 0)
		abort();
	SHOW(FORM_TEXT, "lab", "export", ".", "--as", "folder", "-o", "sources");
	FILE *file = fopen("deployment.yaml", "re");
	char block[4096];
	for (size_t got; (got = fread(block, 1, sizeof block, file)) > 0;)
		cw_buffer_append(&text, block, got);
	fclose(file);
	yaml = cw_buffer_steal(&text);
}

static void write_file(const char *name, const void *data, size_t length)
{
	FILE *file = fopen(name, "we");
	if (!file)
		return; /* a name that the file system does not take */
	fwrite(data, 1, length, file);
	fclose(file);
}

/* As a text of YAML in double quotes, which takes no control characters; bytes that are no UTF-8 as numbers. */
static void quote(struct cw_buffer *ret, const char *name)
{
	json_t *utf8 = json_string(name);
	cw_buffer_char(ret, '"');
	for (const unsigned char *c = (const unsigned char *)name; *c; c++)
		if (*c < ' ' || *c == 0x7f || (*c >= 0x80 && !utf8))
			cw_buffer_printf(ret, "<%02x>", *c);
		else if (*c == '"' || *c == '\\')
			cw_buffer_printf(ret, "\\%c", *c);
		else
			cw_buffer_char(ret, (char)*c);
	cw_buffer_char(ret, '"');
	json_decref(utf8);
}

static void replace(struct cw_buffer *ret, const char **from, const char *what, const char *with)
{
	const char *at = strstr(*from, what);
	if (!at)
		abort();
	cw_buffer_append(ret, *from, (size_t)(at - *from));
	cw_buffer_text(ret, with);
	*from = at + strlen(what);
}

/* The names that are anybody's to choose: of the deployment, its users and its endpoints; or a key that there is not. */
static void write_deployment(const char *name, bool wrong_key)
{
	AUTO_BUFFER text = {0}, quoted = {0}, line = {0};
	const char *from = yaml;
	quote(&quoted, name);
	cw_buffer_printf(&line, "name: %s", cw_buffer_string(&quoted));
	replace(&text, &from, "name: acme", cw_buffer_string(&line));
	if (!wrong_key) {
		line.length = 0;
		cw_buffer_printf(&line, "username: %s", cw_buffer_string(&quoted));
		replace(&text, &from, "username: traversal", cw_buffer_string(&line));
		replace(&text, &from, "trusted-ca: c1/ca.pem", "trusted-ca: store");
		line.length = 0;
		cw_buffer_printf(&line, "{name: %s,", cw_buffer_string(&quoted));
		replace(&text, &from, "{name: laptop,", cw_buffer_string(&line));
	} else {
		cw_buffer_printf(&text, "\n%s: 1\n", cw_buffer_string(&quoted));
	}
	cw_buffer_text(&text, from);
	write_file("deployment.yaml", cw_buffer_string(&text), text.length);
}

static void write_cert(const char *path, const char *name)
{
	AUTO_BUFFER pem = {0};
	AUTO(cw_cert_free) struct cw_cert *cert = NULL;
	struct cw_error error;
	X509_NAME *made = X509_NAME_new();
	X509_NAME_add_entry_by_txt(made, "CN", MBSTRING_ASC, (const unsigned char *)name, -1, -1, 0);
	X509_NAME_add_entry_by_txt(made, "O", MBSTRING_UTF8, (const unsigned char *)name, -1, -1, 0);
	const struct cw_issue_spec spec = {.subject_name = made,
		.not_before = TEST_AT - CW_DAY,
		.not_after = TEST_AT + CW_DAY,
		.constraints = CW_ISSUE_CA};
	if (cw_issue(&spec, key, NULL, NULL, &cert, &error) && cw_pem_write_cert(&pem, cert, &error))
		write_file(path, cw_buffer_string(&pem), pem.length);
	X509_NAME_free(made);
}

/* The folder of C's list: a certificate of that name in a file of that name. */
static void write_store(const char *name, char path[512])
{
	char safe[NAME_MAX_BYTES + 1];
	snprintf(safe, sizeof safe, "%s", *name ? name : "-");
	for (char *c = safe; *c; c++)
		if (*c == '/')
			*c = '-';
	snprintf(path, 512, "store/%s.pem", safe);
	write_cert(path, name);
}

static void check(enum form form, const char *format, const char *name)
{
	char path[512];
	write_store(name, path);
	write_deployment(name, false);
	SHOW(form, "check", ".", "-a", "-f", format);
	unlink(path);
}

static void show_file(const char *name)
{
	char path[512];
	write_store(name, path);
	SHOW(FORM_TEXT, "cert", "show", path);
	SHOW(FORM_JSON, "cert", "show", "-f", "json", path);
	SHOW(FORM_TEXT, "trust", "list", path);
	SHOW(FORM_TEXT, "cert", "verify", path, "--trusted-ca", "c1/ca.pem");
	unlink(path);
}

static void show_wrong_file(const char *name)
{
	AUTO_BUFFER text = {0};
	cw_buffer_printf(&text, "-----BEGIN %s-----\nAAAA\n", name);
	write_file("wrong.pem", cw_buffer_string(&text), text.length);
	SHOW(FORM_TEXT, "cert", "show", "wrong.pem");
	write_deployment(name, true);
	SHOW(FORM_TEXT, "check", ".");
}

static void show_argument(const char *name)
{
	SHOW(FORM_TEXT, "check", name);
	SHOW(FORM_TEXT, "explain", name);
	SHOW(FORM_TEXT, name, name);
	SHOW(FORM_TEXT, "check", "--at", name, ".");
}

static void show_log(const char *name)
{
	AUTO_BUFFER text = {0};
	cw_buffer_printf(&text,
		"2026-11-20T12:00:00.000+00:00 e1 tvcs: Event=\"Inbound TLS Negotiation Error\" Service=\"SIP\" "
		"Src-ip=\"%s\" Detail=\"tlsv1 alert unknown ca %s\"\n%s\n",
		name, name, name);
	write_file("box.log", cw_buffer_string(&text), text.length);
	SHOW(FORM_TEXT, "log", "box.log");
	SHOW(FORM_JSON, "log", "-f", "json", "box.log");
}

static void add_number(struct cw_buffer *ret, size_t number, unsigned bytes)
{
	while (bytes-- > 0)
		cw_buffer_char(ret, (char)(number >> 8 * bytes & 0xff));
}

/* A ClientHello that asks for the name, refused. */
static void show_capture(const char *name)
{
	AUTO_BUFFER hello = {0}, record = {0}, file = {0};
	struct test_talk talk = {0};
	struct test_traffic traffic = {0};
	size_t length = strlen(name);
	add_number(&hello, 0x0303, 2);
	for (int i = 0; i < 32; i++)
		cw_buffer_char(&hello, 'r');
	add_number(&hello, 0, 1);
	add_number(&hello, 2, 2);
	add_number(&hello, 0xc02f, 2);
	add_number(&hello, 0x0100, 2);
	add_number(&hello, 2 * length + 9 + 7, 2);
	add_number(&hello, 0, 2); /* server_name */
	add_number(&hello, length + 5, 2);
	add_number(&hello, length + 3, 2);
	add_number(&hello, 0, 1);
	add_number(&hello, length, 2);
	cw_buffer_append(&hello, name, length);
	add_number(&hello, 16, 2); /* ALPN */
	add_number(&hello, length + 3, 2);
	add_number(&hello, length + 1, 2);
	add_number(&hello, length, 1);
	cw_buffer_append(&hello, name, length);
	add_number(&record, 0x160301, 3);
	add_number(&record, hello.length + 4, 2);
	add_number(&record, 1, 1);
	add_number(&record, hello.length, 3);
	cw_buffer_append(&record, hello.data, hello.length);
	test_talk_add(&talk, 0, record.data, record.length);
	test_talk_add(&talk, 1, "\x15\x03\x03\x00\x02\x02\x28", 7);
	test_traffic_add_talk(&traffic, &talk, &(struct test_tcp){0});
	test_traffic_pcap(&traffic, &file);
	write_file("traffic.pcap", file.data, file.length);
	test_traffic_finish(&traffic);
	test_talk_finish(&talk);
	SHOW(FORM_TEXT, "capture", "traffic.pcap");
	SHOW(FORM_JSON, "capture", "-f", "json", "traffic.pcap");
}

/* Beside sound sources, a file of that name that says that name. */
static void show_import(const char *name)
{
	AUTO_BUFFER text = {0};
	char store[512], source[520];
	write_store(name, store);
	snprintf(source, sizeof source, "sources/%s", store + strlen("store/"));
	(void)rename(store, source);
	cw_buffer_printf(&text,
		"xConfiguration Zones Zone 1 Name: \"%s\"\n*c xConfiguration SystemUnit Name: \"%s\"\n", name,
		name);
	write_file("sources/e1_xconf.txt", cw_buffer_string(&text), text.length);
	SHOW(FORM_TEXT, "import", "sources", "-o", "imported", "-a");
	SHOW(FORM_TEXT, "import", "store", "-o", "imported");
	if (system("rm -rf imported sources/e1_xconf.txt") != 0)
		abort();
	unlink(source);
}

static void choose(size_t which, const char *name)
{
	static const struct {
		enum form form;
		const char *name;
	} formats[] = {{FORM_TEXT, "text"}, {FORM_JSON, "json"}, {FORM_PAGE, "html"}, {FORM_PAGE, "junit"},
		{FORM_TEXT, "openmetrics"}, {FORM_TEXT, "nagios"}};
	static void (*const others[])(const char *name) = {
		show_file, show_wrong_file, show_argument, show_log, show_capture, show_import};
	size_t count = sizeof formats / sizeof *formats;
	which %= count + sizeof others / sizeof *others;
	if (which < count)
		check(formats[which].form, formats[which].name, name);
	else
		others[which - count](name);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char name[NAME_MAX_BYTES + 1];
	make_once();
	if (!size)
		return 0;
	size_t length = size - 1 < NAME_MAX_BYTES - sizeof MARKUP ? size - 1 : NAME_MAX_BYTES - sizeof MARKUP;
	memcpy(name, data + 1, length);
	name[length] = '\0';
	snprintf(name + strlen(name), sizeof name - strlen(name), "%s", MARKUP);
	choose(data[0], name);
	return 0;
}
