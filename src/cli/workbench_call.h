/**
 * What the verbs of the workbench share: the deployment of --deployment, the lists that words name, answers
 * in text or JSON.
 */
#ifndef CW_CLI_WORKBENCH_CALL_H
#define CW_CLI_WORKBENCH_CALL_H

#include "cli/call.h"
#include "model/deployment.h"
#include "report/json.h"
#include "workbench/list/list.h"
#include "workbench/node_files.h"

#define CW_OPTION_DEPLOYMENT \
	{ \
		"deployment", 'd', "DEPLOYMENT", NULL, false, \
			"words name nodes of this deployment: NODE, NODE:STORE" \
	}

/* The same option where words are files all the same. */
#define CW_OPTION_DEPLOYMENT_ONLY \
	{ \
		"deployment", 'd', "DEPLOYMENT", NULL, false, "look into what its boxes hold" \
	}

struct cw_workbench_call {
	struct cw_call *call;
	struct cw_pool *pool;
	struct cw_deployment *deployment; /* of --deployment, or NULL */
	cw_time at;
	bool json;
	struct cw_buffer text;	 /* marked text for people */
	struct cw_buffer answer; /* what is written in the end */
};

void cw_workbench_call_finish(struct cw_workbench_call *workbench);
#define AUTO_WORKBENCH_CALL __attribute__((cleanup(cw_workbench_call_finish))) struct cw_workbench_call

/** Pool, time, format, and the deployment of --deployment if there is one. */
CW_MUST_USE bool cw_workbench_call_open(
	struct cw_call *call, struct cw_workbench_call *ret, struct cw_error *error);

/**
 * Loads a deployment. Where it has several problems all but the last are printed, and the last is the error.
 */
CW_MUST_USE bool cw_workbench_call_load(
	struct cw_workbench_call *workbench, const char *path, struct cw_error *error);

/** The list that a word names: a file, or with --deployment a store. */
CW_MUST_USE bool cw_workbench_call_list(struct cw_workbench_call *workbench, const char *word, bool create,
	struct cw_list *ret, struct cw_error *error);

/**
 * The same to be changed: the folders of its files are locked first, then it is opened (base/lock.h). With `lock`
 * false (--dry-run) it is only opened.
 */
CW_MUST_USE bool cw_workbench_call_list_locked(struct cw_workbench_call *workbench, const char *word,
	bool create, bool lock, struct cw_list *ret, struct cw_error *error);

/** Tells what an interrupted installation left in a node's files, if it did. */
void cw_workbench_call_look(const struct cw_workbench_call *workbench, const struct cw_node_files *files);

/** Adds a JSON value (taken over; NULL: no memory) to the answer. */
CW_MUST_USE bool cw_workbench_call_json(
	struct cw_workbench_call *workbench, json_t *value, bool one_line, struct cw_error *error);

/** Does the work of a verb and puts what is to be said about it into the answer. */
typedef bool (*cw_workbench_work)(struct cw_workbench_call *workbench, struct cw_error *error);

/** A whole verb: one piece of work. */
enum cw_exit cw_workbench_call_do(struct cw_call *call, cw_workbench_work work);

/** Puts what one word names into the answer; JSON on one line where there are `several` of them. */
typedef bool (*cw_workbench_show)(
	struct cw_workbench_call *workbench, const char *word, bool several, struct cw_error *error);

/** A whole verb: shows every word in turn. */
enum cw_exit cw_workbench_call_show_all(struct cw_call *call, cw_workbench_show show);

/** Changes a list, and says in the answer what was changed. */
typedef bool (*cw_workbench_edit)(
	struct cw_workbench_call *workbench, struct cw_list *list, struct cw_error *error);

/** A whole verb: changes the list that the first word names and writes it, unless with --dry-run. */
enum cw_exit cw_workbench_call_edit_list(struct cw_call *call, cw_workbench_edit edit);

/** Writes the answer, the rendered text first. Returns `status`, or CW_EXIT_TROUBLE where that fails. */
enum cw_exit cw_workbench_call_end(struct cw_workbench_call *workbench, enum cw_exit status);

#endif
