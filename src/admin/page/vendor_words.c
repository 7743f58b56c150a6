#include "admin/page/vendor_words.h"

static const struct {
	const char *text, *source;
} rows[] = {
#define X(name, text, source) {text, source},
	CW_VENDOR_WORD_LIST(X)
#undef X
};

const char *cw_vendor_word(enum cw_vendor_word word)
{
	return word < CW_WORD_COUNT ? rows[word].text : "";
}

const char *cw_vendor_word_source(enum cw_vendor_word word)
{
	return word < CW_WORD_COUNT ? rows[word].source : NULL;
}
