#include "workbench/pattern.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <ctype.h>
#include <pcre2.h>
#include <string.h>

CW_DEFINE_AUTO(pcre2_code *, pcre2_code_free)
CW_DEFINE_AUTO(pcre2_match_data *, pcre2_match_data_free)
CW_DEFINE_AUTO(pcre2_match_context *, pcre2_match_context_free)

#define MESSAGE_SIZE 256

void cw_pattern_result_finish(struct cw_pattern_result *result)
{
	cw_strings_finish(&result->names);
	cw_strings_finish(&result->values);
	free(result->username);
	*result = (struct cw_pattern_result){0};
}

/* The flags of PHP that the page's pattern may have. */
static const struct {
	char letter;
	uint32_t option;
} flags[] = {
	{'i', PCRE2_CASELESS},
	{'m', PCRE2_MULTILINE},
	{'s', PCRE2_DOTALL},
	{'x', PCRE2_EXTENDED},
	{'u', PCRE2_UTF | PCRE2_UCP},
	{'A', PCRE2_ANCHORED},
	{'D', PCRE2_DOLLAR_ENDONLY},
	{'U', PCRE2_UNGREEDY},
};

static bool read_flags(const char *text, uint32_t *ret, struct cw_error *error)
{
	*ret = PCRE2_NEVER_BACKSLASH_C;
	for (; *text; text++) {
		uint32_t option = 0;
		for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
			if (flags[i].letter == *text)
				option = flags[i].option;
		if (!option)
			return cw_error_set(error, CW_E_USAGE,
				"pattern: unknown flag \"%c\" behind it; there are i, m, s, x, u, A, D and U",
				*text);
		*ret |= option;
	}
	return true;
}

/* "/PATTERN/m": the first character ends it too, and flags stand behind. */
static bool split(const char *typed, size_t *length, uint32_t *options, struct cw_error *error)
{
	const char *end = *typed ? strrchr(typed + 1, *typed) : NULL;
	if (strlen(typed) > CW_PATTERN_LENGTH_MAX)
		return cw_error_set(
			error, CW_E_LIMIT, "pattern: longer than %d characters", CW_PATTERN_LENGTH_MAX);
	if (!*typed || isalnum((unsigned char)*typed) || *typed == '\\' || isspace((unsigned char)*typed) ||
		!end)
		return cw_error_set(error, CW_E_USAGE,
			"pattern: wanted a delimiter in front and behind, as in %s; found \"%.80s\"",
			CW_PATTERN_DEFAULT, typed);
	*length = (size_t)(end - typed) - 1;
	return read_flags(end + 1, options, error);
}

static bool compile(const char *typed, pcre2_code **ret, struct cw_error *error)
{
	size_t length;
	uint32_t options;
	int code;
	PCRE2_SIZE place;
	if (!split(typed, &length, &options, error))
		return false;
	*ret = pcre2_compile((PCRE2_SPTR)typed + 1, length, options, &code, &place, NULL);
	if (*ret)
		return true;
	PCRE2_UCHAR message[MESSAGE_SIZE];
	pcre2_get_error_message(code, message, sizeof message);
	return cw_error_set(error, CW_E_USAGE, "pattern: does not compile: %s, at character %zu: \"%.40s\"",
		(const char *)message, (size_t)place + 1, typed + 1 + (place < length ? place : length));
}

static bool run(pcre2_code *code, const char *text, size_t length, pcre2_match_data *data, bool *matched,
	struct cw_error *error)
{
	AUTO(pcre2_match_context_free) pcre2_match_context *context = pcre2_match_context_create(NULL);
	if (!context)
		return cw_error_memory(error);
	pcre2_set_match_limit(context, CW_PATTERN_STEPS_MAX);
	pcre2_set_depth_limit(context, CW_PATTERN_DEPTH_MAX);
	pcre2_set_heap_limit(context, CW_PATTERN_HEAP_KIB);
	int result = pcre2_match(code, (PCRE2_SPTR)text, length, 0, 0, data, context);
	*matched = result > 0;
	if (result > 0 || result == PCRE2_ERROR_NOMATCH)
		return true;
	if (result == PCRE2_ERROR_NOMEMORY)
		return cw_error_memory(error);
	if (result == PCRE2_ERROR_MATCHLIMIT || result == PCRE2_ERROR_DEPTHLIMIT ||
		result == PCRE2_ERROR_HEAPLIMIT)
		return cw_error_set(error, CW_E_LIMIT,
			"pattern: gave up after %d steps: it backtracks without end on this certificate. "
			"Repetitions inside of repetitions, as in (a*)*, do that",
			CW_PATTERN_STEPS_MAX);
	PCRE2_UCHAR message[MESSAGE_SIZE];
	pcre2_get_error_message(result, message, sizeof message);
	return cw_error_set(error, CW_E_USAGE, "pattern: %s", (const char *)message);
}

/* PCRE2's table of names: two bytes of number, then the name, each row as long as the longest. */
static bool read_groups(pcre2_code *code, const char *text, pcre2_match_data *data, bool matched,
	struct cw_pattern_result *ret, struct cw_error *error)
{
	uint32_t count = 0, size = 0;
	PCRE2_SPTR table = NULL;
	pcre2_pattern_info(code, PCRE2_INFO_NAMECOUNT, &count);
	pcre2_pattern_info(code, PCRE2_INFO_NAMEENTRYSIZE, &size);
	pcre2_pattern_info(code, PCRE2_INFO_NAMETABLE, &table);
	const PCRE2_SIZE *places = pcre2_get_ovector_pointer(data);
	for (uint32_t i = 0; i < count; i++, table += size) {
		uint32_t group = (uint32_t)table[0] << 8 | table[1];
		bool took_part = matched && group < pcre2_get_ovector_count(data) &&
			places[(size_t)2 * group] != PCRE2_UNSET &&
			places[(size_t)2 * group] <= places[(size_t)2 * group + 1];
		const char *start = took_part ? text + places[(size_t)2 * group] : "";
		size_t length = took_part ? places[(size_t)2 * group + 1] - places[(size_t)2 * group] : 0;
		if (!cw_strings_add(&ret->names, (const char *)table + 2) ||
			!cw_strings_add_range(&ret->values, start, length))
			return cw_error_memory(error);
	}
	return true;
}

static bool unknown_group(
	const char *name, size_t length, const struct cw_pattern_result *result, struct cw_error *error)
{
	AUTO_BUFFER names = {0};
	for (size_t i = 0; i < result->names.count; i++)
		cw_buffer_printf(&names, "%s#%s#", i ? ", " : "", result->names.items[i]);
	if (!cw_buffer_ok(&names, error))
		return false;
	int shown = (int)(length < 80 ? length : 80);
	return cw_error_set(error, CW_E_USAGE,
		"username format: the pattern has no group \"%.*s\"; it has %s", shown, name,
		names.length ? cw_buffer_string(&names) : "no named group");
}

static size_t name_length(const char *text)
{
	size_t length = 0;
	while (isalnum((unsigned char)text[length]) || text[length] == '_')
		length++;
	return length;
}

/* "prefix#group#suffix": a "#" that begins no group stands for itself. */
static bool compose(const char *format, struct cw_pattern_result *result, struct cw_error *error)
{
	AUTO_BUFFER name = {0};
	while (*format) {
		size_t length = *format == '#' ? name_length(format + 1) : 0;
		if (!length || format[length + 1] != '#') {
			cw_buffer_char(&name, *format++);
			continue;
		}
		size_t group = 0;
		while (group < result->names.count &&
			(strlen(result->names.items[group]) != length ||
				memcmp(result->names.items[group], format + 1, length) != 0))
			group++;
		if (group == result->names.count)
			return unknown_group(format + 1, length, result, error);
		cw_buffer_text(&name, result->values.items[group]);
		format += length + 2;
	}
	if (!result->matched)
		return cw_buffer_ok(&name, error);
	result->username = cw_buffer_steal(&name);
	return result->username ? true : cw_error_memory(error);
}

bool cw_pattern_match(const char *pattern, const char *format, const char *text, size_t length,
	struct cw_pattern_result *ret, struct cw_error *error)
{
	AUTO(pcre2_code_free) pcre2_code *code = NULL;
	AUTO(pcre2_match_data_free) pcre2_match_data *data = NULL;
	AUTO_PATTERN_RESULT result = {0};
	if (!compile(pattern, &code, error))
		return false;
	data = pcre2_match_data_create_from_pattern(code, NULL);
	if (!data)
		return cw_error_memory(error);
	if (!run(code, text, length, data, &result.matched, error) ||
		!read_groups(code, text, data, result.matched, &result, error) ||
		!compose(format, &result, error))
		return false;
	*ret = result;
	result = (struct cw_pattern_result){0};
	return true;
}
