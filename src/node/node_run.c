#include "node/node_run.h"

#include "base/confine.h"
#include "net/accept.h"
#include "net/loop_signal.h"
#include "node/admin/node_admin.h"
#include "node/crl/node_crl.h"
#include "node/edge/edge_core.h"
#include "node/history/node_changes.h"
#include "node/node_accept.h"
#include "node/node_control.h"
#include "node/node_core.h"
#include "node/node_dial.h"
#include "node/node_effect.h"
#include "node/node_find.h"
#include "node/node_notify.h"
#include "node/node_ports.h"
#include "node/node_reach.h"
#include "node/node_status.h"
#include "node/replica/replica_link.h"
#include "node/sip/sip_core.h"
#include "node/work/node_work.h"
#include "node/worker/node_workers.h"
#include "report/json.h"

#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

/* Files are looked at every second; dates (a certificate that runs out, a clock that was set) every five. */
#define LOOK_SECONDS 1
#define JUDGE_LOOKS 5
#define SIGNALS 3

struct running {
	struct cw_node_core core; /* first: who has it has this */
	struct cw_node_status *status;
	struct cw_node_control *control;
	struct event *signals[SIGNALS];
	struct event *look, *watchdog;
	bool again;	   /* it ends to begin anew */
	uint64_t files;	   /* how the files looked when they were read last, or were found unfit */
	uint64_t changing; /* how they look now: they are read once they stay like that */
};

static void finish(struct running *running)
{
	struct cw_node_core *core = &running->core;
	cw_node_admin_end(core->admin);
	core->admin = NULL;
	cw_node_crl_end(core);
	cw_node_work_end(core);
	cw_replica_link_end(core);
	cw_edge_core_end(core);
	cw_node_reach_end(core);
	cw_node_dial_end(core);
	cw_node_accept_end(core);
	cw_node_ports_end(core);
	cw_node_workers_end(core);
	cw_sip_core_end(core);
	cw_node_find_end(core);
	cw_node_status_close(running->status);
	cw_node_control_close(running->control);
	for (size_t i = 0; i < SIGNALS; i++)
		if (running->signals[i])
			event_free(running->signals[i]);
	if (running->look)
		event_free(running->look);
	if (running->watchdog)
		event_free(running->watchdog);
	cw_snapshot_free(core->snapshot);
	cw_cache_free(core->cache);
	cw_recent_certs_free(core->recent);
	cw_node_history_close(core->history);
	if (core->base)
		event_base_free(core->base);
	cw_node_folder_finish(&core->folder);
}

#define AUTO_RUNNING __attribute__((cleanup(finish))) struct running

/* --- the files --- */

static uint64_t mix(uint64_t hash, uint64_t value)
{
	for (unsigned i = 0; i < 8; i++)
		hash = (hash ^ (value >> (8 * i) & 0xff)) * 1099511628211ULL;
	return hash;
}

static uint64_t mix_file(uint64_t hash, const char *folder, const char *path)
{
	struct stat status;
	char whole[4096];
	if (path[0] == '/')
		snprintf(whole, sizeof whole, "%s", path);
	else
		snprintf(whole, sizeof whole, "%s/%s", folder, path);
	if (stat(whole, &status) != 0)
		return mix(hash, 1);
	hash = mix(hash, (uint64_t)status.st_mtim.tv_sec);
	hash = mix(hash, (uint64_t)status.st_mtim.tv_nsec);
	hash = mix(hash, (uint64_t)status.st_ino);
	return mix(hash, (uint64_t)status.st_size);
}

static uint64_t mix_files(uint64_t hash, const char *folder, const struct cw_strings *paths)
{
	for (size_t i = 0; i < paths->count; i++)
		hash = mix_file(hash, folder, paths->items[i]);
	return hash;
}

/* Date, size and number of every file that the snapshot was read from. */
static uint64_t files_of(const struct cw_node_core *core)
{
	const char *folder = core->folder.path;
	const struct cw_node *node = core->snapshot->node;
	uint64_t hash = mix_file(14695981039346656037ULL, folder, "node.yaml");
	for (size_t i = 0; i < CW_IDENTITY_KIND_COUNT; i++) {
		const struct cw_identity *identity = &node->identities[i];
		if (identity->path)
			hash = mix_file(hash, folder, identity->path);
		if (identity->key_path)
			hash = mix_file(hash, folder, identity->key_path);
	}
	for (size_t i = 0; i < CW_STORE_KIND_COUNT; i++)
		hash = mix_files(hash, folder, &node->stores[i].paths);
	return mix_files(hash, folder, &node->crl_paths);
}

/* --- reading anew --- */

/* `effect` NULL: nothing is another. */
static json_t *answer_of(const json_t *effect, const char *change, const struct cw_strings *problems)
{
	struct cw_json json = {0};
	AUTO(json_decref) json_t *answer = effect ? json_copy((json_t *)effect) : json_object();
	cw_json_put(&json, answer, "problems", problems ? cw_json_texts(problems) : json_array());
	cw_json_put(&json, answer, "change", cw_json_text(change));
	if (!effect) {
		cw_json_put(&json, answer, "ends", json_array());
		cw_json_put(&json, answer, "begins", json_array());
	}
	return json.failed ? NULL : TAKE(answer);
}

static json_t *refuse_change(struct cw_node_core *core, const char *who, const struct cw_strings *problems)
{
	snprintf(core->change, sizeof core->change, "not taken: %.300s",
		problems->count ? problems->items[0] : "");
	for (size_t i = 0; i < problems->count; i++)
		cw_node_core_say(core, "%s", problems->items[i]);
	const struct cw_node_history_event event = {
		.kind = "change-refused", .who = who, .text = problems->count ? problems->items[0] : ""};
	cw_node_history_tell(core->history, &event);
	cw_node_core_say(core, "the files are not taken: the node goes on with what it has (snapshot %u)",
		core->snapshot->number);
	return answer_of(NULL, "", problems);
}

static json_t *take_change(struct cw_node_core *core, const char *who, struct cw_snapshot *after)
{
	AUTO(cw_snapshot_free) struct cw_snapshot *before = core->snapshot;
	AUTO(json_decref) json_t *effect = cw_node_effect(core, after);
	AUTO_BUFFER what = {0};
	cw_snapshot_compare(before, after, &what);
	AUTO(json_decref) json_t *answer = answer_of(effect, cw_buffer_string(&what), NULL);
	cw_node_effect_text(effect, &what);
	if (after->file->after_restart && cw_snapshot_other_identity(before, after)) {
		cw_buffer_text(&what, " (the new certificate is shown after a restart)");
		cw_snapshot_keep_identities(before, after);
	}
	cw_node_changes_tell(core->history, who, before, after);
	core->snapshot = after;
	cw_node_history_bounds(core->history, after->file->history_days, after->file->history_megabytes);
	snprintf(core->change, sizeof core->change, "%s", cw_buffer_string(&what));
	cw_node_core_say(core, "snapshot %u: %s", after->number, core->change);
	struct cw_error error;
	cw_node_dial_cancel(core);
	cw_node_reach_cancel(core);
	cw_node_work_cancel(core);
	cw_edge_core_cancel(core);
	cw_node_find_reload(core, before);
	if (!cw_node_reach_reload(core, before, &error))
		cw_node_core_say(core, "links cannot be dialled: %s", error.message);
	if (core->dials)
		cw_node_dial_reload(core, before);
	cw_node_accept_reload(core, before);
	cw_node_ports_reload(core, before);
	cw_node_workers_reload(core);
	cw_edge_core_turn(core);
	cw_replica_link_reload(core);
	cw_node_admin_reload(core->admin, before);
	cw_node_crl_reload(core);
	cw_node_core_changed(core);
	return TAKE(answer);
}

static json_t *reload(struct running *running, const char *who)
{
	struct cw_node_core *core = &running->core;
	struct cw_snapshot *after;
	AUTO_STRINGS problems = {0};
	core->reread = false;
	running->files = running->changing = files_of(core);
	core->changed = cw_time_now();
	if (!cw_snapshot_read(
		    core->folder.path, core->snapshot->number + 1, core->changed, &after, &problems)) {
		return refuse_change(core, who, &problems);
	}
	if (after->node->kind != core->snapshot->node->kind) {
		static char sentence[] = "node.yaml has another role now: that needs a restart";
		static char *sentences[] = {sentence};
		const struct cw_strings told = {.items = sentences, .count = 1};
		cw_node_core_say(core, "%s", sentence);
		cw_snapshot_free(after);
		return answer_of(NULL, "", &told);
	}
	json_t *answer = take_change(core, who, after);
	running->files = running->changing = files_of(core); /* it may name other files */
	return answer;
}

static json_t *reload_for(struct cw_node_core *core, const char *who)
{
	return reload((struct running *)core, who);
}

static void restart_for(struct cw_node_core *core)
{
	/* what was asked for is answered before */
	static const struct timeval soon = {0, 300000};
	((struct running *)core)->again = true;
	event_base_loopexit(core->base, &soon);
}

static void judge_all(struct cw_node_core *core)
{
	cw_node_dial_judge(core);
	cw_node_accept_judge(core);
	cw_node_reach_judge(core);
	cw_node_ports_judge(core);
	cw_node_workers_judge(core);
	cw_edge_core_turn(core);
}

static void on_look(evutil_socket_t socket, short what, void *context)
{
	struct running *running = context;
	(void)socket;
	(void)what;
	uint64_t now = files_of(&running->core);
	if (running->core.reread || (now != running->files && now == running->changing))
		json_decref(reload(running, "files"));
	running->changing = now;
	unsigned looks = ++running->core.looks;
	if (looks % JUDGE_LOOKS == 0)
		judge_all(&running->core);
	if (looks == CW_NODE_CORE_QUIET + 1 || looks == CW_NODE_CORE_GRACE + 1)
		cw_node_core_changed(
			&running->core); /* what was not raised; what the former run had, and nobody since */
}

static void on_watchdog(evutil_socket_t socket, short what, void *context)
{
	(void)socket;
	(void)what;
	(void)context;
	cw_node_notify("WATCHDOG=1");
}

static void on_signal(evutil_socket_t number, short what, void *context)
{
	struct running *running = context;
	(void)what;
	if (number == SIGHUP)
		json_decref(reload(running, "files"));
	else
		event_base_loopbreak(running->core.base);
}

/* --- the beginning --- */

/* Root gives itself up for user:, else for the package's account, else for that of Debian's openssh-server. */
static void find_account(struct cw_node_core *core)
{
	const char *user = core->snapshot->file->user;
	struct cw_error error;
	if (cw_tunnel_account_find(user, &core->account, &error))
		return;
	if (!user && geteuid() == 0 &&
		(cw_tunnel_account_find("causeway", &core->account, &error) ||
			cw_tunnel_account_find("sshd", &core->account, &error)))
		return;
	snprintf(core->account_trouble, sizeof core->account_trouble, "%.390s", error.message);
}

static bool begin_loop(struct running *running, struct cw_error *error)
{
	cw_accept_raise_limit();
	static const int numbers[SIGNALS] = {SIGTERM, SIGINT, SIGHUP};
	static const struct timeval second = {LOOK_SECONDS, 0};
	struct event_base *base = running->core.base = cw_accept_base_new();
	if (!base)
		return cw_error_memory(error);
	for (size_t i = 0; i < SIGNALS; i++) {
		const struct cw_loop_signal signal = {numbers[i], numbers[i] != SIGHUP};
		if (!cw_loop_signal_add(base, &signal, on_signal, running, &running->signals[i], error))
			return false;
	}
	running->look = event_new(base, -1, EV_PERSIST, on_look, running);
	if (!running->look || event_add(running->look, &second) < 0)
		return cw_error_memory(error);
	unsigned interval = cw_node_notify_interval();
	const struct timeval pause = {interval / 1000, (suseconds_t)(interval % 1000) * 1000};
	running->watchdog = event_new(base, -1, EV_PERSIST, on_watchdog, running);
	if (!running->watchdog || (interval && event_add(running->watchdog, &pause) < 0))
		return cw_error_memory(error);
	return true;
}

static bool begin_role(struct cw_node_core *core, struct cw_error *error)
{
	switch (core->snapshot->node->kind) {
	case CW_NODE_EXPRESSWAY_C:
		return cw_node_ports_begin(core, error) && cw_node_workers_begin(core, error) &&
			cw_edge_core_begin(core, error) && cw_sip_core_begin(core, error) &&
			cw_node_dial_begin(core, error) && cw_node_reach_begin(core, error);
	case CW_NODE_EXPRESSWAY_E:
		return cw_node_accept_begin(core, error) && cw_node_ports_begin(core, error) &&
			cw_node_workers_begin(core, error) && cw_edge_core_begin(core, error) &&
			cw_sip_core_begin(core, error) && cw_node_reach_begin(core, error);
	case CW_NODE_CUCM:
		return cw_node_ports_begin(core, error) && cw_node_reach_begin(core, error) &&
			cw_replica_link_begin(core, error);
	case CW_NODE_IMP:
	case CW_NODE_UNITY:
	case CW_NODE_FRONT:
	case CW_NODE_KIND_COUNT:
		break;
	}
	return cw_error_set(error, CW_E_USAGE,
		"%s is no role that a node can run as: wanted expressway-c, "
		"expressway-e or cucm",
		cw_node_kind_name(core->snapshot->node->kind));
}

static void tell_confined(struct cw_node_core *core)
{
	struct cw_confine confine = CW_CONFINE_NONE;
	struct cw_error ignored;
	if (!cw_confine_prepare(NULL, 0, &confine, &ignored) || confine.ruleset < 0)
		cw_node_core_say(core,
			"this kernel has no Landlock: ssh, sshd, edge workers and the history's writer can open what their accounts can");
	cw_confine_finish(&confine);
}

static void tell_migrated(struct cw_node_core *core)
{
	const struct cw_node_history_event event = {.kind = "migrated", .before = core->folder.former};
	if (!core->folder.former)
		return;
	cw_node_core_say(core, "the folder was of an older version; that is kept as %s, with its keys",
		core->folder.former);
	cw_node_history_tell(core->history, &event);
}

static void on_history(void *context)
{
	cw_node_core_changed(context);
}

static bool begin_history(struct cw_node_core *core, struct cw_error *error)
{
	AUTO(json_decref) json_t *alarms = NULL;
	if (!cw_node_history_open(core->folder.path, &core->history, &alarms, error))
		return false;
	cw_node_core_carry(core, alarms);
	return true;
}

static void tell(struct cw_node_core *core, const char *kind)
{
	const struct cw_node_history_event event = {.kind = kind};
	cw_node_history_tell(core->history, &event);
}

/* What a killed upload left is taken back before it is read. */
static bool recover(struct cw_node_core *core, struct cw_error *error)
{
	AUTO_STRINGS told = {0};
	if (!cw_node_work_recover(core->folder.path, &told, error))
		return false;
	for (size_t i = 0; i < told.count; i++) {
		const struct cw_node_history_event event = {
			.kind = "change", .who = "recovery", .text = told.items[i]};
		cw_node_history_tell(core->history, &event);
		cw_node_core_say(core, "%s", told.items[i]);
	}
	return true;
}

static bool begin(
	struct running *running, const char *folder, struct cw_strings *problems, struct cw_error *error)
{
	struct cw_node_core *core = &running->core;
	core->started = core->changed = cw_time_now();
	core->cache = cw_cache_new();
	core->recent = cw_recent_certs_new();
	if (!core->cache || !core->recent)
		return cw_error_memory(error);
	if (!cw_node_folder_open(folder, true, &core->folder, error) || !begin_history(core, error) ||
		!recover(core, error) ||
		!cw_snapshot_read(core->folder.path, 1, core->started, &core->snapshot, problems))
		return false;
	cw_node_history_bounds(
		core->history, core->snapshot->file->history_days, core->snapshot->file->history_megabytes);
	core->reload = reload_for;
	core->restart = restart_for;
	find_account(core);
	return begin_loop(running, error) &&
		cw_node_history_begin(core->history, core->base, on_history, core, error) &&
		begin_role(core, error) && cw_node_work_begin(core, error) &&
		cw_node_crl_begin(core, error) && cw_node_status_open(core, &running->status, error) &&
		cw_node_control_open(core, &running->control, error) &&
		cw_node_admin_begin(core, &core->admin, error);
}

static bool run(const char *folder, const struct cw_node_run_owner *owner, bool *ret_again,
	struct cw_strings *problems, struct cw_error *error)
{
	AUTO_RUNNING running = {.core = {.folder = CW_NODE_FOLDER_NONE,
					.say = owner->say,
					.say_context = owner->context,
					.keylog = owner->keylog}};
	if (!begin(&running, folder, problems, error))
		return false;
	running.files = running.changing = files_of(&running.core);
	cw_node_core_say(&running.core, "%s (%s) runs, process %d", running.core.snapshot->node->fqdn,
		cw_node_kind_name(running.core.snapshot->node->kind), (int)getpid());
	cw_node_core_changed(&running.core);
	tell_confined(&running.core);
	tell_migrated(&running.core);
	tell(&running.core, "start");
	cw_node_notify("READY=1");
	if (event_base_dispatch(running.core.base) < 0)
		return cw_error_set(error, CW_E_IO, "the event loop ended");
	cw_node_notify("STOPPING=1");
	tell(&running.core, "stop");
	cw_node_core_say(&running.core, running.again ? CW_NODE_RUN_AGAIN : "stopped");
	*ret_again = running.again;
	return true;
}

bool cw_node_run(const char *folder, const struct cw_node_run_owner *owner, struct cw_strings *problems,
	struct cw_error *error)
{
	bool again = true;
#ifndef __SANITIZE_ADDRESS__		 /* it looks for leaks as a debugger */
	(void)prctl(PR_SET_DUMPABLE, 0); /* private keys are in this process */
#endif
	signal(SIGPIPE, SIG_IGN);
	while (again)
		if (!run(folder, owner, &again, problems, error))
			return false;
	return true;
}
