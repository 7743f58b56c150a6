#include "pki/name.h"

#include "base/buffer.h"
#include "base/escape.h"
#include "support/cmocka.h"

#include <openssl/objects.h>

CW_DEFINE_AUTO(X509_NAME *, X509_NAME_free)

struct part {
	const char *type;
	int string; /* MBSTRING_… or V_ASN1_… */
	const char *value;
	int length; /* -1: up to the NUL */
	int set;    /* 0: a new one; -1: beside the one before */
};

/* As d2i would give it: read back from its own encoding. */
static X509_NAME *make(const struct part *parts, size_t count)
{
	AUTO(X509_NAME_free) X509_NAME *name = X509_NAME_new();
	for (size_t i = 0; i < count; i++) {
		ASN1_OBJECT *type = OBJ_txt2obj(parts[i].type, 0);
		assert_true(X509_NAME_add_entry_by_OBJ(name, type, parts[i].string,
			(const unsigned char *)parts[i].value, parts[i].length, -1, parts[i].set));
		ASN1_OBJECT_free(type);
	}
	unsigned char *der = NULL;
	int length = i2d_X509_NAME(name, &der);
	const unsigned char *at = der;
	X509_NAME *read = d2i_X509_NAME(NULL, &at, length);
	OPENSSL_free(der);
	assert_non_null(read);
	return read;
}

static void names_are_printed_for_people(void **state)
{
	(void)state;
	static const struct {
		struct part parts[3];
		size_t count;
		const char *want;
	} rows[] = {
		{.count = 0, .want = ""},
		{{{"C", MBSTRING_ASC, "US", -1, 0}, {"O", MBSTRING_ASC, "Acme", -1, 0},
			 {"CN", MBSTRING_ASC, "Root", -1, 0}},
			3, "C=US, O=Acme, CN=Root"},
		{{{"O", MBSTRING_ASC, "Acme, Inc.", -1, 0}}, 1, "O=Acme\\, Inc."},
		{{{"CN", MBSTRING_ASC, "a", -1, 0}, {"OU", MBSTRING_ASC, "b", -1, -1}}, 2, "CN=a + OU=b"},
		{{{"CN", MBSTRING_UTF8, "M\xc3\xbcller", -1, 0}}, 1, "CN=M\xc3\xbcller"},
		{{{"CN", V_ASN1_UTF8STRING, "a\nb\x1b[31m", -1, 0}}, 1, "CN=a\\x0ab\\x1b[31m"},
		{{{"CN", V_ASN1_UTF8STRING, "a\0b", 3, 0}}, 1, "CN=a\\x00b"},
		{{{"CN", V_ASN1_UTF8STRING, "\xe2\x80\xaegro.emca", -1, 0}}, 1, "CN=<U+202E>gro.emca"},
		{{{"CN", V_ASN1_T61STRING, "M\xfcller", -1, 0}}, 1, "CN=M\xc3\xbcller"},
		{{{"CN", V_ASN1_BIT_STRING, "\x01\x02", -1, 0}}, 1, "CN=#0102"},
		{{{"CN", MBSTRING_ASC, "#1", -1, 0}}, 1, "CN=\\#1"},
		{{{"1.3.6.1.4.1.6449.1.2.1.5.1", MBSTRING_ASC, "x", -1, 0}}, 1,
			"1.3.6.1.4.1.6449.1.2.1.5.1=x"},
		{{{"CN", V_ASN1_UTF8STRING, "", 0, 0}}, 1, "CN="},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		AUTO(X509_NAME_free) X509_NAME *name = make(rows[i].parts, rows[i].count);
		AUTO(free) char *text = cw_name_text(name);
		assert_string_equal(text, rows[i].want);
	}
}

static void case_and_white_space_do_not_tell_names_apart(void **state)
{
	(void)state;
	static const struct {
		struct part a, b;
		bool want;
	} rows[] = {
		{{"CN", MBSTRING_ASC, "Acme Root", -1, 0}, {"CN", MBSTRING_ASC, "ACME  root ", -1, 0}, true},
		{{"CN", V_ASN1_PRINTABLESTRING, "Acme", -1, 0}, {"CN", V_ASN1_UTF8STRING, "Acme", -1, 0},
			true},
		{{"CN", MBSTRING_ASC, "Acme Root", -1, 0}, {"CN", MBSTRING_ASC, "AcmeRoot", -1, 0}, false},
		{{"CN", MBSTRING_ASC, "Acme", -1, 0}, {"O", MBSTRING_ASC, "Acme", -1, 0}, false},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		AUTO(X509_NAME_free) X509_NAME *a = make(&rows[i].a, 1);
		AUTO(X509_NAME_free) X509_NAME *b = make(&rows[i].b, 1);
		struct cw_name left, right;
		assert_true(cw_name_init(&left, a) && cw_name_init(&right, b));
		assert_int_equal(cw_name_equal(&left, &right), rows[i].want);
	}
}

static void the_last_common_name_counts(void **state)
{
	(void)state;
	static const struct part parts[] = {{"CN", MBSTRING_ASC, "first", -1, 0},
		{"O", MBSTRING_ASC, "Acme", -1, 0},
		{"CN", V_ASN1_UTF8STRING, "e1.acme.test\0.evil.test", 23, 0}};
	AUTO(X509_NAME_free) X509_NAME *name = make(parts, 3);
	AUTO(X509_NAME_free) X509_NAME *none = make(parts + 1, 1);
	AUTO(free) char *text = NULL;
	char *nothing = (char *)"";
	assert_true(cw_name_common_name(name, &text) && cw_name_common_name(none, &nothing));
	assert_string_equal(text, "e1.acme.test\\x00.evil.test");
	assert_null(nothing);
}

static void attribute_types_without_a_name_are_listed_once(void **state)
{
	(void)state;
	static const struct part parts[] = {{"CN", MBSTRING_ASC, "x", -1, 0},
		{"1.3.6.1.4.1.6449.1.2.1.5.1", MBSTRING_ASC, "x", -1, 0},
		{"1.3.6.1.4.1.6449.1.2.1.5.1", MBSTRING_ASC, "y", -1, 0},
		{"1.2.3.4", MBSTRING_ASC, "z", -1, 0}};
	AUTO(X509_NAME_free) X509_NAME *name = make(parts, 4);
	AUTO_STRINGS oids = {0};
	assert_true(cw_name_unknown_oids(name, &oids));
	assert_int_equal(oids.count, 2);
	assert_string_equal(oids.items[0], "1.3.6.1.4.1.6449.1.2.1.5.1");
	assert_string_equal(oids.items[1], "1.2.3.4");
}

static void what_could_fool_the_reader_is_escaped(void **state)
{
	(void)state;
	static const struct {
		const char *text, *want;
	} rows[] = {
		{"e1.acme.test", "e1.acme.test"},
		{"a\tb", "a\\x09b"},
		{"\x7f", "\\x7f"},
		{"\xc2\x9b"
		 "31m",
			"\\xc2\\x9b"
			"31m"},				      /* CSI, as one C1 character */
		{"\xc0\x80", "\\xc0\\x80"},		      /* overlong NUL */
		{"\xed\xa0\x80", "\\xed\\xa0\\x80"},	      /* surrogate */
		{"\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80"}, /* above U+10FFFF */
		{"\xc3(", "\\xc3("},			      /* what goes on is missing */
		{"\xe2\x82", "\\xe2\\x82"},		      /* cut off */
		{"\xe2\x80\xa8", "<U+2028>"},		      /* line separator */
		{"a\xe2\x80\x8b.test", "a<U+200B>.test"},     /* zero width space */
		{"\xd8\x9c", "<U+061C>"},		      /* Arabic letter mark */
		{"\xf3\xa0\x81\x81", "<U+E0041>"},	      /* tag letter */
		{"\xf0\x9f\x94\x92", "\xf0\x9f\x94\x92"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		AUTO(free) char *text = cw_escape_copy(rows[i].text, strlen(rows[i].text));
		assert_string_equal(text, rows[i].want);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_printed_for_people),
		cmocka_unit_test(case_and_white_space_do_not_tell_names_apart),
		cmocka_unit_test(the_last_common_name_counts),
		cmocka_unit_test(attribute_types_without_a_name_are_listed_once),
		cmocka_unit_test(what_could_fool_the_reader_is_escaped),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
