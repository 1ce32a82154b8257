import { expect, it } from 'vitest';
import { stops } from '@/lib/preflight/model/stops';
import { preflight } from '@/lib/preflight/preflight';
import { testEstate, testListener, testSplit } from '@/testing/plan/test-estate';

const found = (change: object) => {
  const listeners = [testListener('lb-cvm'), testListener('lb-scf', change)];
  return preflight({ estate: testEstate({ listeners }), diversion: testSplit() }).filter(
    ({ check, objects }) => check === 'listener-state' && objects.includes('lbl-lb-scf'),
  );
};

it('blocks a plan whose listener was stopped', () => {
  const [finding] = found({ stopped: true });
  expect(finding).toMatchObject({ why: 'listener-state.stopped', field: 'routes.1.listenerId' });
  expect(finding && stops(finding)).toBe(true);
});

it.each([false, null])('assumes a listener is running unless the cloud reports otherwise: %s', (stopped) => {
  expect(found({ stopped })).toMatchObject([{ status: 'pass' }]);
});
