/**
 * What the cloud's documents leave open about the data plane, decided in one place.
 * Everything here is an assumption of the sandbox unless its line names a source. Three more have no number:
 * - A rule with a function and targets: the function serves (no document allows or forbids the mixture).
 * - LEAST_CONN and IP_HASH are scheduled like WRR; each request is scheduled by itself, sessions don't stick.
 * - An isolated instance and a blocked VIP refuse connections.
 */

/** A rule that no backend can serve: no target and no function, or every target at weight 0. */
export const STATUS_NO_BACKEND = 503;
/** The target refuses or drops the connection, is stopped, or isn't there. */
export const STATUS_CONNECT_FAILED = 502;
/** The target, or the function, is slower than the load balancer waits. */
export const STATUS_BACKEND_TIMEOUT = 504;
/** No rule of the listener takes the path: https://www.tencentcloud.com/document/product/214/9032 */
export const STATUS_NO_RULE = 404;
/** The function's answer is not in the integrated format; the body is documented, the status is not. */
export const STATUS_MALFORMED_ANSWER = 403;
/** https://www.tencentcloud.com/document/product/583/39849 */
export const MALFORMED_ANSWER_BODY = '{"errno":403,"error":"Analyse scf response failed."}';

/** `proxy_read_timeout`, 60 s unless configured: https://www.tencentcloud.com/document/product/214/32428 */
export const READ_TIMEOUT_MS = 60_000;
/** Kept connections: 75 s and 100 requests, same page. */
export const KEEP_ALIVE_MS = 75_000;
export const KEEP_ALIVE_REQUESTS = 100;

/** Most bytes of event and of answer in a synchronous call: https://www.tencentcloud.com/document/product/583/11637 */
export const FUNCTION_PAYLOAD_MAX = 6 * 1024 * 1024;

/** Listener ports below 1024 are served at this much more where the process may not bind them. */
export const UNPRIVILEGED_PORT_OFFSET = 20_000;
