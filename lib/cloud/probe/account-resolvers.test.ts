import { afterEach, describe, expect, it } from 'vitest';
import { nameServerRecord, testNameServers } from '@/testing/cloud/test-name-server';
import { createAccountResolvers } from './account-resolvers';

const { startServer, close } = testNameServers();
afterEach(close);

const name = 'shop.test';
const sandbox = (dns: string, resolvers: readonly string[] = []) =>
  createAccountResolvers({ dns, resolvers: [...resolvers], vipNetwork: '127.77.0.0/16' });

describe('a question to a resolver', () => {
  it('gets the records of the name itself, and the time for which they may be cached', async () => {
    const records = [
      { ...nameServerRecord(name, 'CNAME', 'lb.test'), ttl: 42 },
      { ...nameServerRecord('lb.test', 'A', '198.51.100.1'), ttl: 7 },
    ];
    const server = await startServer(() => records);
    const vantage = sandbox(server.address);
    expect(vantage).toMatchObject({ own: [server.address], isClosed: true });
    expect(await vantage.ask(server.address, name, 'A')).toEqual({
      values: ['lb.test'],
      ttlS: 42,
      failure: null,
      isAuthoritative: false,
    });
  });

  it('tells an answer of an authoritative server from one that may be cached', async () => {
    const server = await startServer(() => [nameServerRecord(name, 'A', '198.51.100.1')], {
      isAuthoritative: true,
    });
    expect(await sandbox(server.address).ask(server.address, name, 'A')).toMatchObject({
      values: ['198.51.100.1'],
      isAuthoritative: true,
    });
  });

  it('tells a name without a record from a resolver that does not answer', async () => {
    const server = await startServer(() => null);
    expect(await sandbox(server.address).ask(server.address, name, 'A')).toEqual({
      values: [],
      ttlS: null,
      failure: null,
      isAuthoritative: false,
    });
    server.close();
    const silent = await sandbox(server.address).ask(server.address, name, 'A');
    expect(silent).toMatchObject({ values: null, ttlS: null });
    expect(silent.failure).not.toBeNull();
  });
});

describe('no question is sent', () => {
  it('from a sandbox to any resolver but its own', async () => {
    const server = await startServer(() => []);
    const other = await startServer(() => []);
    const { failure } = await sandbox(server.address).ask(other.address, name, 'A');
    expect(failure).toContain('is not the resolver of the sandbox');
    expect((await sandbox(server.address, [other.address]).ask(other.address, name, 'A')).failure).toBeNull();
    expect(other.questions).toHaveLength(1);
  });

  it('from a real account to an address that is not public', async () => {
    const server = await startServer(() => []);
    const vantage = createAccountResolvers({ dns: null, resolvers: [], vipNetwork: null });
    expect(vantage.isClosed).toBe(false);
    for (const address of [server.address, '10.0.0.1', '169.254.169.254', '[::1]:53', 'resolver.test']) {
      const { values, failure } = await vantage.ask(address, name, 'A');
      expect({ values, failure }).toMatchObject({ values: null, failure: expect.stringMatching(/resolver/) });
    }
    expect(server.questions).toHaveLength(0);
  });
});
