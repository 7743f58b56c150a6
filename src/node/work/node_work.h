/**
 * What the pages and the REST of a node do: one function, one table of operations.
 *
 * Everything is done by what the file verbs are made of (workbench, check, plan) and judged by the one judge; this is
 * no second place that decides. What tries changes nothing and says which links would end or begin; what does something
 * looks at everything first, keeps the former file in former/, writes beside and renames, has the node read its files
 * anew, and says which links ended or began. Killed at any step, the node starts with the old state or the new one.
 * Passwords and private keys are in no answer and in no history.
 *
 * Nothing waits for a network: what does is begun, answered with "running": true, and told when it is asked again.
 *
 * ## The answer
 *
 *     {"status":200,"answer":{…}}
 *     {"status":400|403|404|409,"error":{"text":"wanted …, found …","next":"…"}}
 *
 * (A refusal has "page" beside "error".)
 *
 * 400: `with` is no such question. 403: the role may not. 404: no such operation on this node, no such thing. 409: it
 * contradicts what is there (a request is in progress, a refused certificate). 202: done once the answer is out
 * (restart), or to be confirmed (cba/set). Every answer has
 *
 *     "page":{"node":"c1.acme.test","role":"expressway-c","user":"admin","user_role":"read-write","alarms":2}
 *
 * to which who serves it adds "csrf". Times are "2027-11-28T12:00:00Z". What does not apply is null, never left out.
 *
 * ## Objects that are the same everywhere
 *
 * CERTIFICATE  {"subject","common_name","issuer","serial" (hexadecimal),"not_before","not_after","days_left" (negative:
 *              expired),"sha256","key":"RSA 2048","digest":"SHA256","sans":["e1.acme.test"],"eku":["serverAuth"],
 *              "ca":false,"self_signed":false,"temporary":false,"pem","decoded"}. A list of over 200 certificates has
 *              "pem" and "decoded" null in all but those that were asked for by "sha256".
 * FINDING      as in the reports: {"code","severity","layer","reached","judge","store","depth","subject","sha256",
 *              "name","detail","vendor_text","remedy"}, and "sentence" (detail, or what the code means), "advice".
 * EFFECT       {"change":"trusted-ca: 1 added, 0 removed","ends":[{"link":"tunnel","peer","code","detail"}],
 *              "begins":[{"link","peer"}],"problems":[]}. "problems": sentences; the node would not, or did not, take it.
 * REQUEST      {"subject","sans":[],"key","digest","sha256" (of its key),"pem","decoded","file_name"}, or null.
 * LINK         {"link":"traversal","peer":"e1.acme.test"}: one that is up
 *
 * ## Operations: on which nodes (C, E, U for cucm), role, `with` -> `answer`
 *
 * overview  CEU read
 *   -> the object of node_status.h ("zones","tunnels","services","alarms","change",…), and "release":"X14.2",
 *      "restart_wanted": null or a sentence, "identities":[{"identity":"server","not_after","days_left"}],
 *      "checklist" as in tunnels
 * zones  CE read
 *   -> "zones":[{"name","type":"Unified Communications traversal","side":"client"|"server","status":"Active"|"Failed"|
 *      "Checking"|"Off","peers":[{"address","state","code","reason","since"}],"port":7001,"tls_verify":"On",
 *      "verify_name","user","has_password":true}]. On E "address" is null where nobody has come.
 * zone  CE read  {"name"}  -> "zone": one of them
 * zone/try, zone/set  CE write  {"name", and what is to be another: "peers":[…] (C),"port","verify_name" (E),"user",
 *      "password"}  -> EFFECT, "warnings":["comments of node.yaml go: …"]
 * tunnels  CE read
 *   -> "tunnels":[{"peer","domain","state":"Active"|"Off"|…,"code","refused_by","reason","since"}],
 *      "none": null or "No SSH tunnels have been established",
 *      "checklist":[{"check":"Firewall: port 2222","state":"good"|"bad"|"unknown","text"}]
 * uc  CE read
 *   -> "counts":{"cucm","imp","domains","zones","zones_active","tunnels_active","sessions" (C; else null)},"domains":
 *      [{"name","edge"}],"servers": as of cucm-servers,"zones": as of zones,"tunnels": as of tunnels,"messages":[{"text",
 *      "severity"}],"traffic": null, or "edge" of node_status.h: on E what it counted since its beginning
 * sessions  C read
 *   -> "sessions":[{"user","client","agent","address","edge","since","until"}] (the newest first, at most 500),"count"
 * identity  CEU read  {"identity":"server"|"client"|"tomcat"|"CallManager"|"tomcat-ECDSA"|"CallManager-ECDSA"}
 *   -> "identity","certificate": CERTIFICATE or null (what is installed),"shown": CERTIFICATE or null where the node
 *      still shows another one (apply: restart),"chain":[CERTIFICATE] (what it sends behind the leaf),"key":true,
 *      "request": REQUEST,"restart_wanted","names":[{"name","reason"}] (what a request would ask for),"identities":[…]
 *      (those that this node can have)
 * request/new  CEU write  {"identity","common_name"?,"sans":[]?,"key":"rsa:2048"|…?,"digest":"sha256"|…?,"country"?,
 *      "state"?,"locality"?,"organization"?,"unit"?,"email"?,"edge":"dns"|"collab-edge"?,"distribution":"this-node"|
 *      "multi-server"?,"shared":bool?,"discard":bool?}
 *   -> "request": REQUEST,"names":[{"name","reason"}],"notes":[…]. 409 where one is in progress and "discard" is not true
 * request/discard  CEU write  {"identity"}  -> "discarded":true
 * identity/try, identity/upload  CEU write  {"identity","file" (base64),"file_name"?,"key_file" (base64)?,
 *      "key_password"?}
 *   -> "refused":bool,"page_text": the page's words,"findings":[FINDING],"certificate": CERTIFICATE or null,
 *      "key":"request"|"given"|"present"|"none","consequences":[{"judge","link","code","detail","missing","store"}]
 *      (others who would refuse it),"trust_first":[{"subject","sha256","store"}] (what the own list lacks, root first),
 *      EFFECT; upload: "installed":bool,"restart": null or the prompt. A refused upload is 200 with "refused":true:
 *      the page shows it
 * trust  CEU read  {"store":"trusted-ca"|"tomcat-trust"|"CallManager-trust","sha256"?:[…]}
 *   -> "store","entries":[CERTIFICATE + {"position" (from 1),"shadows":[position],"shadowed_by": position or null,
 *      "serves":[LINK],"needed":"yes"|"no"|"unknown","remarks":[sentence]}],"pem" (all, or null),"stores":[…]
 * trust/try, trust/append, trust/replace  CEU write  {"store","file","file_name"?}
 *   -> "added":[CERTIFICATE],"already":[CERTIFICATE],"refused":bool,"rows":[{"subject","sha256","outcome":"added"|
 *      "replaced"|"already"|"leaf"|"conflict"|"older","position","former": subject or null}],"page_text",EFFECT.
 *      try takes "replace":bool too. append refuses another certificate of a subject that is there; replace takes it out
 * trust/reset  CE write  {"try":bool}  -> "removed":[CERTIFICATE],EFFECT: everything but what the node's own
 *      certificate needs and a temporary CA goes
 * trust/remove  CEU write  {"store","sha256":[…],"try":bool}  -> "removed":[CERTIFICATE],EFFECT
 * trust/move  CEU write  {"store","sha256","position","try":bool}  -> EFFECT
 * crl  CE read  -> "crls":[{"issuer","this_update","next_update" or null,"expired":bool,"revoked" (count),"delta",
 *      "indirect","signed_by": subject or null}],"revocation":"off"|"crl"|"unknown","fallback":"fail"|"ignore",
 *      "urls":[…],"daily":"03:30","enabled":bool
 * crl/upload  CE write  {"file","try":bool}  -> "crls","refused","page_text",EFFECT
 * crl/set  CE write  {"urls"?,"daily"?,"enabled"?,"revocation":"off"|"crl"?,"fallback"?,"try":bool}
 *      -> as crl, EFFECT, "warnings"
 * client-test  CE read  {"file" (base64: certificate or its decoded text) or "browser" (PEM),"pattern"?,"format"?,
 *      "revocation":"page"|"none"|"leaf"|"all"?,"permanent":bool?}
 *   -> "page_text": behind "Valid certificate:","meaning","good": bool or null,"only_crl_missing","findings":[FINDING],
 *      "decoded","captures":[{"name","value"}],"matched":bool,"string": behind "Resulting string:" or null,"pattern",
 *      "format","certificate". "permanent" (write) keeps pattern and format in node.yaml, "warnings"
 * cba  CE read  -> "mode":"not-required"|"validation"|"authentication","pattern","format","unconfirmed": null or the
 *      time at which the former mode comes back
 * cba/set  CE write  {"mode","pattern"?,"format"?}  -> 202, as cba, "warnings"
 * cba/confirm  CE write  {}  -> as cba. 409 over the connection of cba/set
 * traversal-test  C read  {"fqdn","again":bool?}
 *   -> "fqdn","running":bool,"result":"good"|"bad"|null,"page_text": null or "e1.acme.test cannot be reached","stages":
 *      [{"stage":"dns"|"tcp"|"tls"|"judged"|"accepted","state":"good"|"bad"|"waiting"|"skipped","text","code"}],"findings":
 *      [FINDING],"chain":[CERTIFICATE]
 * cucm-servers  C read
 *   -> "servers":[{"address","fqdn","tls_verify":"On"|"Off","state":"Active"|"Failed"|"Checking","code","reason",
 *      "links":[{"link","state","code","reason","since"}]}]
 * cucm-servers/add, /remove  C write  {"address","fqdn"?,"tls_verify":bool?,"try":bool}  -> EFFECT,"servers","warnings"
 * cucm-servers/refresh  C write  {}  -> "servers": all are dialled at once, and told when asked again
 * domains  CE read  -> "domains":[{"name","edge":"either"|"dns"|"collab-edge"|"none"}]
 * domains/add, /remove  CE write  {"domain","try":bool}  -> "domains",EFFECT,"warnings"
 * restart  CEU write  {}  -> 202 "restarting":true
 * events  CEU read, audit  {"from": time?,"count"? (100; at most 1000),"kind"?}
 *   -> "events":[{"at","kind","about","who","before","after","text","explained": null or {"row","means","misleads",
 *      "next","code","source"}}], newest first
 * metrics  CEU read  -> "text": OpenMetrics, names as "check -f openmetrics"
 * certificates  U read  {"find"?:{"column":"certificate"|"common-name"|"type"|"key-type"|"issued-by"|"expiration"|
 *      "description","how":"begins-with"|"contains"|"ends-with"|"is-exactly"|"is-empty"|"is-not-empty","text"}}
 *   -> "rows":[CERTIFICATE + {"name":"tomcat"|"tomcat-trust"|…,"common_name","purpose","store": null or "tomcat-trust",
 *      "type":"CA-signed"|"Self-signed","key_type":"RSA"|"EC","distribution","issued_by","expiration","description",
 *      "file_name","group":"product-cm"|…,"locally_uploaded","details" (as its popup has it),"request": bool}]
 * certificate/upload, certificate/try  U write  {"purpose":"tomcat"|"CallManager"|"tomcat-trust"|…,"description"?,
 *      "file","file_name"?}  -> as identity/upload or trust/append. "page_text":"Success: Certificate Uploaded..."
 * certificate/delete  U write  {"store","sha256","try":bool}  -> EFFECT. Trust certificates alone
 * certificate/regenerate  U write  {"identity","try":bool}  -> EFFECT,"certificate": a new self-signed one
 */
#ifndef CW_NODE_WORK_NODE_WORK_H
#define CW_NODE_WORK_NODE_WORK_H

#include "node/node_core.h"

/* An answer is a frame of at most 4 MB; a question too. */
#define CW_NODE_WORK_FILE_MAX (2 * 1024 * 1024)
#define CW_NODE_WORK_LIST_FULL 200

enum cw_node_work_role { CW_ROLE_READ_ONLY, CW_ROLE_AUDITOR, CW_ROLE_READ_WRITE };

/** "read-only", "auditor", "read-write". */
const char *cw_node_work_role_name(enum cw_node_work_role role);

/** Who asks. Texts are borrowed. */
struct cw_node_work_who {
	const char *user;
	enum cw_node_work_role role;
	const char *address; /* from where; for the history; or NULL */
	uint64_t connection; /* tells connections apart: cba/confirm wants another one than cba/set */
};

/**
 * Does one operation. `with` may be NULL: nothing. `*ret_answer` is for json_decref, and is written where true is
 * returned: also for refusals. False: it could not be found out (no memory, a file that cannot be written); the node
 * goes on with what it has.
 */
CW_MUST_USE bool cw_node_work(struct cw_node_core *core, const struct cw_node_work_who *who,
	const char *operation, const json_t *with, json_t **ret_answer, struct cw_error *error);

/** The operations in the order of the table: name, whether it changes something, the roles of node; NULL behind the last. */
const char *cw_node_work_operation(size_t index, bool *ret_writes, unsigned *ret_kinds);

/** What lives between questions: tests that run, changes that wait to be confirmed. */
struct cw_node_working;
CW_MUST_USE bool cw_node_work_begin(struct cw_node_core *core, struct cw_error *error);
void cw_node_work_end(struct cw_node_core *core);
/** As cw_node_dial_cancel. */
void cw_node_work_cancel(struct cw_node_core *core);

/**
 * Before a node reads its folder: an upload that was killed between its two files is taken back, and so is a change
 * that was to be confirmed and was not. `told` gets a sentence for each.
 */
CW_MUST_USE bool cw_node_work_recover(const char *folder, struct cw_strings *told, struct cw_error *error);

#endif
