// @vitest-environment happy-dom

import { cleanup, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Diversion, DiversionId } from '@/lib/diversion/diversion';
import { SwitchDiversion } from '@/lib/diversion/switch';
import { toDraft } from '@/lib/diversion/to-draft';
import { PlanId } from '@/lib/plan/model/model';
import { ok } from '@/lib/result';
import { checked, chooseInEditor, openEditor, press, type } from '@/testing/components/test-editor';
import { testRecord, testRule, testTarget } from '@/testing/plan/test-estate';

afterEach(cleanup);
beforeEach(() => sessionStorage.clear());

const names = ['flash', 'shop', 'pay'].map((label) => `${label}.example.co.id`);
const [flash = '', shop = '', pay = ''] = names;
/** All three names are served by the CVM load balancer. */
const served = {
  records: [11, 12, 13].map((id, nth) => testRecord(id, names[nth]?.split('.')[0] ?? '', '127.77.1.1')),
  rules: names.map((name, nth) => testRule(`loc-${nth}`, 'lb-cvm', name, { targets: [testTarget()] })),
};

async function openSwitch(editing: Parameters<typeof openEditor>[1] = {}) {
  const sent: Diversion[] = [];
  await openEditor(
    async (diversion) => {
      sent.push(diversion);
      return ok({ planId: PlanId.parse('p-1') });
    },
    { asked: { kind: 'switch' }, change: served, ...editing },
  );
  const region = (name: string) => within(screen.getByRole('region', { name }));
  return { sent, region, panel: region('Names'), fn: region('To function'), cvm: region('On servers') };
}

async function paste(panel: Awaited<ReturnType<typeof openSwitch>>['panel'], text: string) {
  fireEvent.paste(panel.getByLabelText('Add names'), { clipboardData: { getData: () => text } });
  await checked();
}

describe('the names of a Switch', () => {
  it('are parsed from a pasted list, shown with their state, and moved together in the plan', async () => {
    const { sent, region, panel, fn, cvm } = await openSwitch();
    await paste(
      panel,
      `https://${flash}/sale\nfoo_bar.example.co.id\n\n# wave 2\n${shop}, ${pay.toUpperCase()}.`,
    );
    expect(panel.getByText('3 names added.')).toBeTruthy();
    expect(panel.getByText('Line 2: foo_bar.example.co.id. This is not a host name.')).toBeTruthy();
    expect(region('Wave 2').getAllByRole('listitem')).toHaveLength(2);

    expect(cvm.getByLabelText<HTMLInputElement>('Domain and DNS record').value).toBe(`${flash} +2`);
    expect(cvm.getByRole('combobox', { name: 'Load balancer' }).textContent).toContain('lb-cvm');
    await chooseInEditor(fn, 'Load balancer', /lb-scf/);
    await chooseInEditor(fn, 'Backend', /storefront:1/);
    await type(fn, 'Expected answer text', 'Hello CLB');
    await type(region('Wave 1'), 'Bake after wave 1', '2');
    await press(screen.getByRole('button', { name: 'Review plan' }));
    await waitFor(() => expect(sent).toHaveLength(1));
    expect(sent[0]).toMatchObject({
      kind: 'switch',
      waves: [{ names: [flash], bakeS: 120 }, { names: [shop, pay] }],
    });
    expect(sent[0]?.routes.map(({ domain, to, rule }) => [domain, to, rule])).toEqual(
      names.flatMap((name, nth) => [
        [name, 'cvm', { kind: 'existing', ruleId: `loc-${nth}` }],
        [name, 'function', { kind: 'new', url: '/', certificateId: null }],
      ]),
    );
  });

  it('show in the row of a name what blocks it', async () => {
    const { region, panel } = await openSwitch({
      change: { ...served, records: served.records.slice(0, 2) },
    });
    await paste(panel, `${flash}\n${shop}\n\nother.example.net`);
    const row = region('Wave 2').getByRole('listitem');
    expect(within(row).getByText('In no zone of the account')).toBeTruthy();
  });

  it('show in the row of a name that its load balancer has no such listener', async () => {
    const records = [...served.records.slice(0, 2), testRecord(13, 'pay', '127.77.1.3')];
    const { region, panel } = await openSwitch({ change: { ...served, records } });
    await paste(panel, `${flash}\n\n${pay}`);
    expect(region('Wave 2').getByText('No such listener on lb-classic')).toBeTruthy();
    expect(panel.getByText(/Each name needs a listener with the protocol and port/)).toBeTruthy();
    expect(screen.getByRole('button', { name: 'Review plan' }).hasAttribute('disabled')).toBe(true);
  });

  it('can be moved to another wave or a new one, and removed', async () => {
    const { region, panel, cvm } = await openSwitch();
    await paste(panel, names.join(' '));
    await chooseInEditor(panel, `Wave of ${flash}`, /New wave/);
    const listed = (wave: string) =>
      region(wave)
        .getAllByRole('listitem')
        .map((row) => row.querySelector('strong')?.textContent);
    expect(listed('Wave 1')).toEqual([shop, pay]);
    expect(listed('Wave 2')).toEqual([flash]);
    await chooseInEditor(panel, `Wave of ${pay}`, /Wave 2/);
    expect(listed('Wave 2')).toEqual([flash, pay]);
    await press(panel.getByRole('button', { name: `Remove ${shop}` }));
    expect(listed('Wave 1')).toEqual([flash, pay]);
    await press(panel.getByRole('button', { name: `Remove ${pay}` }));
    // A single name has no waves: its domain is a field again.
    const field = cvm.getByLabelText<HTMLInputElement>('Domain and DNS record');
    expect([field.value, field.readOnly]).toEqual([flash, false]);
  });

  it('are restored when the diversion is edited', async () => {
    const { sent, panel, fn } = await openSwitch();
    await paste(panel, `${flash}\n\n${shop}`);
    await chooseInEditor(fn, 'Load balancer', /lb-scf/);
    await chooseInEditor(fn, 'Backend', /storefront:1/);
    await type(fn, 'Expected answer text', 'Hello CLB');
    await press(screen.getByRole('button', { name: 'Review plan' }));
    await waitFor(() => expect(sent).toHaveLength(1));
    const [first] = sent;
    cleanup();
    if (first === undefined) throw new Error('it has just been sent');
    const again = await openSwitch({
      editing: {
        id: DiversionId.parse('D-0001'),
        nextRevision: 2,
        draft: toDraft(first),
      },
    });
    expect(again.region('Wave 2').getByText(shop)).toBeTruthy();
    await press(screen.getByRole('button', { name: 'Review plan' }));
    await waitFor(() => expect(again.sent).toEqual([first]));
    cleanup();
    // A plan file may contain a name with different routes: they are marked and kept.
    const expectedBody = 'Hello shop';
    const routes = first.routes.map((route) =>
      route.domain === shop && route.to === 'function' ? { ...route, expectedBody } : route,
    );
    const differing = SwitchDiversion.parse({ ...first, routes });
    const other = await openSwitch({
      editing: {
        id: DiversionId.parse('D-0001'),
        nextRevision: 2,
        draft: toDraft(differing),
      },
    });
    expect(other.region('Wave 2').getByText(/Its routes differ from those of the first name/)).toBeTruthy();
    await press(screen.getByRole('button', { name: 'Review plan' }));
    await waitFor(() => expect(other.sent).toEqual([differing]));
    await press(other.panel.getByRole('button', { name: `Use the routes of the first name for ${shop}` }));
    expect(other.panel.queryByText(/Its routes differ/)).toBeNull();
  });
});
