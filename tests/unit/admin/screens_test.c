/* Every page, made of sound answers and of hostile ones: well-formed, nothing of an answer is markup, every field has a
 * label, every form begins with its token. */
#include "admin/cases.h"

#include "admin/page/effect_screen.h"
#include "base/strings.h"
#include "support/cmocka.h"

#include <expat.h>
#include <string.h>

#define ANSWERS "tests/admin/answers.json"

static json_t *answers;

static int load(void **state)
{
	json_error_t error;
	(void)state;
	answers = json_load_file(ANSWERS, 0, &error);
	if (!answers)
		fail_msg("%s:%d: %s", ANSWERS, error.line, error.text);
	return 0;
}

static int unload(void **state)
{
	(void)state;
	json_decref(answers);
	return 0;
}

/* What a page turned out to be. */
struct seen {
	const char *name;
	struct cw_strings ids, labelled, fields, references;
	size_t scripts, headings, forms;
	bool form_begins; /* the next input is a form's first */
	struct cw_buffer text;
};

static const char *value_of(const char **attributes, const char *name)
{
	for (; *attributes; attributes += 2)
		if (strcmp(attributes[0], name) == 0)
			return attributes[1];
	return NULL;
}

/* The elements that pages are made of. */
static bool is_known(const char *element)
{
	static const char known[] =
		" html head meta title link script body svg defs g circle path rect marker use a header p b form input "
		"button nav ul li main ol span h1 h2 h3 div wbr time section footer fieldset label select option textarea table "
		"caption thead tr th tbody td dl dt dd details summary pre code blockquote ";
	AUTO_BUFFER word = {0};
	cw_buffer_printf(&word, " %s ", element);
	return strstr(known, cw_buffer_string(&word));
}

static void look_at_attributes(const struct seen *seen, const char *element, const char **attributes)
{
	for (; *attributes; attributes += 2) {
		const char *name = attributes[0], *value = attributes[1];
		if (strncmp(name, "on", 2) == 0 || strcmp(name, "style") == 0)
			fail_msg("%s: <%s> has an attribute %s", seen->name, element, name);
		if ((strcmp(name, "href") == 0 || strcmp(name, "src") == 0 || strstr(name, "action")) &&
			*value != '/' && *value != '#' && strncmp(value, "https://", 8) != 0)
			fail_msg("%s: <%s %s=\"%s\">", seen->name, element, name, value);
		if (strcmp(name, "href") == 0 && value[0] == '/' && value[1] == '/')
			fail_msg("%s: <%s href=\"%s\"> leads elsewhere", seen->name, element, value);
	}
}

static void look_at_field(struct seen *seen, const char *element, const char **attributes)
{
	const char *type = value_of(attributes, "type"), *id = value_of(attributes, "id");
	if (strcmp(element, "input") != 0 && strcmp(element, "select") != 0 &&
		strcmp(element, "textarea") != 0)
		return;
	if (seen->form_begins)
		assert_string_equal(value_of(attributes, "name"), "csrf");
	seen->form_begins = false;
	if ((type && strcmp(type, "hidden") == 0) || value_of(attributes, "aria-label"))
		return;
	if (!id)
		fail_msg("%s: <%s> without a label", seen->name, element);
	assert_true(cw_strings_add(&seen->fields, id));
}

static void on_begin(void *context, const char *element, const char **attributes)
{
	struct seen *seen = context;
	const char *id = value_of(attributes, "id");
	if (!is_known(element))
		fail_msg("%s: <%s> is no element of a page", seen->name, element);
	look_at_attributes(seen, element, attributes);
	look_at_field(seen, element, attributes);
	seen->scripts += strcmp(element, "script") == 0;
	seen->headings += strcmp(element, "h1") == 0;
	if (strcmp(element, "form") == 0 && strcmp(value_of(attributes, "method"), "post") == 0) {
		seen->form_begins = true;
		seen->forms++;
	}
	if (strcmp(element, "label") == 0)
		assert_true(cw_strings_add(&seen->labelled, value_of(attributes, "for")));
	if (value_of(attributes, "aria-describedby"))
		assert_true(cw_strings_add(&seen->references, value_of(attributes, "aria-describedby")));
	if (id && cw_strings_contain(&seen->ids, id))
		fail_msg("%s: id %s twice", seen->name, id);
	if (id)
		assert_true(cw_strings_add(&seen->ids, id));
}

static void on_text(void *context, const char *text, int length)
{
	struct seen *seen = context;
	cw_buffer_append(&seen->text, text, (size_t)length);
}

static void look_at_references(const struct seen *seen)
{
	for (size_t i = 0; i < seen->fields.count; i++)
		if (!cw_strings_contain(&seen->labelled, seen->fields.items[i]))
			fail_msg("%s: field %s has no label", seen->name, seen->fields.items[i]);
	for (size_t i = 0; i < seen->labelled.count; i++)
		if (!cw_strings_contain(&seen->ids, seen->labelled.items[i]))
			fail_msg("%s: a label for %s, which is not there", seen->name,
				seen->labelled.items[i]);
	for (size_t i = 0; i < seen->references.count; i++)
		if (!cw_strings_contain(&seen->ids, seen->references.items[i]))
			fail_msg("%s: no hint %s", seen->name, seen->references.items[i]);
}

/* Control characters and marks that turn the writing direction are in no page, whatever came. */
static void look_at_bytes(const char *name, const struct cw_buffer *page)
{
	for (size_t i = 0; i < page->length; i++) {
		unsigned char c = (unsigned char)page->data[i];
		if ((c < 0x20 && c != '\n') || c == 0x7f)
			fail_msg("%s: byte %02x at %zu", name, c, i);
	}
	assert_null(strstr(cw_buffer_string(page), "\xe2\x80\xae"));
	assert_null(strstr(cw_buffer_string(page), "\xe2\x80\x8b"));
}

static void look_at(const char *name, const struct cw_buffer *page, struct cw_buffer *ret_text)
{
	struct seen seen = {.name = name};
	XML_Parser parser = XML_ParserCreate("UTF-8");
	assert_non_null(parser);
	XML_SetUserData(parser, &seen);
	XML_SetStartElementHandler(parser, on_begin);
	XML_SetCharacterDataHandler(parser, on_text);
	if (XML_Parse(parser, page->data, (int)page->length, 1) != XML_STATUS_OK)
		fail_msg("%s:%lu: %s", name, XML_GetCurrentLineNumber(parser),
			XML_ErrorString(XML_GetErrorCode(parser)));
	XML_ParserFree(parser);
	look_at_bytes(name, page);
	look_at_references(&seen);
	assert_int_equal(seen.scripts, 1);
	assert_int_equal(seen.headings, 1);
	if (ret_text)
		cw_buffer_append(ret_text, seen.text.data, seen.text.length);
	cw_buffer_finish(&seen.text);
	cw_strings_finish(&seen.ids);
	cw_strings_finish(&seen.labelled);
	cw_strings_finish(&seen.fields);
	cw_strings_finish(&seen.references);
}

static void every_page_is_well_formed(void **state)
{
	const char *name;
	json_t *item;
	(void)state;
	json_object_foreach(json_object_get(answers, "cases"), name, item)
	{
		AUTO_BUFFER page = {0};
		struct cw_error error;
		if (!render_case(item, &page, &error))
			fail_msg("%s: %s", name, error.message);
		look_at(name, &page, NULL);
	}
}

/* What decides which page it is stays. */
static bool stays(const char *key)
{
	return strcmp(key, "role") == 0 || strcmp(key, "user_role") == 0 || strcmp(key, "side") == 0;
}

/* The value with every string in it replaced. */
static json_t *replaced(const char *key, const json_t *value, const char *by)
{
	const char *name;
	json_t *item;
	size_t i;
	if (json_is_string(value))
		return json_string_nocheck(stays(key) ? json_string_value(value) : by);
	if (json_is_array(value)) {
		json_t *made = json_array();
		json_array_foreach(value, i, item)
		{
			json_array_append_new(made, replaced("", item, by));
		}
		return made;
	}
	if (json_is_object(value)) {
		json_t *made = json_object();
		json_object_foreach((json_t *)value, name, item)
		{
			json_object_set_new(made, name, replaced(name, item, by));
		}
		return made;
	}
	return json_deep_copy(value);
}

static void render_replaced(const char *name, json_t *item, const char *by)
{
	AUTO_BUFFER page = {0};
	struct cw_error error;
	json_t *copy = json_copy(item);
	json_object_set_new(copy, "answer", replaced("", json_object_get(item, "answer"), by));
	if (json_object_get(item, "sent"))
		json_object_set_new(copy, "sent", replaced("", json_object_get(item, "sent"), by));
	if (json_object_get(item, "notice"))
		json_object_set_new(copy, "notice", replaced("", json_object_get(item, "notice"), by));
	if (!render_case(copy, &page, &error))
		fail_msg("%s with \"%s\": %s", name, by, error.message);
	look_at(name, &page, NULL);
	json_decref(copy);
}

static void no_string_of_an_answer_is_markup(void **state)
{
	static const char *const strings[] = {"<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>",
		"' onfocus='alert(1)", "javascript:alert(1)", "https://evil.example/\"onclick=\"x",
		"//evil.example/", "]]><!--", "&lt;script&gt;&#x3c;", "</textarea></pre></title><script>",
		"\x01\x02\x1b[31m\r\n\t\x7f", "\xe2\x80\xaeright to left\xe2\x80\x8b",
		"\xef\xbf\xbe\xef\xbf\xbf", "\xff\xfe\x80 no UTF-8", "", "%s%n%d", "a\nb\nc"};
	const char *name;
	json_t *item;
	(void)state;
	json_object_foreach(json_object_get(answers, "cases"), name, item)
	{
		for (size_t i = 0; i < sizeof strings / sizeof *strings; i++)
			render_replaced(name, item, strings[i]);
	}
}

/* The value with everything in it of another kind. */
static json_t *turned(const json_t *value, int turn)
{
	switch (((int)json_typeof(value) + turn) % 5) {
	case 0:
		return json_null();
	case 1:
		return json_integer(-1);
	case 2:
		return json_pack("[s,{}]", "x");
	case 3:
		return json_pack("{s:s,s:[]}", "name", "x", "peers");
	default:
		return json_true();
	}
}

static void render_turned(const char *name, const json_t *item, const char *key, json_t *value)
{
	AUTO_BUFFER page = {0};
	struct cw_error error;
	json_t *copy = json_deep_copy(item);
	json_object_set_new(json_object_get(copy, "answer"), key, value);
	assert_true(render_case(copy, &page, &error));
	look_at(name, &page, NULL);
	json_decref(copy);
}

static void an_answer_of_another_shape_is_a_page_all_the_same(void **state)
{
	const char *name, *key;
	json_t *item, *value;
	(void)state;
	json_object_foreach(json_object_get(answers, "cases"), name, item)
	{
		json_object_foreach(json_object_get(item, "answer"), key, value)
		{
			for (int turn = 0; turn < 5 && strcmp(key, "page") != 0; turn++)
				render_turned(name, item, key, turned(value, turn));
		}
	}
}

static void every_page_of_the_table_has_a_case(void **state)
{
	(void)state;
	for (size_t i = 0; cw_screens_at(i); i++) {
		const char *name;
		json_t *item;
		bool found = false;
		json_object_foreach(json_object_get(answers, "cases"), name, item)
		{
			found |= cw_screen_json_equals(item, "screen", cw_screens_at(i)->name);
		}
		if (!found)
			fail_msg("%s has no case in " ANSWERS, cw_screens_at(i)->name);
	}
}

static void text_of_case(const char *name, struct cw_buffer *ret)
{
	AUTO_BUFFER page = {0};
	struct cw_error error;
	const json_t *item = json_object_get(json_object_get(answers, "cases"), name);
	assert_non_null(item);
	assert_true(render_case(item, &page, &error));
	look_at(name, &page, ret);
}

static void pages_have_the_words_of_the_boxes(void **state)
{
	static const struct {
		const char *name, *want;
	} rows[] = {
		{"client-test-untrusted",
			"Valid certificate:Invalid: The client certificate is not signed by a CA in the trusted CA list."},
		{"client-test-crl",
			"Invalid: unable to get certificate CRL, please ensure that you have uploaded a CRL"},
		{"client-test-crl", "Only a CRL is missing"},
		{"effect-upload-refused",
			"Invalid certificate: The file provided is not a valid X.509 PEM certificate file."},
		{"uc", "View provisioning sessions"},
		{"uc-e", "Sign-ins refused4"},
		{"sessions", "2 sessions."},
		{"tunnels-none", "No SSH tunnels have been established"},
		{"cucm-uploaded", "Success: Certificate Uploaded..."},
		{"server-certificate", "Currently loaded certificate expires on"},
		{"server-certificate", "You are here:MaintenanceSecurityServer certificate"},
		{"server-certificate", "Signed in as admin (read-write)"},
		{"server-certificate", "2 alarms"},
		{"server-certificate", "Upload server certificate data"},
		{"server-certificate-x15.5", "Upload server certificate file as client certificate"},
		{"traversal-test-bad", "e1.acme.test cannot be reached"},
		{"trusted-ca", "Never found: number 5 has the same subject and stands higher."},
		{"effect-trust-append",
			"This upload would refuse: tunnel c1.acme.test \xe2\x86\x94 e1.acme.test"},
		{"cucm-certificate", "Usage oids: 1.3.6.1.5.5.7.3.2, 1.3.6.1.5.5.7.3.1,"},
		{"zone-read-only", "Your account is read-only"},
		{"event-log", "The root of the peer's chain is not in our list."},
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		AUTO_BUFFER text = {0};
		text_of_case(rows[i].name, &text);
		if (!strstr(cw_buffer_string(&text), rows[i].want))
			fail_msg("%s: wanted \"%s\" in:\n%s", rows[i].name, rows[i].want,
				cw_buffer_string(&text));
	}
}

static void render_name(const char *name, struct cw_buffer *ret)
{
	struct cw_error error;
	assert_true(render_case(json_object_get(json_object_get(answers, "cases"), name), ret, &error));
}

static void a_refused_upload_has_no_button_that_does_it(void **state)
{
	AUTO_BUFFER refused = {0};
	AUTO_BUFFER taken = {0};
	(void)state;
	render_name("effect-upload-refused", &refused);
	render_name("effect-upload", &taken);
	assert_null(strstr(cw_buffer_string(&refused), "/do/identity/upload"));
	assert_non_null(strstr(cw_buffer_string(&taken), "/do/identity/upload"));
}

static void no_secret_is_sent_back(void **state)
{
	AUTO_BUFFER page = {0};
	struct cw_error error;
	const json_t *item = json_object_get(json_object_get(answers, "cases"), "effect-upload");
	json_t *copy = json_deep_copy(item), *sent = json_object_get(copy, "sent");
	(void)state;
	json_object_set_new(sent, "key_file", json_string("U0VDUkVU"));
	json_object_set_new(sent, "key_password", json_string("U0VDUkVU"));
	json_object_set_new(sent, "password", json_string("U0VDUkVU"));
	assert_true(render_case(copy, &page, &error));
	assert_null(strstr(cw_buffer_string(&page), "U0VDUkVU"));
	assert_non_null(strstr(cw_buffer_string(&page), "name=\"key_file\""));
	json_decref(copy);
}

static void what_a_read_only_account_sees_cannot_be_sent(void **state)
{
	AUTO_BUFFER page = {0};
	(void)state;
	render_name("zone-read-only", &page);
	assert_non_null(strstr(cw_buffer_string(&page), "<fieldset class=\"fields\" disabled=\"disabled\">"));
}

static void words_that_nobody_read_are_marked(void **state)
{
	static const enum cw_vendor_word unread[] = {CW_WORD_SELECT_SERVER_KEY, CW_WORD_CA_TYPE,
		CW_WORD_CA_ISSUER, CW_WORD_CA_SUBJECT, CW_WORD_CA_EXPIRATION, CW_WORD_CA_VIEW,
		CW_WORD_COLUMN_CERTIFICATE, CW_WORD_COLUMN_TYPE, CW_WORD_HASH_ALGORITHM};
	(void)state;
	for (size_t i = 0; i < sizeof unread / sizeof *unread; i++)
		assert_null(cw_vendor_word_source(unread[i]));
	assert_string_equal(cw_vendor_word_source(CW_WORD_CHECK_CERTIFICATE), "D1");
}

static void pages_are_found_by_name_and_role(void **state)
{
	(void)state;
	assert_string_equal(cw_screens_find("", CW_SCREEN_ROLE_C)->name, "overview");
	assert_string_equal(cw_screens_find("", CW_SCREEN_ROLE_LAB)->name, "lab");
	assert_null(cw_screens_find("traversaltest", CW_SCREEN_ROLE_E));
	assert_null(cw_screens_find("servercertificate", CW_SCREEN_ROLE_CUCM));
	assert_null(cw_screens_find("../secrets", CW_SCREEN_ROLE_ANY));
	assert_null(cw_effect_screen_find("trust"));
	assert_string_equal(cw_effect_screen_find("identity/try")->does, "identity/upload");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_page_is_well_formed),
		cmocka_unit_test(no_string_of_an_answer_is_markup),
		cmocka_unit_test(an_answer_of_another_shape_is_a_page_all_the_same),
		cmocka_unit_test(every_page_of_the_table_has_a_case),
		cmocka_unit_test(pages_have_the_words_of_the_boxes),
		cmocka_unit_test(a_refused_upload_has_no_button_that_does_it),
		cmocka_unit_test(no_secret_is_sent_back),
		cmocka_unit_test(what_a_read_only_account_sees_cannot_be_sent),
		cmocka_unit_test(words_that_nobody_read_are_marked),
		cmocka_unit_test(pages_are_found_by_name_and_role),
	};
	return cmocka_run_group_tests(tests, load, unload);
}
