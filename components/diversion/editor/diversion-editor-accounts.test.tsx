// @vitest-environment happy-dom

import { cleanup, screen, waitFor } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Diversion } from '@/lib/diversion/diversion';
import { PlanId } from '@/lib/plan/model/model';
import { ok } from '@/lib/result';
import { chooseInEditor, never, openEditor, press, type } from '@/testing/components/test-editor';
import { testConnectionView } from '@/testing/components/test-plan-view';
import { testEstate, testFunction, testListener, testLoadBalancer } from '@/testing/plan/test-estate';

afterEach(cleanup);
beforeEach(() => sessionStorage.clear());

describe('a diversion over several accounts', () => {
  const far = { ...testConnectionView, id: 'far', name: 'niaga-lama', uin: '100000000002' };
  const other = testEstate({
    connectionId: 'far',
    loadBalancers: [testLoadBalancer('lb-far', { vips: ['127.77.9.1'] })],
    listeners: [testListener('lb-far')],
    rules: [],
    zones: [],
    records: [],
    functions: [testFunction({ name: 'elsewhere' })],
  });

  it('adds and removes another account, and updates the address', async () => {
    const closed = await openEditor(never, { accounts: [far] });
    await press(screen.getByRole('checkbox', { name: /niaga-lama/ }));
    expect(closed.visited).toEqual(['/diversions/new?connection=test&kind=split&with=far']);
    cleanup();
    const page = await openEditor(never, { accounts: [far], others: [other] });
    await press(screen.getByRole('checkbox', { name: /niaga-lama/, checked: true }));
    expect(page.visited).toEqual(['/diversions/new?connection=test&kind=split']);
  });

  it('offers its load balancers, and only its own functions for them', async () => {
    const asked: Diversion[] = [];
    const { a, b } = await openEditor(
      async (diversion) => {
        asked.push(diversion);
        return ok({ planId: PlanId.parse('p-1') });
      },
      { accounts: [far], others: [other] },
    );
    await type(a, 'Domain and DNS record', 'shop.example.co.id');
    await type(b, 'Domain and DNS record', 'flash.example.co.id');
    await chooseInEditor(b, 'Load balancer', /lb-far.*niaga-lama/);
    await press(b.getByRole('combobox', { name: 'Backend' }));
    expect((await screen.findAllByRole('option')).map((option) => option.textContent)).toEqual([
      expect.stringContaining('flash/elsewhere:1'),
      expect.stringContaining('flash/elsewhere:$LATEST'),
    ]);
    await press(screen.getAllByRole('option')[0] as HTMLElement);
    await type(b, 'Expected answer text', 'Flash sale');
    await waitFor(() =>
      expect(screen.getByRole('button', { name: 'Review plan' }).hasAttribute('disabled')).toBe(false),
    );
    await press(screen.getByRole('button', { name: 'Review plan' }));
    await waitFor(() => expect(asked).toMatchObject([{ connections: ['far'] }]));
  });
});
