/**
 * bench: log against `LC_ALL=C grep -cE` with the same patterns, on a generated log of which one line in
 * 10,000 matches. CAUSEWAY_BENCH_LOG_MB sets its size (500). Both sides in turns, five times, each a process
 * of its own; what counts is processor time, since machines that run benches are seldom idle. Both must find
 * the same number of lines.
 */
#include "base/buffer.h"
#include "observe/log/log_source.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define ROUNDS 5
#define RARE 10000
#define GOAL 1.0

/* Ordinary lines of an Expressway's log; %u are numbers that change. */
static const char *const ordinary[] = {
	"2026-11-20T12:00:00+01:00 expc tvcs: UTCTime=\"2026-11-20 11:00:00,%03u\" Module=\"network.sip\" "
	"Level=\"INFO\": Action=\"Received\" Local-ip=\"192.0.2.10\" Local-port=\"25%03u\" "
	"Src-ip=\"198.51.100.20\" Src-port=\"7001\" Detail=\"Receive Response Code=200, Method=OPTIONS, "
	"CSeq=%u, To=sip:198.51.100.20:7001, Call-ID=9e0cbae4f34a3ca0@192.0.2.10, "
	"From-Tag=7c1cbc2f0a1ba7bf\"\n",
	"2026-11-20T12:00:00+01:00 expc tvcs: Event=\"Registration Accepted\" Service=\"SIP\" "
	"Src-ip=\"192.0.2.%u\" Src-port=\"5%04u\" Protocol=\"TLS\" AOR=\"sip:user%u@acme.test\" Level=\"1\" "
	"UTCTime=\"2026-11-20 11:00:00,123\"\n",
	"2026-11-20T12:00:00+01:00 expc tvcs: UTCTime=\"2026-11-20 11:00:00,%03u\" Module=\"network.tcp\" "
	"Level=\"DEBUG\": Src-ip=\"192.0.2.%u\" Src-port=\"4%04u\" Dst-ip=\"192.0.2.10\" Dst-port=\"5061\" "
	"Detail=\"TCP Connection Established\"\n",
	"SIPMSG:\n|OPTIONS sip:198.51.100.20:7001;transport=tls SIP/2.0\nVia: SIP/2.0/TLS "
	"192.0.2.10:5061;egress-zone=Traversal;branch=z9hG4bK%u%u;proxy-call-id=a%u;rport\nMax-Forwards: "
	"0\nUser-Agent: TANDBERG/4137 (X14.2)\nContent-Length: 0\n\n|\n",
	"2026-11-20T12:00:00+01:00 expc traffic_server[2030]: UTCTime=\"2026-11-20 11:00:00,%03u\" "
	"Module=\"network.http.trafficserver\" Level=\"DEBUG\": Detail=\"Receive Response\" Txn-id=\"%u\" "
	"TrackingID=\"\" Src-ip=\"192.0.2.30\" Src-port=\"8443\" Msg=\"HTTP/1.1 200 OK\" Id=\"%u\"\n",
	"2026-11-20T12:00:00+01:00 expe XCP_JABBERD[23843]: UTCTime=\"2026-11-20 11:00:00,%03u\" "
	"ThreadID=\"139882696623872\" Module=\"Jabber\" Level=\"INFO \" "
	"CodeLocation=\"stanza.component.out\" "
	"Detail=\"xcoder=%u to='user%u@acme.test' stanza is routed\"\n",
};

static uint32_t draw(uint32_t *seed)
{
	*seed = *seed * 1664525U + 1013904223U;
	return *seed >> 8;
}

static void add_ordinary(struct cw_buffer *buffer, uint32_t *seed)
{
	const char *format = ordinary[draw(seed) % (sizeof ordinary / sizeof ordinary[0])];
	unsigned values[3] = {draw(seed) % 1000, draw(seed) % 250, draw(seed) % 10000};
	size_t next = 0;
	for (const char *at = format; *at; at++) {
		if (*at != '%') {
			cw_buffer_char(buffer, *at);
			continue;
		}
		at += strspn(at + 1, "0123456789") + 1; /* "%u", "%03u" */
		cw_buffer_printf(buffer, "%u", values[next++ % 3]);
	}
}

static bool write_all(int file, const struct cw_buffer *buffer)
{
	for (size_t at = 0; at < buffer->length;) {
		ssize_t length = write(file, buffer->data + at, buffer->length - at);
		if (length < 0)
			return false;
		at += (size_t)length;
	}
	return true;
}

static bool make_log(const char *path, size_t wanted)
{
	int file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	uint32_t seed = 1;
	size_t made = 0, line = 0, row = 0;
	AUTO_BUFFER buffer = {0};
	while (file >= 0 && made < wanted) {
		buffer.length = 0;
		while (buffer.length < 1 << 20) {
			if (line++ % RARE == RARE - 1) {
				cw_buffer_text(&buffer, cw_log_row(row++ % cw_log_row_count())->example);
				cw_buffer_char(&buffer, '\n');
			} else {
				add_ordinary(&buffer, &seed);
			}
		}
		if (buffer.failed || !write_all(file, &buffer))
			break;
		made += buffer.length;
	}
	return file >= 0 && close(file) == 0 && made >= wanted;
}

static bool make_patterns(const char *path)
{
	FILE *file = fopen(path, "w");
	for (size_t i = 0; file && i < cw_log_row_count(); i++)
		fprintf(file, "%s\n", cw_log_row(i)->pattern);
	return file && fclose(file) == 0;
}

static void count_ours(const char *path)
{
	AUTO(cw_log_scan_free) struct cw_log_scan *scan = NULL;
	AUTO_STRINGS troubles = {0};
	struct cw_error error;
	struct cw_log_result result;
	if (!cw_log_scan_new(&scan, &error) || !cw_log_source_read(scan, path, &troubles, &error))
		_exit(2);
	cw_log_scan_result(scan, &result);
	printf("%llu\n", (unsigned long long)result.matched_lines);
	fflush(stdout);
	_exit(0);
}

static void count_theirs(const char *path, const char *patterns)
{
	setenv("LC_ALL", "C", 1);
	execlp("grep", "grep", "-cE", "-f", patterns, path, (char *)NULL);
	_exit(2);
}

/* Processor seconds of one side; its count in *ret. Negative: it failed. */
static double turn(bool ours, const char *path, const char *patterns, unsigned long long *ret)
{
	int ends[2], status;
	struct rusage usage;
	char answer[64] = "";
	if (pipe(ends) != 0)
		return -1;
	fflush(stdout);
	pid_t child = fork();
	if (child == 0) {
		dup2(ends[1], STDOUT_FILENO);
		close(ends[0]);
		close(ends[1]);
		if (ours)
			count_ours(path);
		count_theirs(path, patterns);
	}
	close(ends[1]);
	ssize_t length = read(ends[0], answer, sizeof answer - 1);
	close(ends[0]);
	if (child < 0 || wait4(child, &status, 0, &usage) != child || length <= 0 || !WIFEXITED(status) ||
		WEXITSTATUS(status) != 0)
		return -1;
	*ret = strtoull(answer, NULL, 10);
	return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
		(double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static int compare(const void *left, const void *right)
{
	const double *a = left, *b = right;
	return (*a > *b) - (*a < *b);
}

static int measure(const char *path, const char *patterns, size_t megabytes)
{
	double ours[ROUNDS], theirs[ROUNDS], ratios[ROUNDS];
	unsigned long long found = 0, wanted = 0;
	for (size_t i = 0; i < ROUNDS; i++) {
		ours[i] = turn(true, path, patterns, &found);
		theirs[i] = turn(false, path, patterns, &wanted);
		if (ours[i] <= 0 || theirs[i] <= 0 || found != wanted) {
			printf("bench: log failed (%llu lines found, grep %llu)\n", found, wanted);
			return 1;
		}
		ratios[i] = theirs[i] / ours[i];
	}
	qsort(ours, ROUNDS, sizeof ours[0], compare);
	qsort(theirs, ROUNDS, sizeof theirs[0], compare);
	qsort(ratios, ROUNDS, sizeof ratios[0], compare);
	printf("bench: log %.2f goal %.1f (%zu MB of log, %llu lines match, %zu patterns; processor seconds: "
	       "causeway "
	       "%.2f, grep -cE %.2f; ratios %.2f to %.2f)\n",
		ratios[ROUNDS / 2], GOAL, megabytes, found, cw_log_row_count(), ours[ROUNDS / 2],
		theirs[ROUNDS / 2], ratios[0], ratios[ROUNDS - 1]);
	return 0;
}

int main(void)
{
	const char *wanted = getenv("CAUSEWAY_BENCH_LOG_MB");
	size_t megabytes = wanted ? strtoul(wanted, NULL, 10) : 500;
	char folder[] = "/tmp/causeway-log-XXXXXX";
	char path[64], patterns[64];
	if (!megabytes || !mkdtemp(folder))
		return 2;
	snprintf(path, sizeof path, "%s/log.txt", folder);
	snprintf(patterns, sizeof patterns, "%s/patterns", folder);
	int status = 2;
	if (make_log(path, megabytes * 1000000) && make_patterns(patterns))
		status = measure(path, patterns, megabytes);
	else
		printf("bench: log skipped (no room for %zu MB in /tmp)\n", megabytes);
	unlink(path);
	unlink(patterns);
	rmdir(folder);
	return status;
}
