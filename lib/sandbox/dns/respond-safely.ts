import type { Logger } from 'pino';
import { RCODE } from './answer';
import type { Respond } from './listen-dns';
import { refuseMessage } from './message';

/** A query that breaks us is answered SERVFAIL and logged: no message may end the server. */
export function respondSafely(log: Logger, respond: Respond): Respond {
  return (message, transport) => {
    try {
      return respond(message, transport);
    } catch (error) {
      log.error({ err: error }, 'a DNS query broke the server');
      return refuseMessage(message, RCODE.serverFailure);
    }
  };
}
