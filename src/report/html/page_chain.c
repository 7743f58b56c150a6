#include "check/check.h"
#include "report/html/page_parts.h"

#include "report/cause_words.h"
#include "report/chain_text.h"
#include "report/markup.h"

#include <string.h>

/* What breaks the chain goes before what is wrong with one certificate of it. */
const struct cw_finding *cw_page_finding(const struct cw_link *link, const struct cw_question *question)
{
	const struct cw_finding *first = NULL;
	for (size_t i = 0; i < link->complaints.count; i++) {
		const struct cw_finding *finding = &link->complaints.items[i].finding;
		if (link->complaints.items[i].question != question || finding->severity == CW_SEVERITY_INFO)
			continue;
		if (cw_chain_text_matters(finding->code))
			return finding;
		first = first ? first : finding;
	}
	return first;
}

void cw_page_chain(struct cw_page *page, const struct cw_question *question, const struct cw_finding *finding)
{
	AUTO_BUFFER words = {0};
	AUTO_BUFFER drawing = {0};
	if (!question->judged || !question->judgement.path.count)
		return;
	cw_cause_words_caption(&words, question);
	cw_chain_text(&drawing, 0, &question->judgement.path, finding);
	cw_page_words(page, "<figure class=\"chain\"><figcaption>", &words, "");
	cw_buffer_printf(&page->out, " <span class=\"list\">list: %s</span></figcaption>",
		cw_node_store_name(question->store));
	cw_page_words(page, "<pre>", &drawing, "</pre></figure>\n");
}

static size_t find_chain(struct cw_page_chains *chains, const char *drawing)
{
	size_t i = 0;
	while (i < chains->count && strcmp(chains->drawings[i], drawing) != 0)
		i++;
	return i;
}

static bool add_chain(struct cw_page_chains *chains, struct cw_buffer *drawing, struct cw_buffer *words)
{
	if (!cw_memory_grow(&chains->drawings, &chains->capacity, chains->count, sizeof *chains->drawings) ||
		!cw_memory_grow(&chains->captions, &chains->caption_capacity, chains->count,
			sizeof *chains->captions))
		return false;
	AUTO(free) char *text = cw_buffer_steal(drawing);
	AUTO(free) char *heading = cw_buffer_steal(words);
	if (!text || !heading)
		return false;
	chains->drawings[chains->count] = TAKE(text);
	chains->captions[chains->count++] = TAKE(heading);
	return true;
}

void cw_page_chain_link(struct cw_page *page, const struct cw_link *link, const struct cw_question *question)
{
	AUTO_BUFFER words = {0};
	AUTO_BUFFER drawing = {0};
	if (!question->judged || !question->judgement.path.count)
		return;
	cw_cause_words_caption(&words, question);
	cw_chain_text(&drawing, 0, &question->judgement.path, cw_page_finding(link, question));
	page->out.failed |= words.failed || drawing.failed;
	size_t number = find_chain(&page->chains, cw_buffer_string(&drawing));
	if (number == page->chains.count && !add_chain(&page->chains, &drawing, &words)) {
		page->out.failed = true;
		return;
	}
	cw_buffer_text(&page->out, " <a class=\"ref\" href=\"#");
	cw_page_anchor(page, "chain", number);
	cw_buffer_printf(&page->out, "\">%s</a>", cw_node_identity_name(question->identity));
}

void cw_page_chain_list(struct cw_page *page)
{
	if (!page->chains.count)
		return;
	cw_buffer_printf(&page->out,
		"<details class=\"chains\"><summary>The %zu chain%s that these links rest on</summary>\n",
		page->chains.count, page->chains.count == 1 ? "" : "s");
	for (size_t i = 0; i < page->chains.count; i++) {
		cw_buffer_text(&page->out, "<figure class=\"chain\" id=\"");
		cw_page_anchor(page, "chain", i);
		cw_buffer_text(&page->out, "\"><figcaption>");
		cw_markup_marked(&page->out, page->chains.captions[i]);
		cw_buffer_text(&page->out, "</figcaption><pre>");
		cw_markup_marked(&page->out, page->chains.drawings[i]);
		cw_buffer_text(&page->out, "</pre></figure>\n");
	}
	cw_buffer_text(&page->out, "</details>\n");
}
