#include "signin/signin_parts.h"

#include <openssl/crypto.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#define SECONDS 10

static void signin_finish(struct cw_signin *signin)
{
	if (signin->password)
		OPENSSL_cleanse(signin->password, strlen(signin->password));
	free(signin->password);
	if (signin->credentials.data)
		OPENSSL_cleanse(signin->credentials.data, signin->credentials.length);
	cw_buffer_finish(&signin->credentials);
	if (signin->cookie.data)
		OPENSSL_cleanse(signin->cookie.data, signin->cookie.length);
	cw_buffer_finish(&signin->cookie);
	cw_signin_xml_finish(&signin->config);
	cw_strings_finish(&signin->servers);
	free(signin->device);
	cw_strings_finish(&signin->registrars);
}

#define AUTO_SIGNIN __attribute__((cleanup(signin_finish))) struct cw_signin

struct cw_sign_in_step *cw_signin_step(
	struct cw_signin *signin, enum cw_sign_in_place place, const char *format, ...)
{
	AUTO_BUFFER text = {0};
	va_list arguments;
	va_start(arguments, format);
	cw_buffer_vprintf(&text, format, arguments);
	va_end(arguments);
	struct cw_sign_in_step *step = text.failed ? NULL : cw_sign_in_add(signin->record, place);
	if (step)
		step->asked = cw_buffer_steal(&text);
	return step && step->asked ? step : NULL;
}

bool cw_signin_explain(
	struct cw_sign_in_step *step, const char *means, const char *next, struct cw_error *error)
{
	step->means = means ? strdup(means) : NULL;
	step->next = next ? strdup(next) : NULL;
	return ((!means || step->means) && (!next || step->next)) || cw_error_memory(error);
}

bool cw_signin_over(struct cw_signin *signin, struct cw_sign_in_step *step, enum cw_verdict verdict,
	const char *answer, struct cw_error *error)
{
	const struct cw_signin_owner *owner = &signin->setup->owner;
	step->verdict = verdict;
	step->answer = strdup(answer);
	if (!step->answer)
		return cw_error_memory(error);
	if (owner->told)
		owner->told(owner->context, step);
	return true;
}

void cw_signin_end(struct cw_signin *signin, enum cw_sign_in_place place, enum cw_service_state state)
{
	signin->record->ended = true;
	signin->record->ended_at = place;
	signin->record->state = state;
}

unsigned cw_signin_milliseconds(const struct cw_signin *signin)
{
	return (signin->setup->seconds ? signin->setup->seconds : SECONDS) * 1000;
}

typedef bool cw_signin_do(struct cw_signin *signin, struct cw_error *error);

static bool run(struct cw_signin *signin, struct cw_error *error)
{
	static cw_signin_do *const steps[] = {cw_signin_find_edges, cw_signin_try_edges, cw_signin_ask_sso,
		cw_signin_ask_config, cw_signin_ask_uds, cw_signin_ask_file, cw_signin_register};
	for (size_t i = 0; i < sizeof steps / sizeof *steps && !signin->record->ended; i++)
		if (!steps[i](signin, error))
			return false;
	if (signin->record->ended)
		return true;
	signin->record->state = CW_SERVICE_WORKS;
	if (signin->degraded)
		signin->record->state = CW_SERVICE_DEGRADED;
	else if (signin->edge->prompts)
		signin->record->state = CW_SERVICE_PROMPTS;
	return true;
}

bool cw_signin_run(const struct cw_signin_setup *setup, struct cw_sign_in *ret, struct cw_error *error)
{
	AUTO_SIGN_IN record = {.kind = setup->kind};
	AUTO_SIGNIN signin = {.setup = setup, .record = &record};
	record.user = strdup(setup->user);
	record.domain = strdup(setup->domain);
	signin.device = setup->device ? strdup(setup->device) : NULL;
	if (!record.user || !record.domain || (setup->device && !signin.device))
		return cw_error_memory(error);
	if (!run(&signin, error))
		return false;
	*ret = record;
	record = (struct cw_sign_in){0};
	return true;
}
