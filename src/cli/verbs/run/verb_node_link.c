#include "cli/verbs.h"

#include "base/time.h"
#include "node/admin/admin_link.h"

static const struct cw_option options[] = {
	{"user", 0, "NAME", NULL, false, "whose password is set (default admin)"},
	CW_OPTIONS_END,
};

static enum cw_exit node_link(struct cw_call *call)
{
	const char *user = cw_arguments_value(&call->arguments, "user");
	AUTO_BUFFER answer = {.secret = true};
	struct cw_error error;
	bool good = cw_admin_link(
		call->arguments.words[0], user ? user : CW_ADMIN_LINK_USER, cw_time_now(), &answer, &error);
	cw_buffer_char(&answer, '\n');
	if (!good || !cw_call_write(call, &answer, &error))
		return cw_call_trouble(call, &error);
	return CW_EXIT_GOOD;
}

const struct cw_verb cw_verb_node_link = {
	.name = "node",
	.sub = "link",
	.summary = "print an address at which an administrator sets a password, once",
	.words = "DIR",
	.words_min = 1,
	.words_max = 1,
	.options = options,
	.about = "Prints an address of the node in DIR, good once and for an hour, at which an\n"
		 "administrator sets a password: the first one (there is no default password), or a\n"
		 "new one in place of one that was lost. A former address is no longer good. A new\n"
		 "administrator gets the role read-write. The node may be running.\n",
	.example = "$ causeway node link e1 --user admin\n"
		   "https://e1.acme.test:7443/first/Zk3oB1...\n",
	.run = node_link,
};
