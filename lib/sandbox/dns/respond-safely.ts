import type { Logger } from 'pino';
import { RCODE } from './answer';
import type { Respond } from './listen-dns';
import { refuseMessage } from './message';

/** Answers SERVFAIL and logs when handling a query throws: no message may stop the server. */
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
