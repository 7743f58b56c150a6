#include "admin/web/web_machine_parts.h"

#include "http/http_write.h"

#include <stdio.h>
#include <string.h>

struct cw_web_machine *cw_web_machine_new(const struct cw_web_machine_setup *setup)
{
	AUTO(cw_web_machine_free) struct cw_web_machine *machine = calloc(1, sizeof *machine);
	if (!machine)
		return NULL;
	machine->site = setup->site;
	machine->wake = setup->wake;
	machine->context = setup->context;
	machine->now = setup->now;
	snprintf(machine->address, sizeof machine->address, "%s", setup->address ? setup->address : "");
	machine->note = strdup(setup->note ? setup->note : "");
	machine->reader = cw_http_reader_new(CW_HTTP_REQUEST, 0);
	machine->exchange.machine = machine;
	if (!machine->note || !machine->reader)
		return NULL;
	machine->inside = true;
	cw_web_machine_wait(machine, CW_WEB_MACHINE_HEAD_TIME);
	machine->inside = false;
	return TAKE(machine);
}

/* Keys and passwords come in bodies. */
static void finish_exchange(struct cw_web_machine *machine)
{
	struct cw_web_exchange *exchange = &machine->exchange;
	if (exchange->is_seen && machine->site->over)
		machine->site->over(machine->site->context, exchange);
	cw_web_form_finish(&exchange->query);
	cw_web_form_finish(&exchange->form);
	cw_buffer_finish(&exchange->body);
	explicit_bzero(exchange, sizeof *exchange);
	exchange->machine = machine;
	explicit_bzero(&machine->multipart, sizeof machine->multipart);
}

void cw_web_machine_free(struct cw_web_machine *machine)
{
	if (!machine)
		return;
	finish_exchange(machine);
	cw_http_reader_free(machine->reader);
	cw_buffer_finish(&machine->out);
	free(machine->note);
	free(machine);
}

/* --- time --- */

void cw_web_machine_wait(struct cw_web_machine *machine, uint64_t milliseconds)
{
	machine->wait = milliseconds;
	machine->deadline = machine->now + milliseconds;
	machine->stale = !machine->inside;
}

void cw_web_machine_wake(struct cw_web_machine *machine)
{
	if (machine->wake)
		machine->wake(machine->context);
}

static void enter(struct cw_web_machine *machine, uint64_t now)
{
	machine->inside = true;
	machine->now = now;
	if (machine->stale)
		machine->deadline = now + machine->wait;
	machine->stale = false;
}

uint64_t cw_web_machine_deadline(const struct cw_web_machine *machine)
{
	return machine->deadline;
}

void cw_web_machine_answered(struct cw_web_machine *machine, bool keeps)
{
	finish_exchange(machine);
	machine->head_begun = machine->head_read = machine->in_parts = false;
	machine->stage = CW_WEB_AT_END;
	if (keeps) {
		cw_http_reader_next(machine->reader);
		machine->stage = CW_WEB_AT_HEAD;
	}
	cw_web_machine_wait(machine, keeps ? CW_WEB_MACHINE_KEPT_TIME : CW_WEB_MACHINE_DRAIN_TIME);
	machine->sent_by = machine->now + CW_WEB_MACHINE_SEND_WHOLE;
	cw_web_machine_wake(machine);
}

static void refuse(struct cw_web_machine *machine, enum cw_http_reason reason)
{
	machine->ends = true;
	cw_web_exchange_fault(
		&machine->exchange, (unsigned)cw_http_reason_status(reason), cw_http_reason_text(reason));
}

static void refuse_status(struct cw_web_machine *machine, unsigned status, const char *text)
{
	machine->ends = true;
	cw_web_exchange_fault(&machine->exchange, status, text);
}

/* --- the head --- */

static void answer_file(struct cw_web_exchange *exchange, const struct cw_web_file *file)
{
	AUTO_WEB_ANSWER answer = {.type = file->type};
	cw_buffer_text(&answer.body, file->content);
	cw_web_exchange_answer(exchange, &answer);
}

static void answer_no_route(struct cw_web_exchange *exchange, unsigned allow)
{
	AUTO_WEB_ANSWER answer = {.status = 405, .type = "text/plain; charset=utf-8"};
	AUTO_BUFFER methods = {0};
	if (!allow) {
		cw_web_exchange_fault(exchange, 404, "there is no such page");
		return;
	}
	for (enum cw_http_method method = CW_HTTP_METHOD_GET; method <= CW_HTTP_METHOD_OPTIONS; method++)
		if (allow & 1U << method)
			cw_buffer_printf(&methods, "%s%s", methods.length ? ", " : "",
				cw_http_head_method_name(method));
	cw_web_answer_field(&answer, "Allow", cw_buffer_string(&methods));
	cw_buffer_text(&answer.body, "this page is not asked for with that method\n");
	cw_web_exchange_answer(exchange, &answer);
}

/* "application/json", or with "; charset=utf-8" in any case. */
static bool is_type(struct cw_http_text value, const char *wanted)
{
	size_t end = cw_http_text_find(value, ';');
	struct cw_http_text type = cw_http_text_trim(cw_http_text_part(value, 0, end));
	struct cw_http_text more = cw_http_text_trim(cw_http_text_part(value, end + 1, CW_HTTP_REST));
	return cw_http_text_same_word(type, wanted) &&
		(end == value.length || cw_http_text_same_word(more, "charset=utf-8"));
}

/* Length and type: what can be said before the body comes. */
static bool takes_body(struct cw_web_machine *machine, const struct cw_http_head *head)
{
	const struct cw_web_route *route = machine->exchange.route;
	struct cw_http_text type = {0}, ignored;
	enum cw_http_reason reason;
	cw_http_head_known(head, CW_HTTP_FIELD_CONTENT_TYPE, &type);
	if (head->framing == CW_HTTP_BY_LENGTH && head->length > route->body_max) {
		refuse(machine, CW_HTTP_BAD_BODY_LONG);
		return false;
	}
	bool fits = !cw_http_head_known(head, CW_HTTP_FIELD_CONTENT_ENCODING, &ignored);
	switch (route->body) {
	case CW_WEB_BODY_NONE:
	case CW_WEB_BODY_BYTES:
		break;
	case CW_WEB_BODY_FORM:
		fits = fits && is_type(type, "application/x-www-form-urlencoded");
		break;
	case CW_WEB_BODY_JSON:
		fits = fits && is_type(type, "application/json");
		break;
	case CW_WEB_BODY_ANY:
		if (!cw_http_text_same_word(
			    cw_http_text_trim(cw_http_text_part(type, 0, cw_http_text_find(type, ';'))),
			    "multipart/form-data"))
			break;
		machine->in_parts = true;
		fits = fits && cw_http_multipart_start(&machine->multipart, type, &reason);
		break;
	case CW_WEB_BODY_FIELDS:
		if (is_type(type, "application/x-www-form-urlencoded"))
			break;
		/* fall through */
	case CW_WEB_BODY_MULTIPART:
		machine->in_parts = true;
		fits = fits && cw_http_multipart_start(&machine->multipart, type, &reason);
		break;
	}
	if (!fits)
		refuse_status(machine, 415, "the body is of another type than is taken here");
	return fits;
}

static void begin_request(struct cw_web_machine *machine)
{
	struct cw_web_exchange *exchange = &machine->exchange;
	const struct cw_http_head *head = cw_http_reader_head(machine->reader);
	const struct cw_web_file *file;
	struct cw_http_text cookies;
	enum cw_http_reason reason = CW_HTTP_BAD_NO_MEMORY;
	unsigned allow;
	exchange->form.bytes.secret = exchange->body.secret = true;
	machine->head_read = true;
	machine->stage = CW_WEB_AT_CHECK;
	cw_web_machine_wait(machine, CW_WEB_MACHINE_OWNER_TIME);
	if (cw_web_exchange_reads(exchange) &&
		(file = cw_web_route_file(machine->site, head->start.target.path))) {
		answer_file(exchange, file);
		return;
	}
	exchange->route = cw_web_route_find(machine->site, &head->start, exchange->parts, &allow);
	if (!exchange->route) {
		answer_no_route(exchange, allow);
		return;
	}
	if (!takes_body(machine, head))
		return;
	cw_http_reader_limit(machine->reader, exchange->route->body_max);
	if ((cw_http_head_known(head, CW_HTTP_FIELD_COOKIE, &cookies) &&
		    !cw_http_cookie_parse(cookies, &exchange->cookies, &reason)) ||
		!cw_web_form_read(&exchange->query, head->start.target.query, &reason)) {
		refuse(machine, reason);
		return;
	}
	exchange->is_seen = true;
	if (machine->site->check)
		machine->site->check(machine->site->context, exchange);
	else
		cw_web_exchange_allow(exchange);
}

/* --- the body --- */

static void refuse_token(struct cw_web_machine *machine)
{
	refuse_status(
		machine, 403, "this form is not one of yours: open its page again and send it from there");
}

/* The first field of a form is the token: what follows is not read before it was seen. */
static bool see_token(struct cw_web_exchange *exchange)
{
	const struct cw_web_form *form = &exchange->form;
	if (!*exchange->token)
		return true;
	if (!form->count || strcmp(form->fields[0].name, CW_WEB_EXCHANGE_TOKEN_FIELD) != 0)
		return false;
	const struct cw_http_text value = {form->bytes.data + form->fields[0].at, form->fields[0].length};
	if (!cw_web_machine_is_token(exchange, value))
		return false;
	exchange->token[0] = '\0';
	return true;
}

static bool is_token_field(const struct cw_web_exchange *exchange)
{
	return !*exchange->token || strcmp(exchange->form.fields[0].name, CW_WEB_EXCHANGE_TOKEN_FIELD) == 0;
}

/* A part begins, or the form is over: the part before is whole. */
static bool end_part(struct cw_web_machine *machine)
{
	struct cw_web_exchange *exchange = &machine->exchange;
	if (exchange->form.count && !cw_web_form_end(&exchange->form)) {
		refuse(machine, CW_HTTP_BAD_FORM_FIELDS);
		return false;
	}
	if (exchange->form.count && !see_token(exchange)) {
		refuse_token(machine);
		return false;
	}
	return true;
}

static void take_parts(struct cw_web_machine *machine, struct cw_http_text input)
{
	struct cw_web_exchange *exchange = &machine->exchange;
	struct cw_http_multipart *multipart = &machine->multipart;
	struct cw_http_text piece;
	for (;;) { /* ends: all of the input is used, or something is refused */
		switch (cw_http_multipart_read(multipart, &input, &piece)) {
		case CW_HTTP_FORM_MORE:
			return;
		case CW_HTTP_FORM_PART:
			if (!end_part(machine))
				return;
			if (!cw_web_form_begin(&exchange->form, multipart->name, multipart->has_file_name)) {
				refuse(machine, CW_HTTP_BAD_FORM_FIELDS);
				return;
			}
			if (!is_token_field(exchange)) { /* nothing of another part is kept before it */
				refuse_token(machine);
				return;
			}
			break;
		case CW_HTTP_FORM_DATA:
			cw_web_form_piece(&exchange->form, piece);
			if (*exchange->token && exchange->form.bytes.length > CW_WEB_MACHINE_TOKEN_MAX) {
				refuse_token(machine);
				return;
			}
			break;
		case CW_HTTP_FORM_REFUSED:
			refuse(machine, multipart->reason);
			return;
		}
	}
}

static void take_piece(struct cw_web_machine *machine, struct cw_http_text piece)
{
	cw_web_machine_wait(machine, CW_WEB_MACHINE_BODY_TIME);
	if (machine->deadline > machine->body_end)
		machine->deadline = machine->body_end;
	if (machine->in_parts)
		take_parts(machine, piece);
	else
		cw_buffer_append(&machine->exchange.body, piece.at, piece.length);
}

/* The body as what the route said: fields, or bytes. */
static bool end_body(struct cw_web_machine *machine)
{
	struct cw_web_exchange *exchange = &machine->exchange;
	const struct cw_http_text body = {exchange->body.data, exchange->body.length};
	enum cw_http_reason reason = CW_HTTP_BAD_NO_MEMORY;
	bool good = !exchange->body.failed;
	switch (exchange->route->body) {
	case CW_WEB_BODY_MULTIPART:
	case CW_WEB_BODY_FORM:
	case CW_WEB_BODY_FIELDS:
		if (machine->in_parts)
			good = good && cw_http_multipart_end(&machine->multipart, &reason);
		else
			good = good && cw_web_form_read(&exchange->form, body, &reason);
		if (good && machine->in_parts && !end_part(machine))
			return false;
		break;
	case CW_WEB_BODY_ANY:
		if (machine->in_parts)
			good = good && cw_http_multipart_end(&machine->multipart, &reason);
		if (good && machine->in_parts && !end_part(machine))
			return false;
		break;
	case CW_WEB_BODY_NONE:
	case CW_WEB_BODY_JSON:
	case CW_WEB_BODY_BYTES:
		break;
	}
	if (!good) {
		refuse(machine, reason);
		return false;
	}
	if (see_token(exchange))
		return true;
	refuse_token(machine);
	return false;
}

static void end_request(struct cw_web_machine *machine)
{
	struct cw_web_exchange *exchange = &machine->exchange;
	if (!end_body(machine))
		return;
	machine->stage = CW_WEB_AT_HANDLER;
	cw_web_machine_wait(machine, CW_WEB_MACHINE_OWNER_TIME);
	exchange->route->handle(machine->site->context, exchange);
}

/* --- bytes --- */

static void look_at_head_time(struct cw_web_machine *machine)
{
	if (machine->stage != CW_WEB_AT_HEAD || machine->head_begun ||
		cw_http_reader_is_idle(machine->reader))
		return;
	machine->head_begun = true;
	cw_web_machine_wait(machine, CW_WEB_MACHINE_HEAD_TIME);
}

/* True: go on. */
static bool step(struct cw_web_machine *machine, struct cw_http_text *input)
{
	struct cw_http_text piece;
	if (machine->stage == CW_WEB_AT_END)
		*input = (struct cw_http_text){0};
	if (machine->stage != CW_WEB_AT_HEAD && machine->stage != CW_WEB_AT_BODY)
		return false;
	switch (cw_http_reader_read(machine->reader, input, &piece)) {
	case CW_HTTP_READ_MORE:
		look_at_head_time(machine);
		return false;
	case CW_HTTP_READ_HEAD:
		begin_request(machine);
		return true;
	case CW_HTTP_READ_BODY:
		take_piece(machine, piece);
		return true;
	case CW_HTTP_READ_END:
		end_request(machine);
		return true;
	case CW_HTTP_READ_REFUSED:
		break;
	}
	refuse(machine, cw_http_reader_reason(machine->reader));
	return true;
}

size_t cw_web_machine_take(struct cw_web_machine *machine, const char *bytes, size_t length, uint64_t now)
{
	struct cw_http_text input = {bytes, length};
	enter(machine, now);
	while (step(machine, &input)) /* ends: each step reads on, or waits for the owner */
		;
	machine->inside = false;
	return length - input.length;
}

bool cw_web_machine_wants(const struct cw_web_machine *machine)
{
	return machine->stage == CW_WEB_AT_HEAD || machine->stage == CW_WEB_AT_BODY ||
		machine->stage == CW_WEB_AT_END;
}

void cw_web_machine_close(struct cw_web_machine *machine)
{
	machine->ends = true;
	if (machine->stage == CW_WEB_AT_CHECK || machine->stage == CW_WEB_AT_HANDLER ||
		machine->stage == CW_WEB_AT_END)
		return; /* it may still read its answer */
	cw_web_machine_answered(machine, false);
}

struct cw_buffer *cw_web_machine_out(struct cw_web_machine *machine)
{
	return &machine->out;
}

bool cw_web_machine_is_over(const struct cw_web_machine *machine)
{
	return machine->stage == CW_WEB_AT_END;
}

static void send_sign_of_life(struct cw_web_machine *machine)
{
	static const char comment[] = "3\r\n:\n\n\r\n";
	if (machine->out.length < CW_WEB_MACHINE_EVENTS_MAX)
		cw_buffer_append(&machine->out, comment, sizeof comment - 1);
	cw_web_machine_wait(machine, CW_WEB_MACHINE_COMMENT_TIME);
}

bool cw_web_machine_time(struct cw_web_machine *machine, uint64_t now)
{
	bool drops = false;
	enter(machine, now);
	bool sends = machine->out.length && now < machine->sent_by;
	if (now >= machine->deadline && sends) {
		cw_web_machine_wait(machine, CW_WEB_MACHINE_DRAIN_TIME);
	} else if (now >= machine->deadline) {
		switch (machine->stage) {
		case CW_WEB_AT_HEAD:
			drops = cw_http_reader_is_idle(machine->reader);
			if (!drops)
				refuse_status(machine, 408, "the request did not come in time");
			break;
		case CW_WEB_AT_BODY:
			refuse_status(machine, 408, "the body did not come in time");
			break;
		case CW_WEB_AT_CHECK:
		case CW_WEB_AT_HANDLER:
			refuse_status(machine, 504, "the node did not answer in time");
			break;
		case CW_WEB_AT_EVENTS:
			send_sign_of_life(machine);
			break;
		case CW_WEB_AT_END:
			drops = true;
			break;
		}
	}
	machine->inside = false;
	return drops;
}

bool cw_web_machine_is_waiting(const struct cw_web_machine *machine)
{
	return cw_web_machine_wants(machine);
}

bool cw_web_machine_is_known(const struct cw_web_machine *machine)
{
	return machine->known;
}
