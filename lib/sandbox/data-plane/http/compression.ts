import { createGzip } from 'node:zlib';
import type { Exchange } from './exchange';

/**
 * Types that the load balancer compresses: https://cloud.tencent.com/document/product/214/5404; nginx always includes
 * text/html (https://nginx.org/en/docs/http/ngx_http_gzip_module.html#gzip_types).
 */
const types = new Set([
  'text/html',
  'application/atom+xml',
  'application/javascript',
  'application/json',
  'application/rss+xml',
  'application/vnd.ms-fontobject',
  'application/x-font-ttf',
  'application/x-web-app-manifest+json',
  'application/xhtml+xml',
  'application/xml',
  'font/opentype',
  'image/svg+xml',
  'image/x-icon',
  'text/css',
  'text/plain',
  'text/x-component',
]);
/** Shorter responses are not compressed: `gzip_min_length` of the same page. */
const minBytes = 1024;
/** The statuses that nginx compresses: https://nginx.org/en/docs/http/ngx_http_gzip_module.html */
const statuses = new Set([200, 403, 404]);

/** Returns true if a response should be compressed for this client; `headers` are name, value, name, value. */
export function isCompressible(exchange: Exchange, status: number, headers: readonly string[]): boolean {
  if (!statuses.has(status) || exchange.method === 'HEAD') return false;
  if (!acceptsGzip(exchange.header('accept-encoding') ?? '')) return false;
  let type = '';
  for (let at = 0; at + 1 < headers.length; at += 2) {
    const value = headers[at + 1] ?? '';
    switch ((headers[at] ?? '').toLowerCase()) {
      case 'content-encoding':
        return false;
      case 'content-length':
        if (Number(value) < minBytes) return false;
        break;
      case 'content-type':
        type = (value.split(';')[0] ?? '').trim().toLowerCase();
    }
  }
  return types.has(type);
}

function acceptsGzip(header: string): boolean {
  return header.split(',').some((part) => {
    const [coding = '', ...parameters] = part.split(';').map((text) => text.trim().toLowerCase());
    if (coding !== 'gzip' && coding !== '*') return false;
    return !parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter));
  });
}

/** Returns the headers of the compressed response: without a length, and with a weak ETag. */
export function compressedHeaders(headers: readonly string[]): string[] {
  const kept: string[] = [];
  for (let at = 0; at + 1 < headers.length; at += 2) {
    const name = headers[at] ?? '';
    const value = headers[at + 1] ?? '';
    const key = name.toLowerCase();
    if (key === 'content-length' || key === 'accept-ranges') continue;
    kept.push(name, key === 'etag' && !value.startsWith('W/') ? `W/${value}` : value);
  }
  kept.push('Content-Encoding', 'gzip');
  return kept;
}

/** Takes the plain response; sends the compressed output to the client. */
export type Compressor = {
  /** @returns false when it can't take more until `resume` is called */
  write(chunk: Uint8Array): boolean;
  end(): void;
  destroy(): void;
};

export function compressTo(exchange: Exchange, resume: () => void): Compressor {
  const gzip = createGzip();
  gzip.on('data', (chunk: Buffer) => {
    if (exchange.write(chunk)) return;
    gzip.pause();
    exchange.onDrain(() => gzip.resume());
  });
  gzip.on('end', () => exchange.end());
  gzip.on('error', () => exchange.destroy());
  gzip.on('drain', resume);
  return {
    write: (chunk) => gzip.write(chunk),
    end: () => gzip.end(),
    destroy: () => gzip.destroy(),
  };
}
