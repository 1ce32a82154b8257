import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ActionError } from '@/lib/contract/answer';
import { sessionBodyMax } from '@/lib/input/import-limits';

/** Those who sign in now are done by then. */
const retryAfterS = 2;

const busy: ActionError = { fields: {}, form: { message: 'session.busy', values: { seconds: retryAfterS } } };

/** Returns whether a request is a sign-in with a password, which costs a hash. */
export function isSignIn({ method, url = '' }: IncomingMessage): boolean {
  return method === 'POST' && url.split('?', 1)[0] === '/api/session/sign-in';
}

/**
 * Waits for the body of a request without reading it, or for as much as is read of one that is too long.
 * @returns false if it has not arrived in time, or its client has disconnected
 */
function receiveBody(request: IncomingMessage, response: ServerResponse, withinMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const hasArrived = () => request.complete || request.readableLength > sessionBodyMax;
    const end = (isWhole: boolean) => {
      clearTimeout(timer);
      request.off('readable', check);
      resolve(isWhole);
    };
    const check = () => {
      if (hasArrived()) end(true);
    };
    const timer = setTimeout(end, withinMs, false);
    response.once('close', () => end(false));
    if (response.closed || hasArrived()) end(!response.closed);
    else request.on('readable', check);
  });
}

/**
 * Limits the sign-ins in progress. The others are refused before Next sees them: a flood takes little time, and can't fill the
 * audit log. A sign-in has a place from the arrival of its body, so that a client that sends none holds nothing, until its
 * work ends: the hash of a client that has disconnected is still computed.
 * @param max at a time
 * @param bodyMs the time limit for a body
 */
export function limitSignIns(max: number, bodyMs: number) {
  let going = 0;
  return async (request: IncomingMessage, response: ServerResponse, begin: () => unknown): Promise<void> => {
    if (!(await receiveBody(request, response, bodyMs))) {
      response.writeHead(408, { Connection: 'close' }).end();
      return;
    }
    if (going >= max) {
      const headers = { 'Content-Type': 'application/json', 'Retry-After': retryAfterS, Connection: 'close' };
      response.writeHead(503, headers).end(JSON.stringify(busy));
      return;
    }
    going += 1;
    try {
      // Next waits until its answer is sent, which a client that reads nothing can delay.
      await Promise.race([begin(), new Promise((resolve) => response.once('prefinish', resolve))]);
    } finally {
      going -= 1;
    }
  };
}
