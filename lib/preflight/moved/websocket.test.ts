import { expect, it } from 'vitest';
import type { Diversion } from '@/lib/diversion/diversion';
import { stops } from '@/lib/preflight/model/stops';
import { preflight } from '@/lib/preflight/preflight';
import {
  testCustomConfig,
  testEstate,
  testListener,
  testRule,
  testSplit,
  testSwitch,
  testTarget,
} from '@/testing/plan/test-estate';
import { looksLikeWebSocket } from './websocket';

const domain = 'flash.example.co.id';
const served = { targets: [testTarget()] };
const old = (url: string, change: object = {}) =>
  testRule(`loc-old${url}`, 'lb-cvm', domain, { url, ...served, ...change });

type Given = {
  readonly rules: readonly object[];
  readonly configs?: readonly object[];
  readonly diversion?: Diversion;
};

function found({ rules, configs = [testCustomConfig()], diversion = testSplit() }: Given) {
  const [shop] = testEstate().rules;
  const estate = testEstate({ rules: [shop, ...rules], customConfigs: configs });
  return preflight({ estate, diversion }).filter(({ check }) => check === 'websocket');
}
const waits = (readTimeoutS: number) =>
  testCustomConfig({
    id: 'pz-2',
    readTimeoutS,
    bindings: [{ loadBalancerId: 'lb-cvm', listenerId: null, domain: null, ruleId: null }],
  });
const accepting = (diversion: Diversion): Diversion => ({
  ...diversion,
  acknowledged: [{ finding: 'websocket.path', domain, loss: '/ws lb-scf' }],
});

it.each(['/ws', '/WS/', '/api/ws', '= /ws', '^~ /socket.io/', '/socket.io', '/chat/websocket'])(
  'treats %s as a path of WebSocket',
  (url) => expect(looksLikeWebSocket(url)).toBe(true),
);

it.each(['/', '/news', '/wsdl', '/cable', '/socket', '~ ^/ws', '~* /socket\\.io'])(
  'does not treat %s as one, or can’t determine it',
  (url) => expect(looksLikeWebSocket(url)).toBe(false),
);

it('blocks a path of WebSocket that moves to the function with its name, until it is acknowledged', () => {
  const rules = [old('/'), old('/ws')];
  const [finding, ...others] = found({ rules });
  expect(others).toEqual([]);
  expect(finding).toMatchObject({
    status: 'block',
    why: 'websocket.path',
    field: 'routes.1.domain',
    values: { domain, paths: '/ws', name: 'lb-scf' },
    acknowledgement: { finding: 'websocket.path', domain },
  });
  const [accepted] = found({ rules, diversion: accepting(testSplit()) });
  expect(accepted).toMatchObject({ status: 'warn', why: 'websocket.path', isAcknowledged: true });
  expect(accepted && stops(accepted)).toBe(false);
  // A path that was added since is another outage.
  const more = [...rules, old('/socket.io')];
  expect(found({ rules: more, diversion: accepting(testSplit()) })).toMatchObject([{ status: 'block' }]);
});

it('ignores a path that has servers at the destination of the name', () => {
  const stays = testRule('loc-ws', 'lb-scf', domain, { url: '/ws', ...served });
  expect(found({ rules: [old('/'), old('/ws'), stays] })).toMatchObject([{ status: 'pass' }]);
});

it('blocks a Switch to the function, and none away from it', () => {
  const rules = [testRule('loc-flash', 'lb-cvm', domain, { url: '/', ...served }), old('/ws')];
  expect(found({ rules, diversion: testSwitch() })).toMatchObject([{ why: 'websocket.path' }]);
  expect(found({ rules, diversion: testSwitch({ toward: 'cvm' }) })).toEqual([]);
});

it('blocks a rule of WebSocket whose servers are replaced in place', () => {
  const rule = testRule('loc-in', 'lb-scf', domain, { url: '/socket.io', ...served });
  const diversion = testSplit({ rule: { kind: 'swap', ruleId: 'loc-in' } });
  expect(found({ rules: [rule], diversion })).toContainEqual(
    expect.objectContaining({ status: 'block', why: 'websocket.path' }),
  );
});

it.each([
  [60, 'pass', 'pass'],
  [61, 'warn', 'timeout'],
  [900, 'warn', 'timeout'],
])('reports for an idle timeout of %i s: %s', (seconds, status, why) => {
  const given = { rules: [old('/')], configs: [testCustomConfig(), waits(seconds)] };
  const [finding] = found(given);
  expect(finding).toMatchObject({ status, why: `websocket.${why}` });
  if (status === 'warn') expect(finding?.values).toMatchObject({ from: 'lb-cvm', seconds });
});

it('reports nothing for a name without servers, or for another port', () => {
  expect(found({ rules: [] })).toEqual([]);
  const [shop] = testEstate().rules;
  const estate = testEstate({
    rules: [shop, old('/ws', { listenerId: 'lbl-s' })],
    listeners: [
      testListener('lb-cvm'),
      testListener('lb-cvm', { id: 'lbl-s', protocol: 'HTTPS', port: 443 }),
      testListener('lb-scf'),
    ],
  });
  const findings = preflight({ estate, diversion: testSplit() });
  expect(findings.filter(({ check }) => check === 'websocket')).toEqual([]);
});
