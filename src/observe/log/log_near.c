#include "observe/log/log_near.h"

#include <string.h>

void cw_log_near_name(struct cw_log_name *name, const struct cw_log_text *text)
{
	name->length = text->length < CW_LOG_NAME_SIZE ? text->length : CW_LOG_NAME_SIZE;
	for (size_t i = 0; i < name->length; i++) /* it becomes a C string: no NUL */
		name->data[i] = text->data[i] ? text->data[i] : ' ';
}

bool cw_log_near_same(const struct cw_log_name *a, const struct cw_log_name *b)
{
	return a->length == b->length && memcmp(a->data, b->data, a->length) == 0;
}

void cw_log_near_fill(struct cw_log_near *near, const struct cw_log_match *match,
	const struct cw_log_line *line, const struct cw_log_place *place, const struct cw_buffer *shown)
{
	struct cw_log_text component = {match->row->component, strlen(match->row->component)};
	bool named = cw_log_line_is(&component, "tvcs") && line->process.length;
	*near = (struct cw_log_near){.row = match->row, .place = *place, .time = line->time};
	cw_log_near_name(&near->component, named ? &line->process : &component);
	cw_log_near_name(&near->host, &line->host);
	cw_log_near_name(&near->peer, match->peer.length ? &match->peer : &line->remote.address);
	struct cw_log_text called = cw_log_line_value(&line->text, "Common-name");
	cw_log_near_name(&near->called, &called);
	cw_log_near_name(&near->wanted, &match->wanted);
	cw_log_near_name(&near->refuser, &match->refuser);
	cw_log_near_name(&near->local, &line->local.address);
	cw_log_near_name(&near->local_port, &line->local.port);
	cw_log_near_name(&near->remote, &line->remote.address);
	cw_log_near_name(&near->remote_port, &line->remote.port);
	near->shown_length = shown->length < sizeof near->shown ? shown->length : sizeof near->shown;
	if (near->shown_length)
		memcpy(near->shown, shown->data, near->shown_length);
}

bool cw_log_near_same_socket(const struct cw_log_near *a, const struct cw_log_near *b)
{
	if (!a->remote_port.length || !a->local_port.length)
		return false;
	bool straight = cw_log_near_same(&a->remote, &b->remote) &&
		cw_log_near_same(&a->remote_port, &b->remote_port) &&
		cw_log_near_same(&a->local, &b->local) && cw_log_near_same(&a->local_port, &b->local_port);
	bool crossed = cw_log_near_same(&a->remote, &b->local) &&
		cw_log_near_same(&a->remote_port, &b->local_port) &&
		cw_log_near_same(&a->local, &b->remote) && cw_log_near_same(&a->local_port, &b->remote_port);
	return straight || crossed;
}

static bool near_in_time(const struct cw_log_near *a, const struct cw_log_near *b)
{
	if (a->place.file != b->place.file || b->place.line - a->place.line > CW_LOG_NEAR_LINES)
		return false;
	if (a->time.form != b->time.form || a->time.form == CW_LOG_TIME_NONE)
		return true;
	cw_time apart = b->time.seconds - a->time.seconds;
	return apart <= CW_LOG_NEAR_SECONDS && apart >= -CW_LOG_NEAR_SECONDS;
}

/* `later` and `earlier` are lines of one refusal. */
bool cw_log_near_belong(const struct cw_log_near *earlier, const struct cw_log_near *later)
{
	if (!near_in_time(earlier, later) || !cw_log_near_same(&earlier->host, &later->host))
		return false;
	const char *family = earlier->row->near.family, *other = later->row->near.family;
	if (family && other && strcmp(family, other) == 0)
		return !earlier->peer.length || !later->peer.length ||
			cw_log_near_same(&earlier->peer, &later->peer);
	return cw_log_near_same_socket(earlier, later);
}

/* How much a line says. */
int cw_log_near_weight(const struct cw_log_near *near)
{
	int weight = near->row->near.companion ? 0 : 8;
	weight += near->row->code != CW_LOG_NO_CODE ? 4 : 0;
	weight += near->row->refused_by != CW_LOG_NOBODY ? 2 : 0;
	return weight + (near->wanted.length != 0);
}

const struct cw_log_name *cw_log_near_port(const struct cw_log_near *near)
{
	const struct cw_log_name *a = &near->local_port, *b = &near->remote_port;
	if (!a->length || !b->length)
		return a->length ? a : b;
	if (a->length != b->length)
		return a->length < b->length ? a : b;
	return memcmp(a->data, b->data, a->length) < 0 ? a : b;
}

struct cw_log_name cw_log_near_refuser(const struct cw_log_near *near)
{
	static const struct cw_log_text local = {"local", 5}, remote = {"remote", 6};
	struct cw_log_name name = {0};
	if (near->refuser.length)
		return near->refuser;
	if (near->row->refused_by == CW_LOG_LOCAL && near->host.length)
		return near->host;
	if (near->row->refused_by == CW_LOG_REMOTE && near->peer.length && !near->row->group.refuser)
		return near->peer;
	if (near->row->refused_by == CW_LOG_LOCAL)
		cw_log_near_name(&name, &local);
	if (near->row->refused_by == CW_LOG_REMOTE)
		cw_log_near_name(&name, &remote);
	return name;
}
