#include "observe/sign_in.h"

#include "base/memory.h"

#include <stdlib.h>

const char *cw_sign_in_place_name(enum cw_sign_in_place place)
{
	static const char *const names[CW_SIGN_IN_PLACE_COUNT] = {
		"srv", "dns", "tls", "sso", "tunnel", "config", "tomcat", "uds", "tftp", "sip", "register"};
	return names[place];
}

void cw_sign_in_finish(struct cw_sign_in *sign_in)
{
	for (size_t i = 0; i < sign_in->count; i++) {
		struct cw_sign_in_step *step = &sign_in->steps[i];
		free(step->asked);
		free(step->answer);
		free(step->means);
		free(step->next);
		cw_link_free(step->seen);
	}
	free(sign_in->steps);
	free(sign_in->user);
	free(sign_in->domain);
	*sign_in = (struct cw_sign_in){0};
}

struct cw_sign_in_step *cw_sign_in_add(struct cw_sign_in *sign_in, enum cw_sign_in_place place)
{
	if (!cw_memory_grow(&sign_in->steps, &sign_in->capacity, sign_in->count, sizeof *sign_in->steps))
		return NULL;
	struct cw_sign_in_step *step = &sign_in->steps[sign_in->count++];
	*step = (struct cw_sign_in_step){.place = place, .verdict = CW_VERDICT_PASS};
	return step;
}
