#include "sip/sip_hop.h"

#include "base/random.h"
#include "sip/sip_admit.h"
#include "sip/sip_digest.h"

#include <string.h>

#define TAG_BYTES 16
#define BRANCH "z9hG4bK"
/* Of a head, for Content-Length: the next hop has the same bound, and would lose the stream. */
#define HEAD_ROOM 64
#define TOKEN (CW_SIP_FLOW_SIZE - 1)

static const char *const methods[] = {"REGISTER", "OPTIONS", NULL};
static const struct cw_sip_admit admit = {.methods = methods, .hop = true};

#define NO_CALLS "calls are not carried here: REGISTER and OPTIONS are"
#define NO_ZONE "no traversal zone is active"
#define FOREIGN "a way that this node has not made, or made for another connection"
#define OWN_PATH "Path and Record-Route are written by proxies"
#define TOO_LONG "with this node's own header fields it is too long"
#define FLOW_FAILED "the connection of this flow is gone"

/* --- tokens --- */

static bool read_token(const uint8_t *key, struct cw_sip_text text, struct cw_sip_flow *ret)
{
	char token[CW_SIP_FLOW_SIZE];
	if (text.length != TOKEN)
		return false;
	memcpy(token, text.data, TOKEN);
	token[TOKEN] = '\0';
	return cw_sip_flow_read(key, token, ret);
}

static bool read_hex(struct cw_sip_text text, uint64_t *ret)
{
	uint64_t number = 0;
	if (!text.length || text.length > 16)
		return false;
	for (size_t i = 0; i < text.length; i++) {
		const char *digits = "0123456789abcdef", *digit = strchr(digits, text.data[i]);
		if (!text.data[i] || !digit)
			return false;
		number = number << 4 | (uint64_t)(digit - digits);
	}
	*ret = number;
	return true;
}

bool cw_sip_hop_read_branch(const uint8_t key[CW_SIP_FLOW_KEY], const struct cw_sip_message *message,
	struct cw_sip_flow *ret, uint64_t *ret_sent)
{
	const size_t begin = sizeof BRANCH - 1;
	struct cw_sip_text branch = {0};
	if (message->via_count)
		branch = cw_sip_via_branch(&message->vias[0]);
	if (!branch.data || branch.length <= begin + TOKEN || branch.data[begin + TOKEN] != '.')
		return false;
	return read_token(key, cw_sip_text_part(branch, begin, TOKEN), ret) &&
		read_hex(cw_sip_text_part(branch, begin + TOKEN + 1, branch.length), ret_sent);
}

bool cw_sip_hop_read_route(
	const uint8_t key[CW_SIP_FLOW_KEY], const struct cw_sip_message *message, struct cw_sip_flow *ret)
{
	const struct cw_sip_address *route = cw_sip_message_address(message, CW_SIP_ROUTE, 0);
	const char *user = route && route->uri.sip ? cw_sip_uri_user(&route->uri) : NULL;
	return user && read_token(key, cw_sip_text_of(user), ret);
}

bool cw_sip_hop_branch(
	struct cw_sip_hop *hop, const struct cw_sip_flow *flow, struct cw_buffer *ret, struct cw_error *error)
{
	char token[CW_SIP_FLOW_SIZE];
	if (!cw_sip_flow_write(hop->key, flow, token, error))
		return false;
	cw_buffer_printf(ret, BRANCH "%s.%llx", token, (unsigned long long)++hop->sent);
	return true;
}

static bool write_uri(const struct cw_sip_hop *hop, const struct cw_sip_flow *flow, struct cw_buffer *ret,
	struct cw_error *error)
{
	char token[CW_SIP_FLOW_SIZE];
	if (!cw_sip_flow_write(hop->key, flow, token, error))
		return false;
	cw_buffer_printf(ret, "<sip:%s@%s:%u;transport=tls;lr%s>", token, hop->host, hop->port,
		hop->zone_side == CW_SIP_HOP_INNER ? ";ob" : "");
	return true;
}

/* --- what is answered here --- */

static bool is_answered(const struct cw_sip_message *message)
{
	return !message->start.status && !cw_sip_message_is(message, "ACK");
}

bool cw_sip_hop_answer(const struct cw_sip_hop *hop, const struct cw_sip_message *request, unsigned status,
	const char *sentence, struct cw_buffer *out, struct cw_error *error)
{
	struct cw_sip_writer writer = {.out = out};
	char tag[CW_RANDOM_HEX_SIZE(TAG_BYTES)];
	if (!is_answered(request))
		return true;
	cw_random_hex(TAG_BYTES, tag);
	cw_sip_writer_answer(&writer, request, status, NULL, tag);
	if (status == 501 || status == 420 || request->refusal.status)
		cw_sip_admit_explain(&writer, request, &admit, status);
	if (sentence && !request->refusal.status)
		cw_sip_writer_field(
			&writer, CW_SIP_WARNING, "399 %s:%u \"%s\"", hop->host, hop->port, sentence);
	return cw_sip_writer_end(&writer, NULL, (struct cw_sip_text){0}, error);
}

struct taking {
	struct cw_sip_hop *hop;
	const struct cw_sip_message *message;
	const struct cw_sip_hop_from *from;
	struct cw_buffer *out;
	struct cw_sip_hop_step step;
	struct cw_error *error;
};

static bool refuse(struct taking *taking, unsigned status, const char *sentence)
{
	taking->step.way = is_answered(taking->message) ? CW_SIP_HOP_ANSWER : CW_SIP_HOP_DROP;
	taking->step.status = status;
	taking->step.why = sentence ? sentence : "";
	if (taking->message->refusal.status)
		taking->step.why = taking->message->refusal.reason;
	return cw_sip_hop_answer(taking->hop, taking->message, status, sentence, taking->out, taking->error);
}

/* --- requests that go on --- */

/* The zone, or the connection, that a message came over is the one that its token names. */
static bool came_over(const struct taking *taking, const struct cw_sip_flow *flow)
{
	if (taking->from->side == taking->hop->zone_side)
		return flow->zone == taking->from->zone;
	return flow->connection == taking->from->connection;
}

/* What goes on has a Via with our token, and in front of the other proxies' our Path or Record-Route. */
static bool forward(struct taking *taking, const struct cw_sip_flow *flow, struct cw_sip_forward *how)
{
	const struct cw_sip_hop *hop = taking->hop;
	AUTO_BUFFER via = {0}, uri = {0};
	struct cw_sip_flow back = *flow;
	struct cw_sip_writer writer = {.out = taking->out};
	bool inward = flow->towards_server;
	back.towards_server = false;
	cw_buffer_printf(&via, "SIP/2.0/TLS %s:%u;branch=", hop->host, hop->port);
	if (!cw_sip_hop_branch(taking->hop, flow, &via, taking->error) ||
		!write_uri(hop, &back, &uri, taking->error) || !cw_buffer_ok(&via, taking->error) ||
		!cw_buffer_ok(&uri, taking->error))
		return false;
	how->via = cw_buffer_string(&via);
	if (inward && cw_sip_message_is(taking->message, "REGISTER"))
		how->path = cw_buffer_string(&uri);
	else if (inward)
		how->record_route = cw_buffer_string(&uri);
	size_t begin = taking->out->length;
	cw_sip_writer_forward(&writer, taking->message, how);
	if (taking->out->length - begin > CW_SIP_HEAD_MAX - HEAD_ROOM) {
		taking->out->length = begin;
		return refuse(taking, 513, TOO_LONG);
	}
	taking->step.way = inward ? CW_SIP_HOP_INWARD : CW_SIP_HOP_OUTWARD;
	taking->step.flow = *flow;
	taking->step.sent = hop->sent;
	return cw_sip_writer_end(&writer, NULL, taking->message->body, taking->error);
}

static bool names_ways(const struct cw_sip_message *message)
{
	return cw_sip_message_field(message, CW_SIP_PATH, 0).data ||
		cw_sip_message_field(message, CW_SIP_RECORD_ROUTE, 0).data;
}

static bool take_inward(struct taking *taking)
{
	const struct cw_sip_hop *hop = taking->hop;
	const struct cw_sip_hop_from *from = taking->from;
	bool client = from->side != hop->zone_side;
	struct cw_sip_flow named;
	bool known = cw_sip_hop_read_route(hop->key, taking->message, &named);
	if (client && names_ways(taking->message))
		return refuse(taking, 403, OWN_PATH);
	if (known && !came_over(taking, &named))
		return refuse(taking, 403, FOREIGN);
	if (!from->zone)
		return refuse(taking, 503, NO_ZONE);
	if (known && !hop->lives(hop->context, &named, CW_SIP_HOP_INNER))
		return refuse(taking, 430, FLOW_FAILED);
	const struct cw_sip_flow flow = {hop->worker, from->zone, from->connection, true};
	struct cw_sip_forward how = {
		.received = from->received, .rport = from->rport, .drop_routes = client, .drop_route = known};
	return forward(taking, &flow, &how);
}

static bool take_outward(struct taking *taking)
{
	const struct cw_sip_hop *hop = taking->hop;
	struct cw_sip_flow flow;
	bool zone = taking->from->side == hop->zone_side;
	if (!cw_sip_hop_read_route(hop->key, taking->message, &flow) || flow.towards_server ||
		(zone && !came_over(taking, &flow)))
		return refuse(taking, 403, FOREIGN);
	if (!hop->lives(hop->context, &flow, CW_SIP_HOP_OUTER))
		return refuse(taking, 430, FLOW_FAILED);
	if (!zone) /* the answer goes back on the connection that the request came from */
		flow.connection = taking->from->connection;
	struct cw_sip_forward how = {.drop_route = true};
	return forward(taking, &flow, &how);
}

/* --- answers --- */

static bool take_answer(struct taking *taking)
{
	const struct cw_sip_message *message = taking->message;
	struct cw_sip_flow flow;
	struct cw_sip_writer writer = {.out = taking->out};
	bool inner = taking->from->side == CW_SIP_HOP_INNER;
	if (!cw_sip_admit_return(message) ||
		!cw_sip_hop_read_branch(taking->hop->key, message, &flow, &taking->step.sent) ||
		flow.towards_server != inner || !came_over(taking, &flow)) {
		taking->step.why = "an answer to no request of this connection";
		return true;
	}
	cw_sip_writer_return(&writer, message);
	taking->step.way = inner ? CW_SIP_HOP_OUTWARD : CW_SIP_HOP_INWARD;
	taking->step.flow = flow;
	return cw_sip_writer_end(&writer, NULL, message->body, taking->error);
}

bool cw_sip_hop_take(struct cw_sip_hop *hop, const struct cw_sip_message *message,
	const struct cw_sip_hop_from *from, struct cw_buffer *out, struct cw_sip_hop_step *ret,
	struct cw_error *error)
{
	struct taking taking = {.hop = hop,
		.message = message,
		.from = from,
		.out = out,
		.step = {.why = ""},
		.error = error};
	bool good;
	unsigned status = message->start.status ? 0 : cw_sip_admit_check(message, &admit);
	if (message->start.status)
		good = take_answer(&taking);
	else if (status == 405 || (status == 501 && !message->refusal.status))
		good = refuse(&taking, 501, NO_CALLS);
	else if (status)
		good = refuse(&taking, status, NULL);
	else if (from->side == CW_SIP_HOP_OUTER)
		good = take_inward(&taking);
	else
		good = take_outward(&taking);
	*ret = taking.step;
	return good;
}
