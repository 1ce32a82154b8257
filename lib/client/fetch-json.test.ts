import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it, vi } from 'vitest';
import { fetchJson, findStatus } from './fetch-json';

afterEach(() => vi.restoreAllMocks());

it('times out when the dashboard never responds, and treats it as unreachable', async () => {
  const timeout = new AbortController();
  vi.spyOn(AbortSignal, 'timeout').mockReturnValue(timeout.signal);
  const server = createServer(() => timeout.abort(new DOMException('too late', 'TimeoutError')));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/read/overview.get`;
    const error: unknown = await fetchJson(url, new AbortController().signal).catch((reason) => reason);
    expect(error).toMatchObject({ name: 'ReadError', message: `${url} could not be reached`, status: null });
    expect(findStatus(error)).toBeNull();
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});
