#include "cli/verbs.h"

#include "base/draft.h"
#include "base/escape.h"
#include "base/file.h"
#include "base/rights.h"
#include "capture/packet/source.h"
#include "cli/call_deployment.h"
#include "cli/progress.h"
#include "report/observed/cert_files.h"
#include "report/observed/session_report.h"
#include "report/observed/session_verdict.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

static const struct cw_option options[] = {
	{"interface", 'i', "NAME", NULL, false, "listen on a network interface instead of reading a file"},
	{"filter", 0, "EXPRESSION", NULL, false, "only packets that libpcap's filter wants: \"port 7001\""},
	{"refused", 0, NULL, NULL, false,
		"show only connections that did not come up, or that the judge refuses"},
	{"keylog", 0, "FILE", NULL, true, "TLS secrets (SSLKEYLOGFILE), to read what is encrypted"},
	{"extract", 0, "DIR", NULL, false, "write every distinct certificate, and index.json"},
	{"extract-format", 0, "pem|der", "pem|der", false, "what those files hold; default pem"},
	{"extract-cer", 0, NULL, NULL, false, "name those files .cer, which Windows opens"},
	{"deployment", 0, "DEPLOYMENT", NULL, false,
		"judge each connection as the deployment's link that it is"},
	{"host", 0, "FQDN=IP", NULL, true, "whose address this is, where no certificate tells"},
	{"at", 0, "TIME", NULL, false,
		"with --deployment: judge as of TIME; default: when the capture was made"},
	{"format", 'f', "text|json", "text|json", false,
		"what the answer looks like; json: one object a line"},
	{"output", 'o', "FILE", NULL, false, "write to FILE (- is standard output), as it is found"},
	CW_OPTIONS_END,
};

/* Ctrl-C ends the reading, and what was found is printed; a second one ends the program. */
static volatile sig_atomic_t stop;

static void on_signal(int number)
{
	(void)number;
	stop = 1;
}

static void catch_signals(struct sigaction *before)
{
	struct sigaction action = {.sa_handler = on_signal, .sa_flags = (int)SA_RESETHAND};
	stop = 0;
	sigaction(SIGINT, &action, before);
}

struct job {
	struct cw_call *call;
	FILE *out;
	struct cw_draft *draft; /* behind `out`, where it is a file; NULL */
	bool json, live;
	bool refused_only;
	bool reader_gone; /* a closed pipe: the rest is not wanted */
	bool told;	  /* there is an answer, if only up to where something went wrong */
	struct cw_buffer text;
	struct cw_session_report_tally tally;
	struct cw_cert_files extract;
	struct cw_progress progress;
	struct cw_call_deployment loaded;
	struct cw_session_judge judge;
	struct cw_buffer link; /* what is told of the session's link */
	uint64_t sessions;
};

#define FLUSH_AT ((size_t)64 * 1024)

/* Names in certificates are escaped long before; those of the deployment's files are not. JSON is as jansson has it. */
static bool put(struct job *job, struct cw_error *error)
{
	AUTO_BUFFER safe = {0};
	const struct cw_buffer *shown = &job->text;
	if (!job->json) {
		cw_escape_lines(&safe, job->text.data, job->text.length);
		shown = &safe;
	}
	if (!cw_buffer_ok(shown, error))
		return false;
	errno = 0;
	bool good = fwrite(cw_buffer_string(shown), 1, shown->length, job->out) == shown->length;
	if (good && job->live)
		good = fflush(job->out) == 0;
	job->reader_gone = !good && errno == EPIPE;
	return good || job->reader_gone ||
		cw_error_set(error, CW_E_IO, "cannot write the answer: %s", strerror(errno));
}

static bool flush(struct job *job, struct cw_error *error)
{
	if (!cw_buffer_ok(&job->text, error))
		return false;
	if (!job->reader_gone && job->text.length) {
		if (!put(job, error))
			return false;
		stop = job->reader_gone ? 1 : stop;
	}
	job->text.length = 0;
	return true;
}

/* What the deployment says of the session, as text or JSON in job->link. */
static bool judge_link(struct job *job, const struct cw_session *session, struct cw_error *error)
{
	AUTO_VERDICT verdict = {0};
	job->link.length = 0;
	if (!job->judge.deployment)
		return true;
	if (!cw_session_judge_one(&job->judge, session, &verdict, error))
		return false;
	if (!job->json)
		cw_session_verdict_text(&job->link, &verdict);
	else if (!cw_session_verdict_json(&job->link, &verdict, error))
		return false;
	return cw_buffer_ok(&job->link, error);
}

/* Ended before the handshake was over, or would be refused by the deployment's own lists. */
static bool is_refused(const struct cw_session *session)
{
	switch (session->outcome) {
	case CW_OUTCOME_REFUSED:
	case CW_OUTCOME_HIDDEN:
	case CW_OUTCOME_RESET:
	case CW_OUTCOME_CLOSED:
		return true;
	case CW_OUTCOME_UP:
	case CW_OUTCOME_UNFINISHED:
	case CW_OUTCOME_MIDDLE:
		return false;
	}
	return false;
}

static bool on_session(void *context, const struct cw_session *session, struct cw_error *error)
{
	struct job *job = context;
	job->sessions++;
	cw_session_report_tally_add(&job->tally, session);
	size_t refused_before = job->judge.refused;
	if (!judge_link(job, session, error))
		return false;
	if (job->refused_only && !is_refused(session) && job->judge.refused == refused_before)
		return true;
	const char *link = cw_buffer_string(&job->link);
	if (job->json) {
		if (!cw_session_report_json(&job->text, session, job->sessions, link, error))
			return false;
	} else {
		cw_session_report_text(&job->text, session, job->sessions, link);
	}
	return (job->text.length < FLUSH_AT && !job->live) || flush(job, error);
}

static bool on_cert(void *context, const struct cw_captured_cert *cert, struct cw_error *error)
{
	struct job *job = context;
	return !job->extract.folder || cw_cert_files_add(&job->extract, cert, error);
}

static bool read_item(struct job *job, struct cw_capture *capture, const struct cw_pcap_file_item *item,
	struct cw_error *error)
{
	switch (item->kind) {
	case CW_PCAP_FILE_PACKET:
		return cw_capture_packet(capture, &item->packet, error);
	case CW_PCAP_FILE_SECRETS:
		return cw_capture_add_secrets(capture, item->secrets, item->secrets_length, error);
	case CW_PCAP_FILE_NOTHING:
		return !job->live || cw_capture_tick(capture, cw_time_now() * 1000000000, error);
	case CW_PCAP_FILE_END:
		job->tally.file_cut = item->cut;
		return true;
	}
	return true;
}

static bool read_all(
	struct job *job, struct cw_source *source, struct cw_capture *capture, struct cw_error *error)
{
	struct cw_pcap_file_item item = {0};
	uint64_t read, size;
	for (unsigned step = 0; item.kind != CW_PCAP_FILE_END; step++) {
		if (!cw_source_next(source, &item, error) || !read_item(job, capture, &item, error))
			return false;
		if (step % 4096 == 0) {
			cw_source_progress(source, &read, &size);
			if (size)
				cw_progress_show(&job->progress, cw_time_now(), read >> 20, size >> 20);
		}
	}
	return true;
}

/* What was read so far is reported, whatever went wrong. */
static bool end_all(struct job *job, struct cw_capture *capture, struct cw_error *error)
{
	if (!cw_capture_finish(capture, error))
		return false;
	struct cw_capture_counts counts = cw_capture_counts(capture);
	job->tally.interrupted = stop && !job->live && !job->reader_gone;
	job->tally.judged = job->judge.deployment;
	job->tally.matched = job->judge.matched;
	job->tally.unmatched = job->judge.unmatched;
	job->tally.refused_as_sent = job->judge.refused;
	job->tally.differing = job->judge.differing;
	if (job->json)
		cw_session_report_json_end(&job->text, &job->tally, &counts);
	else
		cw_session_report_text_end(&job->text, &job->tally, &counts);
	if (!flush(job, error))
		return false;
	job->told = true;
	return !job->extract.folder || cw_cert_files_end(&job->extract, cw_capture_certs(capture), error);
}

static bool add_keys(const struct job *job, struct cw_capture *capture, struct cw_error *error)
{
	const char *path;
	for (size_t i = 0; (path = cw_arguments_nth(&job->call->arguments, "keylog", i)); i++)
		if (!cw_capture_add_keys(capture, path, error))
			return false;
	return true;
}

/* What comes from an interface is anybody's: nothing of it is looked at with the rights that opened it. */
static bool drop_rights(const struct job *job, struct cw_error *error)
{
	struct cw_rights_user user;
	return !job->live ||
		(cw_rights_choose(job->extract.folder, &user, error) && cw_rights_drop(&user, error));
}

static bool run(struct job *job, const struct cw_source_options *from, struct cw_error *error)
{
	struct cw_capture_options what = {
		.on_session = on_session, .on_cert = on_cert, .context = job, .prompt = job->live};
	AUTO(cw_source_free) struct cw_source *source = NULL;
	AUTO(cw_capture_free) struct cw_capture *capture = NULL;
	if (!cw_capture_new(&what, &capture, error) || !add_keys(job, capture, error) ||
		!cw_source_open(from, &source, error))
		return false;
	if (job->extract.folder &&
		(!cw_call_lock_made(job->call, job->extract.folder, error) ||
			!cw_cert_files_begin(&job->extract, error)))
		return false;
	if (!drop_rights(job, error))
		return false;
	bool good = read_all(job, source, capture, error);
	cw_progress_end(&job->progress);
	struct cw_error later;
	if (!end_all(job, capture, good ? error : &later) || !good)
		return false;
	return cw_call_whole(job->call, &job->text, error);
}

static bool prepare_judge(struct job *job, struct cw_error *error)
{
	const struct cw_arguments *arguments = &job->call->arguments;
	struct cw_session_judge *judge = &job->judge;
	const char *host;
	for (size_t i = 0; (host = cw_arguments_nth(arguments, "host", i)); i++)
		if (!cw_session_match_hosts_add(&judge->hosts, host, error))
			return false;
	judge->at_given = cw_arguments_given(arguments, "at");
	judge->deployment = job->loaded.deployment;
	judge->pool = job->loaded.pool;
	judge->options.cache = cw_cache_new();
	return judge->options.cache ? cw_call_time(job->call, &judge->options.at, error)
				    : cw_error_memory(error);
}

static void job_finish(struct job *job)
{
	cw_draft_free(job->draft);
	cw_session_judge_finish(&job->judge);
	cw_call_deployment_finish(&job->loaded);
	cw_buffer_finish(&job->link);
	cw_buffer_finish(&job->text);
}

#define AUTO_JOB __attribute__((cleanup(job_finish))) struct job

static bool choose_source(const struct cw_call *call, struct cw_source_options *ret, struct cw_error *error)
{
	const struct cw_arguments *arguments = &call->arguments;
	*ret = (struct cw_source_options){
		.path = arguments->word_count ? arguments->words[0] : NULL,
		.interface = cw_arguments_value(arguments, "interface"),
		.filter = cw_arguments_value(arguments, "filter"),
		.stop = &stop,
	};
	if (!ret->path && !ret->interface)
		return cw_error_set(
			error, CW_E_USAGE, "capture: wanted a capture FILE (- is standard input), or -i");
	if (ret->path && ret->interface)
		return cw_error_set(error, CW_E_USAGE, "capture: wanted either FILE or -i, found both");
	if (!cw_arguments_given(arguments, "deployment") &&
		(cw_arguments_given(arguments, "host") || cw_arguments_given(arguments, "at")))
		return cw_error_set(error, CW_E_USAGE, "capture: --host and --at want --deployment");
	if (!cw_arguments_given(arguments, "extract") &&
		(cw_arguments_given(arguments, "extract-format") ||
			cw_arguments_given(arguments, "extract-cer")))
		return cw_error_set(error, CW_E_USAGE, "capture: --extract-… wants --extract DIR");
	return true;
}

static bool open_output(struct job *job, struct cw_error *error)
{
	const char *path = cw_arguments_value(&job->call->arguments, "output");
	job->out = job->call->out;
	if (!path || strcmp(path, "-") == 0)
		return true;
	if (!job->live && !cw_file_is_special(path)) {
		cw_lock_sweep_beside(path);
		if (!cw_draft_open(path, &job->draft, error))
			return false;
		job->out = cw_draft_stream(job->draft);
		return true;
	}
	job->out = fopen(path, "we"); /* written at once: it may be read while the capture goes on */
	return job->out || cw_error_set(error, CW_E_IO, "%s: cannot write: %s", path, strerror(errno));
}

static bool close_output(struct job *job, struct cw_error *error)
{
	if (job->draft)
		return !job->told || cw_draft_commit(job->draft, 0644, error);
	errno = 0;
	bool good = job->out == job->call->out ? fflush(job->out) == 0 : fclose(job->out) == 0;
	return good || errno == EPIPE || job->reader_gone ||
		cw_error_set(error, CW_E_IO, "cannot write the answer: %s", strerror(errno));
}

static enum cw_exit capture(struct cw_call *call)
{
	const struct cw_arguments *arguments = &call->arguments;
	AUTO_JOB job = {.call = call};
	struct cw_source_options from;
	struct cw_error error, close_error;
	const char *format = cw_arguments_value(arguments, "format");
	const char *extract_format = cw_arguments_value(arguments, "extract-format");
	job.json = format && strcmp(format, "json") == 0;
	job.extract.folder = cw_arguments_value(arguments, "extract");
	job.extract.der = extract_format && strcmp(extract_format, "der") == 0;
	job.refused_only = cw_arguments_given(arguments, "refused");
	job.extract.cer = cw_arguments_given(arguments, "extract-cer");
	const char *deployment = cw_arguments_value(arguments, "deployment");
	if (!choose_source(call, &from, &error))
		return cw_call_trouble(call, &error);
	if (deployment && !cw_call_deployment_load(call, deployment, &job.loaded))
		return CW_EXIT_TROUBLE;
	job.live = from.interface;
	if ((deployment && !prepare_judge(&job, &error)) || !open_output(&job, &error))
		return cw_call_trouble(call, &error);
	struct sigaction before;
	catch_signals(&before);
	job.progress = cw_progress_begin(call, "MB");
	bool good = run(&job, &from, &error);
	sigaction(SIGINT, &before, NULL);
	bool closed = close_output(&job, &close_error);
	if (!good || !closed)
		return cw_call_trouble(call, good ? &close_error : &error);
	return job.tally.refused || job.judge.refused ? CW_EXIT_REFUSED : CW_EXIT_GOOD;
}

const struct cw_verb cw_verb_capture = {
	.name = "capture",
	.summary = "every certificate and every refusal in a packet capture, without clicking",
	.words = "FILE",
	.words_max = 1,
	.options = options,
	.about = "Reads pcap and pcapng (plain, gzip, zstd; - is standard input) or listens on an\n"
		 "interface (-i), puts TCP connections together, finds TLS by its content on any port\n"
		 "and after STARTTLS, and says for each connection which certificates either side\n"
		 "sent, whether a client certificate was asked for, and who refused whom and why.\n"
		 "TLS 1.3 encrypts certificates: with --keylog, or with the secrets that a pcapng\n"
		 "file carries, they are read too; without, it is said that they are hidden.\n"
		 "\n"
		 "Of overlapping segments the bytes that came first count. Bytes that the capture\n"
		 "lacks are counted and never guessed. Memory stays bounded; what had to be given up\n"
		 "for that (the oldest first) is in the last lines. Ctrl-C prints what was found.\n"
		 "\n"
		 "With --deployment each connection is matched to a link (by address, certificate or\n"
		 "name), judged with what was really sent, and put beside what check predicts; each\n"
		 "reason comes with what to do. --refused leaves out what came up: the numbers of the\n"
		 "connections and the last lines stay those of the whole capture.\n"
		 "Exit status 1: a side refused a connection, or the judge refuses what was sent.\n",
	.example = "$ causeway lab new demo --fault root-missing\n"
		   "$ causeway lab export demo --as bundle -o sources\n"
		   "$ mkdir c1 && tar -xf sources/*c1*.tar.gz -C c1\n"
		   "$ causeway capture $(find c1 -name \"*.pcap*\") --refused --extract certs\n"
		   "1  2026-11-20T12:00:00.000000Z  198.51.100.1:25001 -> 198.51.100.2:7001  TLS 1.2 ...\n"
		   "   frames 1 to 10\n"
		   "   server sent 3 certificates (frame 7)\n"
		   "     0  C=US, O=Acme, CN=e1.acme.test\n"
		   "...\n"
		   "   => refused by the client, alert unknown_ca (frame 8): the client does not trust ...\n"
		   "      > append the CA that issued the refused certificate to the trust list of ...\n"
		   "...\n",
	.run = capture,
};
