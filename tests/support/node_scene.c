#include "support/node_scene.h"

#include "base/file.h"
#include "http/http_base64.h"
#include "issue/issue.h"
#include "node/node_init.h"
#include "pki/bundle/pem_write.h"
#include "support/certs.h"
#include "support/cmocka.h"
#include "support/folder.h"

#include <string.h>

#define DATES " from=-3000 until=20000"
#define FILE_MAX_BYTES (4 * 1024 * 1024)

int test_node_setup(void **state)
{
	(void)state;
	test_folder_make();
	test_make_certs(
		"root ca cn=Acme-Root" DATES "; issuing ca by=root cn=Acme-Issuing" DATES
		"; c1 by=issuing eku=server,client san=DNS:c1.acme.test cn=c1.acme.test" DATES
		"; e1 by=issuing eku=server,client san=DNS:e1.acme.test,DNS:acme.test cn=e1.acme.test" DATES
		"; pub by=issuing eku=server,client san=DNS:pub.acme.test cn=pub.acme.test" DATES
		"; pub2 by=issuing eku=server,client san=DNS:pub.acme.test cn=pub.acme.test" DATES
		"; other-root ca cn=Other-Root" DATES "; other ca by=other-root cn=Other-Issuing" DATES
		"; stranger by=other eku=server,client san=DNS:c1.acme.test cn=c1.acme.test key=c1" DATES
		"; server-only by=issuing eku=server san=DNS:c1.acme.test cn=c1.acme.test key=c1" DATES
		"; wildcard by=issuing eku=server,client san=DNS:*.acme.test cn=*.acme.test key=c1" DATES
		"; twin ca cn=Acme-Issuing" DATES "; newer by=issuing eku=server,client san=DNS:c1.acme.test "
		"cn=c1.acme.test" DATES
		"; again by=issuing eku=server,client san=DNS:c1.acme.test cn=c1.acme.test key=c1 serial=77" DATES);
	return 0;
}

int test_node_teardown(void **state)
{
	test_certs_teardown(state);
	test_folder_remove();
	return 0;
}

static void put_certs(struct cw_buffer *ret, const char *names)
{
	struct cw_cert *certs[16];
	struct cw_error error;
	size_t count = test_certs(names, certs, 16);
	for (size_t i = 0; i < count; i++)
		assert_true(cw_pem_write_cert(ret, certs[i], &error));
}

static void put_key(struct cw_buffer *ret, const char *name)
{
	struct cw_error error = {0};
	AUTO_BUFFER pem = {0};
	const char *path = test_folder_path("key.pem");
	if (!cw_pem_write_key(path, test_key(name), NULL, &error) ||
		!cw_file_read(path, FILE_MAX_BYTES, &pem, &error))
		fail_msg("%s", error.message);
	cw_buffer_append(ret, pem.data, pem.length);
}

static void read_snapshot(struct test_node *node)
{
	AUTO_STRINGS problems = {0};
	struct cw_snapshot *snapshot = NULL;
	if (!cw_snapshot_read(node->path, 1, cw_time_now(), &snapshot, &problems))
		fail_msg("%s", problems.count ? problems.items[0] : "out of memory");
	cw_snapshot_free(node->core.snapshot);
	node->core.snapshot = snapshot;
}

void test_node_restart(struct test_node *node)
{
	AUTO_STRINGS told = {0};
	struct cw_error error = {0};
	cw_node_work_end(&node->core);
	if (!cw_node_work_recover(node->path, &told, &error) || !cw_node_work_begin(&node->core, &error))
		fail_msg("%s", error.message);
	read_snapshot(node);
}

void test_node_keep(const struct test_node *node)
{
	char command[1400];
	snprintf(command, sizeof command, "rm -rf '%s.kept' && cp -a '%s' '%s.kept'", node->path, node->path,
		node->path);
	assert_int_equal(system(command), 0);
}

/* The lock of the folder is the running test's: it stays open. */
void test_node_restore(struct test_node *node)
{
	char command[1400];
	snprintf(command, sizeof command,
		"find '%s' -mindepth 1 -maxdepth 1 ! -name lock ! -name run -exec rm -rf {} + && cp -a '%s.kept/.' '%s/'",
		node->path, node->path, node->path);
	assert_int_equal(system(command), 0);
	test_node_restart(node);
}

static void say(void *context, const char *line)
{
	(void)context;
	(void)line;
}

static void make_expressway(const char *leaf, struct cw_node_init *init)
{
	AUTO_BUFFER server = {0}, key = {0}, list = {0};
	struct cw_strings peers = {0};
	struct cw_error error = {0};
	put_certs(&server, leaf);
	put_key(&key, leaf);
	put_certs(&list, "root issuing other-root");
	assert_true(cw_strings_add(&peers, "e1.acme.test"));
	init->server = cw_buffer_string(&server);
	init->server_key = cw_buffer_string(&key);
	init->trusted_ca = cw_buffer_string(&list);
	init->username = "traversal";
	init->password = "sesame";
	init->peers = &peers;
	if (!cw_node_init(init, &error))
		fail_msg("%s", error.message);
	cw_strings_finish(&peers);
}

static void make_cucm(struct cw_node_init *init)
{
	AUTO_BUFFER tomcat = {0}, callmanager = {0}, list = {0};
	struct cw_error error = {0};
	put_key(&tomcat, "pub");
	put_certs(&tomcat, "pub");
	put_key(&callmanager, "pub2");
	put_certs(&callmanager, "pub2");
	put_certs(&list, "root issuing");
	init->tomcat = cw_buffer_string(&tomcat);
	init->callmanager = cw_buffer_string(&callmanager);
	init->tomcat_trust = init->callmanager_trust = cw_buffer_string(&list);
	if (!cw_node_init(init, &error))
		fail_msg("%s", error.message);
}

void test_node_make(struct test_node *node, const char *name, enum cw_node_kind kind)
{
	struct cw_error error = {0};
	*node = (struct test_node){.who = {.user = "admin", .role = CW_ROLE_READ_WRITE, .connection = 1}};
	node->path = strdup(test_folder_path(name));
	struct cw_node_init init = {.folder = node->path, .role = kind, .listen = "127.0.0.1"};
	switch (kind) {
	case CW_NODE_EXPRESSWAY_C:
		init.fqdn = "c1.acme.test";
		make_expressway("c1", &init);
		break;
	case CW_NODE_EXPRESSWAY_E:
		init.fqdn = "e1.acme.test";
		init.tls_verify_name = "c1.acme.test";
		make_expressway("e1", &init);
		break;
	default:
		init.fqdn = "pub.acme.test";
		make_cucm(&init);
	}
	node->core.folder = CW_NODE_FOLDER_NONE;
	node->core.say = say;
	if (!cw_node_folder_open(node->path, true, &node->core.folder, &error) ||
		!cw_node_work_begin(&node->core, &error))
		fail_msg("%s", error.message);
	node->core.cache = cw_cache_new();
	read_snapshot(node);
}

void test_node_finish(struct test_node *node)
{
	cw_node_work_end(&node->core);
	cw_snapshot_free(node->core.snapshot);
	cw_cache_free(node->core.cache);
	cw_node_folder_finish(&node->core.folder);
	free(node->path);
}

/* --- asking --- */

static json_t *read_with(const char *with)
{
	json_error_t error = {0};
	AUTO(free) char *text = strdup(with ? with : "{}");
	for (char *c = text; *c; c++)
		if (*c == '\'')
			*c = '"';
	json_t *value = json_loads(text, JSON_DECODE_ANY, &error);
	if (!value)
		fail_msg("%s: %s", with, error.text);
	return value;
}

static json_t *ask(struct test_node *node, const char *operation, json_t *with)
{
	json_t *frame = NULL;
	struct cw_error error = {0};
	if (!cw_node_work(&node->core, &node->who, operation, with, &frame, &error))
		fail_msg("%s: %s", operation, error.message);
	json_decref(with);
	return frame;
}

json_t *test_node_ask(struct test_node *node, const char *operation, const char *with)
{
	return ask(node, operation, read_with(with));
}

json_t *test_node_upload(
	struct test_node *node, const char *operation, const char *with, const void *file, size_t length)
{
	json_t *question = read_with(with);
	AUTO_BUFFER text = {0};
	cw_http_base64_encode(
		&text, (struct cw_http_text){.at = file, .length = length}, CW_HTTP_BASE64_PADDED);
	assert_int_equal(json_object_set_new(question, "file", json_string(cw_buffer_string(&text))), 0);
	return ask(node, operation, question);
}

json_t *test_node_upload_certs(
	struct test_node *node, const char *operation, const char *with, const char *names)
{
	AUTO_BUFFER pem = {0};
	put_certs(&pem, names);
	return test_node_upload(node, operation, with, pem.data, pem.length);
}

void test_node_answer_request(const struct test_node *node, const char *name, struct cw_buffer *ret)
{
	AUTO_BUFFER path = {0}, der = {0};
	AUTO(EVP_PKEY_free) EVP_PKEY *key = NULL;
	AUTO(cw_cert_free) struct cw_cert *cert = NULL;
	struct cw_error error = {0};
	const struct cw_issue_spec spec = {.subject = "CN=c1.acme.test",
		.sans = "DNS:c1.acme.test",
		.eku = "server, client",
		.constraints = CW_ISSUE_END_ENTITY,
		.not_before = 0,
		.not_after = cw_time_from_utc(2060, 1, 1, 0, 0, 0)};
	cw_buffer_printf(&path, "%s/certs/%s", node->path, name);
	if (!cw_key_read(cw_buffer_string(&path), NULL, &key, &error) ||
		!cw_issue(&spec, key, test_cert("issuing"), test_key("issuing"), &cert, &error) ||
		!cw_pem_write_cert(ret, cert, &error))
		fail_msg("%s", error.message);
}

/* --- frames --- */

const json_t *test_node_at(const json_t *frame, const char *path)
{
	AUTO(free) char *copy = strdup(path);
	char *rest = copy;
	for (const char *part; frame && (part = strsep(&rest, "/"));)
		frame = json_is_array(frame) ? json_array_get(frame, strtoul(part, NULL, 10))
					     : json_object_get(frame, part);
	return frame;
}

const char *test_node_text(const json_t *frame, const char *path)
{
	const char *text = json_string_value(test_node_at(frame, path));
	return text ? text : "";
}

long long test_node_number(const json_t *frame, const char *path)
{
	const json_t *value = test_node_at(frame, path);
	if (json_is_array(value))
		return (long long)json_array_size(value);
	return json_is_integer(value) ? json_integer_value(value) : -1;
}

void test_node_want(const json_t *frame, int status)
{
	if (test_node_number(frame, "status") == status)
		return;
	AUTO(free) char *text = json_dumps(frame, JSON_INDENT(2));
	fail_msg("wanted status %d, found %.3000s", status, text);
}

char *test_node_read(const struct test_node *node, const char *name)
{
	AUTO(free) char *path = cw_file_path(node->path, name);
	AUTO_BUFFER text = {0};
	struct cw_error error;
	if (!cw_file_read(path, FILE_MAX_BYTES, &text, &error))
		return NULL;
	cw_buffer_text(&text, "");
	return cw_buffer_steal(&text);
}

void test_node_write(const struct test_node *node, const char *name, const char *text)
{
	AUTO(free) char *path = cw_file_path(node->path, name);
	struct cw_error error = {0};
	if (!cw_file_write(path, text, strlen(text), 0600, &error))
		fail_msg("%s", error.message);
}
