import { STATUS_CODES } from 'node:http';
import type { ParsedCustomConfig } from '@/lib/sandbox/model/clb/custom-config-directives';
import type { Exchange } from './exchange';

/** Ends a request with a response from the load balancer itself. Closes the connection if a response has started. */
export function sendErrorPage(exchange: Exchange, status: number, headers: readonly string[] = []): void {
  const title = `${status} ${STATUS_CODES[status] ?? 'Error'}`;
  exchange.trace.own = true;
  sendWhole(exchange, status, [...headers, 'Content-Type', 'text/html'], page(title));
}

/**
 * Does the same as `sendErrorPage`, but a rule's custom configuration may have its own page for the status: clients are
 * redirected to it (`error_page` of https://www.tencentcloud.com/document/product/214/32427).
 */
export function sendRuleError(exchange: Exchange, { errorPages }: ParsedCustomConfig, status: number): void {
  const page = errorPages.find(({ codes }) => codes.includes(status));
  const sent = page?.status ?? status;
  const isRedirect = page !== undefined && sent >= 300 && sent < 400;
  sendErrorPage(exchange, sent, isRedirect ? ['Location', page.uri] : []);
}

/** Ends a request with a complete response. Closes the connection if another one has started. */
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
