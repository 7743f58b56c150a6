#include "sip/sip_parameters.h"

#include "base/forward.h"

#include "sip/sip_limits.h"

#include <string.h>
#include <strings.h>

void cw_sip_parameters_finish(struct cw_sip_parameters *parameters)
{
	free(parameters->items);
	*parameters = (struct cw_sip_parameters){0};
}

static size_t skip_blanks(struct cw_sip_text text, size_t at)
{
	while (at < text.length && (text.data[at] == ' ' || text.data[at] == '\t'))
		at++;
	return at;
}

static size_t token_end(struct cw_sip_text text, size_t at)
{
	while (at < text.length && cw_sip_text_token_byte(text.data[at]))
		at++;
	return at;
}

/* A token, a host (an IPv6 address with or without brackets), or a quoted string. */
static bool read_value(struct cw_sip_text text, size_t *at, struct cw_sip_parameter *ret)
{
	size_t begin = *at, end = begin;
	size_t quoted = cw_sip_text_quoted(text, begin);
	if (quoted) {
		ret->quoted = true;
		ret->value = cw_sip_text_part(text, begin + 1, quoted - 2);
		*at = begin + quoted;
		return !memchr(ret->value.data, '\0', ret->value.length);
	}
	while (end < text.length &&
		(cw_sip_text_token_byte(text.data[end]) || (text.data[end] && strchr("[]:", text.data[end]))))
		end++;
	ret->value = cw_sip_text_part(text, begin, end - begin);
	*at = end;
	return end > begin;
}

static bool same_name(struct cw_sip_text a, struct cw_sip_text b)
{
	return a.length == b.length && strncasecmp(a.data, b.data, a.length) == 0;
}

static bool add(struct cw_sip_parameters *parameters, const struct cw_sip_parameter *one, const char **reason)
{
	*reason = "a parameter stands there twice";
	for (size_t i = 0; i < parameters->count; i++)
		if (same_name(parameters->items[i].name, one->name))
			return false;
	*reason = "more than 32 parameters";
	if (parameters->count == CW_SIP_PARAMETERS_MAX)
		return false;
	*reason = NULL;
	if (!cw_memory_grow(
		    &parameters->items, &parameters->capacity, parameters->count, sizeof *parameters->items))
		return false;
	parameters->items[parameters->count++] = *one;
	return true;
}

bool cw_sip_parameters_parse(struct cw_sip_text text, struct cw_sip_parameters *ret, const char **reason)
{
	size_t at = skip_blanks(text, 0);
	size_t unread = CW_FORWARD_BEGIN;
	while (at < text.length && cw_forward(&unread, text.length - at)) {
		struct cw_sip_parameter one = {0};
		*reason = "wanted a parameter, found other bytes";
		if (text.data[at] != ';')
			return false;
		size_t begin = skip_blanks(text, at + 1), end = token_end(text, begin);
		one.name = cw_sip_text_part(text, begin, end - begin);
		if (end == begin)
			return false;
		at = skip_blanks(text, end);
		if (at < text.length && text.data[at] == '=') {
			at = skip_blanks(text, at + 1);
			if (!read_value(text, &at, &one))
				return false;
			at = skip_blanks(text, at);
		}
		if (!add(ret, &one, reason))
			return false;
	}
	return true;
}

const struct cw_sip_parameter *cw_sip_parameters_find(
	const struct cw_sip_parameters *parameters, const char *name)
{
	for (size_t i = 0; i < parameters->count; i++)
		if (cw_sip_text_is(parameters->items[i].name, name))
			return &parameters->items[i];
	return NULL;
}
