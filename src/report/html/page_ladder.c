#include "report/html/page_parts.h"

#include "report/markup.h"

/* One line of a handshake. */
enum step_kind {
	STEP_TO,       /* from the client to the server */
	STEP_FROM,     /* back */
	STEP_CLIENT,   /* the client judges what came so far, by the findings of `layer` */
	STEP_SERVER,   /* the server does */
	STEP_KIND_END, /* ends a table */
};

struct step {
	enum step_kind kind;
	const char *words;
	enum cw_layer layer; /* of a judgement */
	bool mutual;	     /* only where the server judges the client's certificate */
};

/* The MRA certificates guide "SSL Handshake Summary". The request comes before the client has said anything of the server's
 * certificate; what the client sends comes after. */
static const struct step tls_steps[] = {
	{STEP_TO, "Client Hello", CW_LAYER_TLS, false},
	{STEP_FROM, "Server Hello", CW_LAYER_TLS, false},
	{STEP_FROM, "Server Certificate", CW_LAYER_TLS, false},
	{STEP_FROM, "Certificate Request", CW_LAYER_TLS, true},
	{STEP_CLIENT, "the server's certificate", CW_LAYER_TLS, false},
	{STEP_TO, "Client Certificate", CW_LAYER_TLS, true},
	{STEP_SERVER, "the client's certificate", CW_LAYER_TLS, true},
	{STEP_KIND_END, NULL, CW_LAYER_TLS, false},
};

/* docs/design.md: the host key and the user key are the certificates' keys. */
static const struct step ssh_steps[] = {
	{STEP_TO, "SSH connection", CW_LAYER_SSH, false},
	{STEP_FROM, "Host key (of the server's certificate)", CW_LAYER_SSH, false},
	{STEP_CLIENT, "the server's whole chain", CW_LAYER_SSH, false},
	{STEP_TO, "User key (of the client's certificate)", CW_LAYER_SSH, false},
	{STEP_SERVER, "the client's whole chain", CW_LAYER_SSH, false},
	{STEP_KIND_END, NULL, CW_LAYER_SSH, false},
};

/* The MRA certificates guide: user name and password come after TLS. */
static const struct step traversal_steps[] = {
	{STEP_TO, "User name and password of the zone", CW_LAYER_DIGEST, false},
	{STEP_SERVER, "user name and password", CW_LAYER_DIGEST, false},
	{STEP_KIND_END, NULL, CW_LAYER_SIP, false},
};

/* "MRA Certificate Requirements": Expressway-E's own certificate goes along in the message. */
static const struct step service_steps[] = {
	{STEP_TO, "SIP SERVICE with the client's certificate, over the traversal zone", CW_LAYER_SIP, false},
	{STEP_SERVER, "the client's certificate", CW_LAYER_SIP, false},
	{STEP_KIND_END, NULL, CW_LAYER_SIP, false},
};

/* The MRA certificates guide: a missing phone profile "would fail with a 403 from the CUCM". */
static const struct step register_steps[] = {
	{STEP_TO, "SIP REGISTER of a secure phone", CW_LAYER_SIP, false},
	{STEP_SERVER, "the names in the client's certificate", CW_LAYER_SIP, false},
	{STEP_KIND_END, NULL, CW_LAYER_SIP, false},
};

static const struct step *first_steps(const struct cw_link *link)
{
	if (link->kind == CW_LINK_SERVICE)
		return service_steps;
	return link->kind == CW_LINK_TUNNEL ? ssh_steps : tls_steps;
}

static const struct step *later_steps(const struct cw_link *link)
{
	if (link->kind == CW_LINK_TRAVERSAL)
		return traversal_steps;
	return link->kind == CW_LINK_SIP_OUT ? register_steps : NULL;
}

struct ladder {
	struct cw_page *page;
	const struct cw_link *link;
	bool asks_client; /* the server judges the client's certificate */
	bool over;	  /* refused: nothing after this happens */
};

/* Every finding of a tunnel belongs to its one judgement, whatever its layer. */
static bool is_of_step(
	const struct cw_link *link, const struct cw_complaint *complaint, const struct step *step)
{
	bool client = step->kind == STEP_CLIENT;
	bool layer = link->kind == CW_LINK_TUNNEL || complaint->finding.layer == step->layer;
	return layer && cw_map_is_by_client(link, complaint) == client &&
		complaint->finding.severity != CW_SEVERITY_INFO;
}

static enum cw_verdict step_verdict(const struct cw_link *link, const struct step *step)
{
	enum cw_verdict worst = CW_VERDICT_PASS;
	for (size_t i = 0; i < link->complaints.count; i++) {
		enum cw_verdict verdict =
			cw_finding_severity_verdict(link->complaints.items[i].finding.severity);
		if (is_of_step(link, &link->complaints.items[i], step) && verdict > worst)
			worst = verdict;
	}
	return worst;
}

static const char *says(enum cw_verdict verdict, bool over)
{
	switch (verdict) {
	case CW_VERDICT_PASS:
		return over ? "would accept" : "accepts";
	case CW_VERDICT_WARN:
		return over ? "would warn about" : "warns about";
	case CW_VERDICT_UNKNOWN:
		return "cannot be asked about";
	case CW_VERDICT_REFUSED:
		break;
	}
	return over ? "would refuse" : "refuses";
}

static void codes(struct cw_buffer *words, const struct cw_link *link, const struct step *step)
{
	const char *before = ": ";
	for (size_t i = 0; i < link->complaints.count; i++) {
		if (!is_of_step(link, &link->complaints.items[i], step))
			continue;
		cw_buffer_printf(
			words, "%s%s", before, cw_finding_code_name(link->complaints.items[i].finding.code));
		before = ", ";
	}
}

/* The TLS alert that tells the other end. */
static const char *alert(const struct cw_link *link, const struct step *step)
{
	for (size_t i = 0; i < link->complaints.count; i++) {
		const struct cw_finding *finding = &link->complaints.items[i].finding;
		if (is_of_step(link, &link->complaints.items[i], step) &&
			finding->severity == CW_SEVERITY_REFUSED && finding->layer == CW_LAYER_TLS &&
			link->kind != CW_LINK_TUNNEL)
			return cw_finding_row(finding->code)->alert;
	}
	return NULL;
}

static void judgement(struct ladder *ladder, const struct step *step)
{
	const struct cw_link *link = ladder->link;
	bool client = step->kind == STEP_CLIENT;
	enum cw_verdict verdict = step_verdict(link, step);
	AUTO_BUFFER words = {0};
	cw_buffer_printf(&words, "%s %s %s", client ? link->client.name : link->server.name,
		says(verdict, ladder->over), step->words);
	codes(&words, link, step);
	const char *place = client ? "left" : "right";
	cw_buffer_printf(&ladder->page->out, "<li class=\"judge %s %s%s\">", place,
		cw_finding_verdict_name(verdict), ladder->over ? " never" : "");
	cw_page_sign(ladder->page, verdict);
	cw_page_words(ladder->page, "<span>", &words, "</span></li>\n");
	if (ladder->over || verdict != CW_VERDICT_REFUSED)
		return;
	const char *name = alert(link, step);
	cw_buffer_text(&ladder->page->out, "<li class=\"stop\">here it ends");
	if (name)
		cw_buffer_printf(&ladder->page->out, ", with the TLS alert %s", name);
	cw_buffer_text(&ladder->page->out, "</li>\n");
	ladder->over = true;
}

static void message(const struct ladder *ladder, const struct step *step)
{
	const char *direction = step->kind == STEP_TO ? "to" : "from";
	cw_buffer_printf(&ladder->page->out, "<li class=\"%s%s\"><span>%s</span></li>\n", direction,
		ladder->over ? " never" : "", step->words);
}

static void climb(struct ladder *ladder, const struct step *steps)
{
	for (const struct step *step = steps; step && step->kind != STEP_KIND_END; step++) {
		if (step->mutual && !ladder->asks_client)
			continue;
		if (step->kind == STEP_CLIENT || step->kind == STEP_SERVER)
			judgement(ladder, step);
		else
			message(ladder, step);
	}
}

static bool server_asks(const struct cw_link *link)
{
	for (size_t i = 0; i < link->question_count; i++)
		if (!link->questions[i].by_client)
			return true;
	return false;
}

void cw_page_ladder(struct cw_page *page, const struct cw_link *link)
{
	struct ladder ladder = {.page = page, .link = link, .asks_client = server_asks(link)};
	cw_buffer_text(&page->out, "<div class=\"ladder\"><div class=\"ends\"><span>");
	cw_markup_text(&page->out, link->client.name);
	cw_buffer_text(&page->out, "</span><span>");
	cw_markup_text(&page->out, link->server.name);
	cw_buffer_text(&page->out, "</span></div><ol>\n");
	if (link->complaints.count && link->complaints.items[0].finding.code == CW_TRAVERSAL_REFUSED) {
		cw_buffer_text(&page->out,
			"<li class=\"stop\">it does not begin: the traversal zone is refused</li>\n");
		ladder.over = true;
	}
	climb(&ladder, first_steps(link));
	climb(&ladder, later_steps(link));
	if (!ladder.over)
		cw_buffer_printf(&page->out, "<li class=\"up\">%s</li>\n",
			link->verdict == CW_VERDICT_UNKNOWN ? "nobody can say whether it comes up"
							    : "the link is up");
	cw_buffer_text(&page->out, "</ol></div>\n");
}
