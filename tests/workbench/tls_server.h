/**
 * A process that speaks TLS on a free port of 127.0.0.1, for verbs that look at live servers: it presents a chain of
 * files and reads until the client goes. To whole HTTP requests it answers; to anything else it says nothing.
 */
#ifndef TEST_WORKBENCH_TLS_SERVER_H
#define TEST_WORKBENCH_TLS_SERVER_H

/* What it answers with a file to a request that holds `path`; to all others: 404. */
struct tls_server_page {
	const char *path, *file;
};

/** "127.0.0.1:PORT" once it runs. */
extern char tls_server_address[32];

/** `page` may be NULL; what it points at stays until the server is stopped. */
void tls_server_start(const char *chain_path, const char *key_path, const struct tls_server_page *page);
void tls_server_stop(void);

#endif
