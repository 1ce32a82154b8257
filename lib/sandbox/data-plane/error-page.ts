import { STATUS_CODES } from 'node:http';
import type { Exchange } from './exchange';

/** Ends a request with an answer that the load balancer itself makes. Cuts the connection if an answer has begun. */
export function sendErrorPage(exchange: Exchange, status: number, headers: readonly string[] = []): void {
  const title = `${status} ${STATUS_CODES[status] ?? 'Error'}`;
  exchange.trace.own = true;
  sendWhole(exchange, status, [...headers, 'Content-Type', 'text/html'], page(title));
}

/** Ends a request with a whole answer. Cuts the connection if another one has begun. */
export function sendWhole(
  exchange: Exchange,
  status: number,
  headers: readonly string[],
  body: Buffer,
): void {
  if (exchange.begun) {
    exchange.destroy();
    return;
  }
  exchange.begin(status, [...headers, 'Content-Length', String(body.length)]);
  exchange.end(exchange.method === 'HEAD' ? undefined : body);
}

function page(title: string): Buffer {
  return Buffer.from(`<html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>\n`);
}
