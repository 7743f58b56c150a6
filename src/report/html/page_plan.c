#include "report/html/page_parts.h"

#include "pki/bundle/pem_write.h"
#include "report/causes.h"
#include "report/markup.h"
#include "report/plan/plan_alternatives.h"
#include "report/plan/plan_words.h"

#include <openssl/evp.h>
#include <string.h>

/* Digits of the key by which the page remembers that something was done. */
#define KEY_BYTES 8

/* Steps of one box that are done together. */
struct run {
	size_t begin, count;
	bool told;
};

/* A card: what is to be done on one box, or the same on several. */
struct card {
	struct cw_page *page;
	const struct cw_repair *plan;
	const struct run **runs;
	size_t run_count;
	size_t number; /* in the page */
};

static const struct cw_repair_step *step_of(const struct card *card, size_t run, size_t index)
{
	return &card->plan->steps[card->runs[run]->begin + index];
}

static const char *box_of(const struct card *card, size_t run)
{
	return step_of(card, run, 0)->remedy.node;
}

/* An endpoint has one list. */
static const char *store_of(const struct cw_remedy *remedy)
{
	return remedy->store ? remedy->store : "trust";
}

/* Who has done it: the same words of the same check on the same box. */
static void check_box(const struct card *card, const char *box, const char *words)
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	char at[CW_TIME_TEXT_SIZE];
	AUTO_BUFFER text = {0};
	struct cw_buffer *out = &card->page->out;
	cw_buffer_printf(&text, "%s %s %s %s", card->page->check->deployment->name,
		cw_time_format(card->page->check->at, at), box, words);
	if (text.failed ||
		!EVP_Digest(cw_buffer_string(&text), text.length, digest, NULL, EVP_sha256(), NULL)) {
		out->failed = true;
		return;
	}
	cw_buffer_text(out, "<input type=\"checkbox\" data-key=\"");
	for (size_t i = 0; i < KEY_BYTES; i++)
		cw_buffer_printf(out, "%02x", digest[i]);
	cw_buffer_text(out, "\"> ");
}

/* A step that is told once for all boxes of the card; on one box it is ticked itself. */
static void task(const struct card *card, const char *words)
{
	struct cw_buffer *out = &card->page->out;
	bool single = card->run_count == 1;
	if (single) {
		cw_buffer_text(out, "<label>");
		check_box(card, box_of(card, 0), words);
	}
	cw_buffer_text(out, "<span>");
	cw_markup_marked(out, words);
	cw_buffer_text(out, single ? "</span></label>" : "</span>");
}

static void row(struct cw_page *page, const char *name, const char *value)
{
	cw_buffer_printf(&page->out, "<dt>%s</dt><dd><code>", name);
	cw_markup_text(&page->out, value);
	cw_buffer_text(&page->out, "</code></dd>");
}

/* Who asks for them gets the whole fingerprints, and the command that does the same on the files. */
static void details(const struct card *card, size_t index)
{
	struct cw_page *page = card->page;
	const struct cw_repair_step *step = step_of(card, 0, index);
	const struct cw_remedy *remedy = &step->remedy;
	AUTO_BUFFER command = {0};
	cw_plan_words_command(&command, page->check->deployment, step, card->plan);
	page->out.failed |= command.failed;
	if (!remedy->cert && !remedy->before && !remedy->replaces && !command.length)
		return;
	cw_buffer_text(&page->out, "<details class=\"more\"><summary>SHA-256 and command</summary><dl>");
	if (remedy->cert)
		row(page, "SHA-256", cw_cert_sha256_text(remedy->cert));
	if (remedy->before)
		row(page, "before", cw_cert_sha256_text(remedy->before));
	if (remedy->replaces)
		row(page, "in place of", cw_cert_sha256_text(remedy->replaces));
	if (remedy->from)
		row(page, "file", remedy->from);
	if (command.length)
		row(page, "command", cw_buffer_string(&command));
	cw_buffer_text(&page->out, "</dl></details>");
}

static void tell_step(const struct card *card, size_t index)
{
	AUTO_BUFFER words = {0};
	AUTO(free) const struct cw_repair_step **steps = calloc(card->run_count, sizeof(void *));
	struct cw_buffer *out = &card->page->out;
	for (size_t i = 0; steps && i < card->run_count; i++)
		steps[i] = step_of(card, i, index);
	if (card->run_count == 1)
		cw_plan_words_step(&words, card->page->check->deployment, step_of(card, 0, index));
	else if (steps)
		cw_plan_words_steps(&words, card->page->check->deployment, steps, card->run_count);
	out->failed |= !steps || words.failed;
	cw_buffer_printf(out, "<li value=\"%zu\">", card->runs[0]->begin + index + 1);
	task(card, cw_buffer_string(&words));
	details(card, index);
	cw_buffer_text(out, "</li>\n");
}

/* A certificate that is there and goes into a list, or takes the place of the present one. */
static bool is_uploaded(const struct cw_remedy *remedy)
{
	return remedy->cert && (remedy->action == CW_ACTION_APPEND || remedy->action == CW_ACTION_INSTALL);
}

/* The certificates that go into one list are one file: on the page, and to be saved without any script. */
static void pem_of(const struct card *card, const char *store, struct cw_buffer *ret)
{
	struct cw_error error;
	for (size_t i = 0; i < card->runs[0]->count; i++) {
		const struct cw_remedy *remedy = &step_of(card, 0, i)->remedy;
		bool goes = is_uploaded(remedy) && strcmp(store_of(remedy), store) == 0;
		if (goes && !cw_pem_write_cert(ret, remedy->cert, &error))
			ret->failed = true;
	}
}

static void pem_link(struct cw_page *page, const char *name, const char *pem)
{
	struct cw_buffer *out = &page->out;
	cw_buffer_text(out, "<a class=\"button\" download=\"");
	cw_markup_text(out, name);
	cw_buffer_text(out, "\" href=\"data:application/x-pem-file,");
	for (; *pem; pem++) { /* PEM is base64, lines, spaces and dashes */
		if (*pem == '\n' || *pem == ' ' || *pem == '+')
			cw_buffer_printf(out, "%%%02X", (unsigned)*pem);
		else
			cw_buffer_char(out, *pem);
	}
	cw_buffer_text(out, "\">Download ");
	cw_markup_text(out, name);
	cw_buffer_text(out, "</a>");
}

static bool is_first_of_store(const struct card *card, size_t index)
{
	const struct cw_remedy *remedy = &step_of(card, 0, index)->remedy;
	if (!is_uploaded(remedy))
		return false;
	for (size_t i = 0; i < index; i++) {
		const struct cw_remedy *other = &step_of(card, 0, i)->remedy;
		if (is_uploaded(other) && strcmp(store_of(other), store_of(remedy)) == 0)
			return false;
	}
	return true;
}

static void tell_files(const struct card *card)
{
	struct cw_buffer *out = &card->page->out;
	for (size_t i = 0; i < card->runs[0]->count; i++) {
		const char *store = store_of(&step_of(card, 0, i)->remedy);
		AUTO_BUFFER name = {0};
		AUTO_BUFFER pem = {0};
		if (!is_first_of_store(card, i))
			continue;
		pem_of(card, store, &pem);
		if (card->run_count == 1)
			cw_buffer_printf(&name, "%s-", box_of(card, 0));
		cw_buffer_printf(&name, "%s.pem", store);
		out->failed |= name.failed || pem.failed;
		cw_buffer_text(out, "<div class=\"pem\">");
		pem_link(card->page, cw_buffer_string(&name), cw_buffer_string(&pem));
		cw_buffer_text(out, "<details><summary>PEM</summary><pre>");
		cw_markup_marked(out, cw_buffer_string(&pem)); /* its lines are lines */
		cw_buffer_text(out, "</pre></details></div>\n");
	}
}

/* What is down meanwhile, what comes of it, what is to be seen afterwards. */
static void tell_after(const struct card *card)
{
	struct cw_buffer *out = &card->page->out;
	const struct cw_deployment *deployment = card->page->check->deployment;
	const struct cw_repair_step *step = step_of(card, 0, card->runs[0]->count - 1);
	bool waits = cw_plan_words_restart_follows(card->plan, (size_t)(step - card->plan->steps));
	const char *outage = cw_plan_words_outage(deployment, step);
	const char *consequence = cw_plan_words_consequence(deployment, step);
	if (!waits && !step->replicated && cw_plan_words_restart(deployment, step)) {
		cw_buffer_text(out, "<li>");
		task(card, cw_plan_words_restart(deployment, step));
		cw_buffer_text(out, "</li>\n");
	}
	cw_buffer_text(out, "</ol>\n");
	if (!waits) {
		cw_buffer_text(out, "<p class=\"then\">");
		if (strcmp(outage, "none") != 0)
			cw_markup_printf(out, "Outage: %s. ", outage);
		cw_markup_printf(out, "Expect: %s", cw_plan_words_expect(deployment, step));
		cw_buffer_text(out, "</p>\n");
	}
	if (!consequence)
		return;
	cw_buffer_text(out, "<p class=\"then\">");
	cw_markup_text(out, consequence);
	cw_buffer_text(out, "</p>\n");
}

static void tell_card(const struct card *card)
{
	struct cw_buffer *out = &card->page->out;
	cw_buffer_text(out, "<article class=\"card\" id=\"");
	cw_page_anchor(card->page, "card", card->number);
	cw_buffer_text(out, "\"><h4>");
	for (size_t i = 0; i < card->run_count && i < 3; i++)
		cw_markup_printf(out, "%s%s", i ? ", " : "", box_of(card, i));
	if (card->run_count > 3)
		cw_buffer_printf(out, " and %zu more: the same on each", card->run_count - 3);
	cw_buffer_text(out, "</h4>\n");
	if (card->run_count > 1) {
		cw_buffer_text(out, "<ul class=\"boxes-done\">");
		for (size_t i = 0; i < card->run_count; i++) {
			cw_buffer_text(out, "<li><label>");
			check_box(card, box_of(card, i), "all of it");
			cw_markup_text(out, box_of(card, i));
			cw_buffer_text(out, "</label></li>");
		}
		cw_buffer_text(out, "</ul>\n");
	}
	cw_buffer_text(out, "<ol>\n");
	for (size_t i = 0; i < card->runs[0]->count; i++)
		tell_step(card, i);
	tell_after(card);
	tell_files(card);
	cw_buffer_text(out, "</article>\n");
}

/* The same is done on both boxes; a re-issued certificate is each one's own. */
static bool same_work(const struct cw_repair *plan, const struct run *a, const struct run *b)
{
	if (a->count != b->count || plan->steps[a->begin].phase != plan->steps[b->begin].phase)
		return false;
	for (size_t i = 0; i < a->count; i++) {
		const struct cw_repair_step *one = &plan->steps[a->begin + i];
		const struct cw_repair_step *two = &plan->steps[b->begin + i];
		if (one->remedy.action != CW_ACTION_APPEND || one->replicated != two->replicated ||
			!cw_causes_same_action(&one->remedy, &two->remedy) ||
			strcmp(store_of(&one->remedy), store_of(&two->remedy)) != 0)
			return false;
	}
	return true;
}

static size_t find_runs(const struct cw_repair *plan, struct run *runs)
{
	size_t count = 0;
	for (size_t i = 0; i < plan->count; i++) {
		if (i && cw_plan_words_same_box(&plan->steps[i - 1], &plan->steps[i]))
			runs[count - 1].count++;
		else
			runs[count++] = (struct run){.begin = i, .count = 1};
	}
	return count;
}

static void tell_cards(struct cw_page *page, const struct cw_repair *plan, struct run *runs, size_t count,
	const struct run **members)
{
	struct card card = {.page = page, .plan = plan, .runs = members};
	for (size_t i = 0; i < count; i++) {
		enum cw_repair_phase phase = plan->steps[runs[i].begin].phase;
		if (runs[i].told)
			continue;
		if (!i || plan->steps[runs[i].begin - 1].phase != phase)
			cw_buffer_printf(&page->out, "<h3>%s</h3>\n", cw_plan_words_phase(phase));
		card.run_count = 0;
		card.number++;
		for (size_t k = i; k < count; k++) {
			if (runs[k].told || !(k == i || same_work(plan, &runs[i], &runs[k])))
				continue;
			runs[k].told = true;
			members[card.run_count++] = &runs[k];
		}
		tell_card(&card);
	}
}

static void tell_alternatives(struct cw_page *page, const struct cw_repair *plan)
{
	for (size_t i = 0; i < plan->alternative_count; i++) {
		const struct cw_repair_alternative *alternative = &plan->alternatives[i];
		cw_buffer_text(&page->out,
			i ? "<li>"
			  : "<details class=\"other\"><summary>Other ways, and workarounds "
			    "for tonight</summary><ul><li>");
		if (alternative->replaced_count) {
			AUTO_BUFFER instead = {0};
			cw_plan_alternatives_instead(&instead, alternative);
			cw_markup_printf(&page->out, "Instead of %s: ", cw_buffer_string(&instead));
		}
		if (alternative->name)
			cw_markup_printf(&page->out, "%s: ", alternative->name);
		for (size_t k = 0; k < alternative->count; k++) {
			AUTO_BUFFER words = {0};
			cw_plan_words_step(&words, page->check->deployment, &alternative->steps[k]);
			cw_page_words(page, k ? "; then " : "", &words, "");
		}
		if (alternative->workaround)
			cw_markup_printf(&page->out, ". The price: %s. Undo: %s", alternative->loses,
				alternative->undo);
		cw_buffer_text(&page->out, "</li>\n");
	}
	cw_buffer_text(&page->out, plan->alternative_count ? "</ul></details>\n" : "");
	AUTO_BUFFER more = {0};
	if (plan->alternatives_cut && !page->alone) /* else all that there is stands above */
		cw_plan_alternatives_count(&more, plan);
	cw_page_words(page, "<p class=\"then\">", &more, "</p>\n");
}

static void tell_leaves(struct cw_page *page, const struct cw_repair *plan)
{
	for (size_t i = 0; i < plan->leaf_count; i++) {
		const struct cw_repair_leaf *leaf = &plan->leaves[i];
		cw_buffer_text(
			&page->out, i ? "<li>" : "<h3>What no plan ends</h3><ul class=\"leaves\"><li>");
		cw_markup_printf(
			&page->out, "%s: %s: %s", leaf->where, cw_finding_code_name(leaf->code), leaf->why);
		cw_buffer_text(&page->out, "</li>\n");
	}
	cw_buffer_text(&page->out, plan->leaf_count ? "</ul>\n" : "");
}

void cw_page_plan_cards(struct cw_page *page, const struct cw_repair *plan)
{
	AUTO(free) struct run *runs = calloc(plan->count + 1, sizeof *runs);
	AUTO(free) const struct run **members = calloc(plan->count + 1, sizeof(void *));
	if (!runs || !members) {
		page->out.failed = true;
		return;
	}
	cw_buffer_text(&page->out, "<p class=\"then\">" CW_PLAN_WORDS_BACKUP "</p>\n");
	tell_cards(page, plan, runs, find_runs(plan, runs), members);
}

void cw_page_plan(struct cw_page *page)
{
	const struct cw_repair *plan = page->plan;
	AUTO_BUFFER cost = {0};
	if (!plan || !(plan->count || plan->leaf_count))
		return;
	cw_buffer_text(&page->out, "<section class=\"plan\"><h2>The plan, proven</h2>\n");
	if (plan->count) {
		cw_plan_words_cost(&cost, plan, !plan->leaf_count);
		cw_page_words(page, "<p class=\"cost\">", &cost, ".</p>\n");
		cw_page_plan_cards(page, plan);
	}
	tell_alternatives(page, plan);
	tell_leaves(page, plan);
	cw_buffer_text(&page->out, "</section>\n");
}
