import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import { foreignRequest } from '../api/local-request';
import { listenForCalls, readBody } from '../api/server';
import { answerControl, bodyMax, type ControlParts, type Reply } from './routes';

/**
 * The control API: operations for tests that a real cloud doesn't offer. It runs only on request, listens on loopback,
 * and requires its token.
 */
export type ControlApi = { readonly url: string; readonly token: string; stop(): Promise<void> };

const wrongToken: Reply = { status: 401, body: { error: 'The bearer token is wrong or missing.' } };

function knowsToken(message: IncomingMessage, token: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(message.headers.authorization ?? ''), digest(`Bearer ${token}`));
}

/**
 * Starts the control API on 127.0.0.1 with its own token.
 * @param port 0 = any free one
 */
export async function startControlApi(
  port: number,
  parts: ControlParts,
  log: { error(fields: object, message: string): void },
): Promise<ControlApi> {
  const token = randomBytes(24).toString('base64url');
  const respond = async (message: IncomingMessage): Promise<Reply> => {
    const foreign = foreignRequest(message);
    if (foreign !== null) return { status: foreign.status, body: { error: foreign.reason } };
    if (!knowsToken(message, token)) return wrongToken;
    const { method = '', url = '/' } = message;
    const most = bodyMax(method, url);
    const body = await readBody(message, most);
    if (body.byteLength > most)
      return { status: 413, body: { error: `The body is larger than ${most} bytes.` } };
    return answerControl(method, url, body.toString('utf8'), parts);
  };
  const server = createServer((message, response) => {
    respond(message).then(
      ({ status, body }) =>
        response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body)),
      (error: unknown) => {
        log.error({ err: error }, 'control request broke off');
        message.socket.destroy();
      },
    );
  });
  const open = await listenForCalls(server, port);
  return { url: `http://127.0.0.1:${open.port}`, token, stop: open.stop };
}
