#include "config/values.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <string.h>

#define NAME_MAX_LENGTH 253 /* RFC 1035 §2.3.4, in text form */
#define LABEL_MAX_LENGTH 63

static bool is_ip(const char *text)
{
	unsigned char bytes[16];
	return inet_pton(AF_INET, text, bytes) == 1 || inet_pton(AF_INET6, text, bytes) == 1;
}

static bool all_digits(const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (!isdigit((unsigned char)text[i]))
			return false;
	return length > 0;
}

static const char *label_trouble(const char *label, size_t length)
{
	if (length == 0)
		return "two dots or a dot at an end";
	if (length > LABEL_MAX_LENGTH)
		return "more than 63 characters between two dots";
	if (label[0] == '-' || label[length - 1] == '-')
		return "a \"-\" beside a dot or at an end";
	for (size_t i = 0; i < length; i++)
		if (!isalnum((unsigned char)label[i]) && label[i] != '-' && label[i] != '_')
			return "a character that no host name has";
	return NULL;
}

/* What people type instead of a host name, and what to do about it; NULL where it is nothing of the kind. */
static const char *habit(const char *text)
{
	const char *colon = strrchr(text, ':');
	if (strstr(text, "://"))
		return "leave out the scheme (\"https://\") and everything after the name";
	if (text[0] == '[')
		return "write an IPv6 address without brackets and port";
	if (colon && strchr(text, ':') == colon && all_digits(colon + 1, strlen(colon + 1)))
		return "leave out the port";
	if (strchr(text, ','))
		return "write several as a list: [a, b]";
	if (strpbrk(text, " \t"))
		return "there is a space in it";
	if (strchr(text, '*'))
		return "a wildcard is no name of a host";
	for (const char *c = text; *c; c++)
		if ((unsigned char)*c >= 0x80)
			return "write other than English letters in their ASCII form (\"xn--…\")";
	return NULL;
}

static const char *host_trouble(const char *text)
{
	const char *trouble = habit(text);
	if (trouble || is_ip(text))
		return trouble;
	if (strlen(text) > NAME_MAX_LENGTH)
		return "it is longer than 253 characters";
	const char *label = text;
	for (;;) {
		size_t length = strcspn(label, ".");
		trouble = label_trouble(label, length);
		if (trouble)
			return trouble;
		if (!label[length]) /* RFC 1123 §2.1: the last label of a name is not all digits */
			return all_digits(label, length) ? "it looks like an IP address and is none" : NULL;
		label += length + 1;
	}
}

const char *cw_value_host(struct cw_problems *problems, const struct cw_yaml *value)
{
	static const char *const wanted = "a host name or an IP address";
	const char *text = cw_value_text(problems, value, wanted);
	size_t length = text ? strlen(text) : 0;
	if (length > 1 && text[length - 1] == '.' && text[length - 2] != '.')
		value->text[length - 1] = '\0'; /* an absolute name is the same name */
	const char *trouble = text ? host_trouble(text) : NULL;
	if (!trouble)
		return text;
	char quoted[CW_QUOTED_SIZE];
	cw_problem(
		problems, value, "wanted %s, found %s: %s", wanted, cw_problem_quote(text, quoted), trouble);
	return NULL;
}
