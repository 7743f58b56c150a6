#include "import/source/session_record.h"

#include "base/forward.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

struct word {
	const char *text;
	size_t length;
};

static struct word next_word(struct word *rest)
{
	size_t unread = CW_FORWARD_BEGIN;
	while (rest->length && isspace((unsigned char)*rest->text) && cw_forward(&unread, rest->length)) {
		rest->text++;
		rest->length--;
	}
	struct word word = {rest->text, 0};
	while (word.length < rest->length && !isspace((unsigned char)word.text[word.length]))
		word.length++;
	rest->text += word.length;
	rest->length -= word.length;
	return word;
}

static bool is(const struct word *word, const char *text)
{
	return word->length == strlen(text) && strncasecmp(word->text, text, word->length) == 0;
}

static bool is_number(const struct word *word)
{
	for (size_t i = 0; i < word->length; i++)
		if (!isdigit((unsigned char)word->text[i]))
			return false;
	return word->length > 0;
}

/* "8E 9D 10 ... (SHA1 Hash HEX)": up to what is no hex digit. True: the hash is whole. */
static bool add_digits(struct cw_session_record *record, struct word rest)
{
	for (struct word word = next_word(&rest); word.length; word = next_word(&rest))
		for (size_t i = 0; i < word.length; i++) {
			if (!isxdigit((unsigned char)word.text[i]) ||
				record->digits == CW_SESSION_RECORD_SHA1) {
				record->hash_open = false;
				return record->digits == CW_SESSION_RECORD_SHA1;
			}
			record->sha1[record->digits++] = (char)tolower((unsigned char)word.text[i]);
		}
	return record->digits == CW_SESSION_RECORD_SHA1;
}

static void take_host(struct cw_session_record *record, struct word rest)
{
	struct word name = next_word(&rest);
	size_t length = name.length < sizeof record->host ? name.length : sizeof record->host - 1;
	memcpy(record->host, name.text, length);
	record->host[length] = '\0';
}

bool cw_session_record_take(struct cw_session_record *record, const char *line, size_t length)
{
	struct word rest = {line, length};
	if (memmem(line, length, " Record #:", 10)) {
		*record = (struct cw_session_record){.open = true};
		return false;
	}
	if (!record->open)
		return false;
	bool whole = false;
	if (record->hash_open) {
		whole = add_digits(record, rest);
	} else {
		struct word place = next_word(&rest), tag = next_word(&rest), size = next_word(&rest);
		if (!is_number(&place) || !is_number(&size))
			return false;
		if (is(&tag, "DNSNAME"))
			take_host(record, rest);
		else if (is(&tag, "FUNCTION"))
			record->callmanager = memmem(rest.text, rest.length, "CCM", 3) != NULL;
		else if (is(&tag, "CERTIFICATE")) {
			record->hash_open = true;
			whole = add_digits(record, rest);
		}
	}
	if (!whole)
		return false;
	record->open = record->hash_open = false;
	return record->callmanager && *record->host;
}
