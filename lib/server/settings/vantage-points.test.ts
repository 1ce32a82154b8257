import { beforeEach, describe, expect, it } from 'vitest';
import { vantagePoints } from '@/lib/db/schema';
import { testContext } from '@/testing/server/test-context';
import { listVantagePoints } from './read-vantage-points';
import { addVantagePoint, removeVantagePoint } from './vantage-points';

const context = testContext();
beforeEach(() => context.db.delete(vantagePoints));

const point = { name: 'DNSPod', address: '119.29.29.29' };

describe('public resolvers', () => {
  it('are added and removed', async () => {
    const added = await addVantagePoint(point);
    expect(added).toMatchObject({ ok: true });
    const [stored] = await listVantagePoints();
    expect(stored).toMatchObject({ ...point, createdBy: 'local' });
    expect(await removeVantagePoint({ id: stored?.id ?? 0 })).toEqual({ ok: true, value: null });
    expect(await listVantagePoints()).toEqual([]);
    expect(await removeVantagePoint({ id: stored?.id ?? 0 })).toMatchObject({
      error: { form: { message: 'vantagePoint.gone' } },
    });
  });

  it.each([
    '127.0.0.1',
    '10.0.0.1:53',
    '169.254.169.254',
    '192.168.1.1',
    '100.64.0.1',
    '[::1]:53',
    '::ffff:10.0.0.1',
    'dns.google',
    '',
    '8.8.8.8:0',
  ])('can’t have the address “%s”', async (address) => {
    expect(await addVantagePoint({ ...point, address })).toMatchObject({
      error: { fields: { address: ['vantagePoint.address'] } },
    });
    expect(await listVantagePoints()).toEqual([]);
  });

  it('have names and addresses of their own, and are at most 20', async () => {
    await addVantagePoint(point);
    expect(await addVantagePoint({ ...point, name: 'Other' })).toMatchObject({
      error: { fields: { address: ['vantagePoint.sameAddress'] } },
    });
    expect(await addVantagePoint({ ...point, address: '1.1.1.1' })).toMatchObject({
      error: { fields: { name: ['vantagePoint.sameName'] } },
    });
    for (let n = 1; n < 20; n += 1) await addVantagePoint({ name: `n${n}`, address: `8.8.8.${n}` });
    expect(await addVantagePoint({ name: 'more', address: '9.9.9.9' })).toMatchObject({
      error: { form: { message: 'vantagePoint.tooMany' } },
    });
  });
});
