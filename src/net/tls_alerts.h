/**
 * What makes OpenSSL send an alert. Private to the net layer; names and numbers are in pki/alert.h.
 */
#ifndef CW_NET_TLS_ALERTS_H
#define CW_NET_TLS_ALERTS_H

/** The X509_V_ERR_… that OpenSSL answers with this alert; there is no other way to choose one. */
int cw_tls_alerts_verify_error(int alert);

#endif
