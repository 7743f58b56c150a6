/**
 * A process that speaks TLS on a free port of 127.0.0.1, for verbs that look at live servers: it presents a chain of
 * files, reads until the client goes, and sends nothing.
 */
#ifndef TEST_WORKBENCH_TLS_SERVER_H
#define TEST_WORKBENCH_TLS_SERVER_H

/** "127.0.0.1:PORT" once it runs. */
extern char tls_server_address[32];

void tls_server_start(const char *chain_path, const char *key_path);
void tls_server_stop(void);

#endif
