// @vitest-environment happy-dom

import { cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FocusKeeper } from '@/components/shell/focus-keeper';
import type { DeployFunctionInput } from '@/lib/contract/function';
import { type Diversion, DiversionId } from '@/lib/diversion/diversion';
import { toDraft } from '@/lib/diversion/to-draft';
import { PlanId } from '@/lib/plan/model/model';
import { err, ok } from '@/lib/result';
import { checked, chooseInEditor, never, openEditor, press, type } from '@/testing/components/test-editor';
import { testBound, testListener, testRule, testSplit, testTarget } from '@/testing/plan/test-estate';

afterEach(cleanup);

beforeEach(() => {
  sessionStorage.clear();
  window.history.replaceState(null, '', '/diversions/new');
});

/** Returns an action that stores each plan as `p-1`, and the diversions that it was sent. */
function takePlans() {
  const sent: Diversion[] = [];
  const store = async (diversion: Diversion) => {
    sent.push(diversion);
    return ok({ planId: PlanId.parse('p-1') });
  };
  return { sent, store };
}

describe('the Split editor', () => {
  it('explains a blocked choice at its field, fixes it, and stores the plan', async () => {
    const { sent, store } = takePlans();
    const { a, b, visited } = await openEditor(store);

    await type(a, 'Domain and DNS record', 'shop.example.co.id');
    expect(a.getByRole('combobox', { name: 'Load balancer' }).textContent).toContain('lb-cvm');
    expect(a.getByRole('combobox', { name: 'Forwarding rule' }).textContent).toContain('shop.example.co.id/');

    await type(b, 'Domain and DNS record', 'flash.example.co.id');
    await chooseInEditor(b, 'Load balancer', /lb-classic/);
    expect(b.getByText('lb-classic is a classic load balancer.')).toBeTruthy();
    const blocked = b.getByRole('combobox', { name: 'Load balancer' });
    expect(blocked.getAttribute('aria-invalid')).toBe('true');

    fireEvent.keyDown(document.body, { key: 'F8' });
    expect(document.activeElement).toBe(blocked);

    blocked.blur();
    await press(b.getByRole('button', { name: 'Use lb-scf in ap-singapore' }));
    expect(b.queryByText('lb-classic is a classic load balancer.')).toBeNull();
    expect(document.activeElement).toBe(b.getByRole('combobox', { name: 'Load balancer' }));
    await chooseInEditor(b, 'Backend', /storefront:1/);
    await type(b, 'Expected answer text', 'Hello CLB');
    expect(screen.getByText('Plan: 3 steps')).toBeTruthy();

    fireEvent.keyDown(document.body, { key: 'Enter', ctrlKey: true });
    await waitFor(() => expect(visited).toEqual(['/plans/p-1']));
    expect(sent).toEqual([{ ...testSplit(), name: 'New Split' }]);
  });

  it('adds a target by its address, checked at its field and sent in normalized form', async () => {
    const { sent, store } = takePlans();
    const { a, b, visited } = await openEditor(store);
    await type(a, 'Domain and DNS record', 'shop.example.co.id');
    await chooseInEditor(a, 'Backend', /Add targets/);
    await chooseInEditor(a, 'Instance', /^IP address/);
    await type(a, 'IP address', '10.0.1');
    expect(a.getByText('Enter an IP address, such as 10.0.1.7.')).toBeTruthy();
    await type(a, 'IP address', '10.0.0.1');
    expect(a.getByText(/is the primary address of shop-web-1/)).toBeTruthy();
    await type(a, 'IP address', ' 10.0.1.7 ');
    expect(a.queryByText(/primary address/)).toBeNull();

    await type(b, 'Domain and DNS record', 'flash.example.co.id');
    await chooseInEditor(b, 'Load balancer', /lb-scf/);
    await chooseInEditor(b, 'Backend', /storefront:1/);
    await type(b, 'Expected answer text', 'Hello CLB');
    await press(screen.getByRole('button', { name: 'Review plan' }));
    await waitFor(() => expect(visited).toEqual(['/plans/p-1']));
    expect(sent[0]?.routes[0]).toMatchObject({ addTargets: [{ eniIp: '10.0.1.7', port: 8080, weight: 10 }] });
  });

  it('says why the plan cannot be reviewed yet', async () => {
    await openEditor(async () => ok({ planId: PlanId.parse('never') }));
    const review = screen.getByRole('button', { name: 'Review plan' });
    expect(review.hasAttribute('disabled')).toBe(true);
    const reason = document.getElementById(review.getAttribute('aria-describedby') ?? '');
    expect(reason?.textContent).toBe('Stays on servers: Domain and DNS record is missing');
  });

  it('shows a server rejection at its field and clears it with the next change', async () => {
    const { a, b } = await openEditor(async () =>
      err({ fields: { 'routes.1.expectedBody': ['expectedBody.tooLong'] }, form: null }),
    );
    await type(a, 'Domain and DNS record', 'shop.example.co.id');
    await type(b, 'Domain and DNS record', 'flash.example.co.id');
    await chooseInEditor(b, 'Load balancer', /lb-scf/);
    await chooseInEditor(b, 'Backend', /storefront:1/);
    await type(b, 'Expected answer text', 'Hello CLB');
    await press(screen.getByRole('button', { name: 'Review plan' }));
    expect(await b.findByText('Enter at most 2,000 characters.')).toBeTruthy();
    await type(b, 'Expected answer text', 'Hello');
    expect(b.queryByText('Enter at most 2,000 characters.')).toBeNull();
  });

  it('reports that it is unknown whether the plan was stored when no response arrives', async () => {
    const { a, b } = await openEditor(() => Promise.reject(new Error('fetch failed')));
    await type(a, 'Domain and DNS record', 'shop.example.co.id');
    await type(b, 'Domain and DNS record', 'flash.example.co.id');
    await chooseInEditor(b, 'Load balancer', /lb-scf/);
    await chooseInEditor(b, 'Backend', /storefront:1/);
    await type(b, 'Expected answer text', 'Hello CLB');
    const review = screen.getByRole('button', { name: 'Review plan' });
    await press(review);
    const alert = await screen.findByRole('alert');
    expect(alert.textContent).toContain('It is unknown whether the plan was stored.');
    expect(within(alert).getByRole('link', { name: 'Diversions' }).getAttribute('href')).toBe('/diversions');
    expect(review.getAttribute('aria-busy')).toBeNull();
  });

  it('shows what the code of a new function can reach if it is not isolated', async () => {
    const { b } = await openEditor(async () => ok({ planId: PlanId.parse('never') }), { isolation: 'user' });
    await press(b.getByRole('button', { name: 'Create function' }));
    const dialog = within(await screen.findByRole('dialog', { name: 'Create function' }));
    expect(dialog.getByText(/programs that listen here, including this dashboard/)).toBeTruthy();
  });
});

const kindRadio = (name: string) => screen.getByRole('radio', { name });

describe('the kinds', () => {
  it('can be changed, and keep compatible choices', async () => {
    const { a, b } = await openEditor(never);
    await type(a, 'Domain and DNS record', 'shop.example.co.id');
    await type(b, 'Domain and DNS record', 'flash.example.co.id');
    await press(kindRadio('Access'));
    const access = within(screen.getByRole('region', { name: 'Published name' }));
    expect(access.getByLabelText<HTMLInputElement>('Domain and DNS record').value).toBe(
      'flash.example.co.id',
    );
    expect(screen.queryByRole('region', { name: 'Stays on servers' })).toBeNull();
    expect(window.location.search).toBe('?connection=test&kind=access');
    await press(kindRadio('Split'));
    const back = within(screen.getByRole('region', { name: 'Stays on servers' }));
    expect(back.getByRole('combobox', { name: 'Load balancer' }).textContent).toContain('lb-cvm');
  });

  it('show the address of an Access, with its port and path', async () => {
    await openEditor(never, { asked: { kind: 'access', domain: 'flash.example.co.id' } });
    const access = within(screen.getByRole('region', { name: 'Published name' }));
    await chooseInEditor(access, 'Load balancer', /lb-scf/);
    await type(access, 'New rule path', '/promo');
    expect(access.getByText('http://flash.example.co.id/promo')).toBeTruthy();
  });

  it('have a ramp with editable steps in a Switch', async () => {
    const { sent, store } = takePlans();
    await openEditor(store, { asked: { kind: 'switch', domain: 'flash.example.co.id' } });
    const cvm = within(screen.getByRole('region', { name: 'On servers' }));
    const fn = within(screen.getByRole('region', { name: 'To function' }));
    expect(fn.queryByLabelText('Domain and DNS record')).toBeNull();
    expect(cvm.getByRole('combobox', { name: 'Load balancer' }).textContent).toContain('lb-cvm');
    await chooseInEditor(fn, 'Load balancer', /lb-scf/);
    await chooseInEditor(fn, 'Backend', /storefront:1/);
    await type(fn, 'Expected answer text', 'Hello CLB');
    await press(screen.getByRole('button', { name: '10, 50, 100 %' }));
    const ramp = within(screen.getByRole('region', { name: 'Ramp' }));
    await type(ramp, 'Share of step 1', '20');
    await type(ramp, 'Bake after step 1', '2');
    await press(ramp.getByRole('button', { name: 'Remove step 2' }));
    await press(screen.getByRole('button', { name: 'Review plan' }));
    await waitFor(() => expect(sent).toHaveLength(1));
    expect(sent[0]).toMatchObject({
      kind: 'switch',
      toward: 'function',
      ramp: [
        { percent: 20, bakeS: 120 },
        { percent: 100, bakeS: 0 },
      ],
    });
  });
});

describe('a resource that the plan creates', () => {
  it('is requested in the list of the field, chosen as new, and removed again', async () => {
    const { b } = await openEditor(never);
    await type(b, 'Domain and DNS record', 'flash.example.co.id');
    await chooseInEditor(b, 'Load balancer', /Create load balancer/);
    const dialog = within(await screen.findByRole('dialog', { name: 'Create load balancer' }));
    await press(dialog.getByRole('button', { name: 'Add to plan' }));
    expect(dialog.getByText(/start with a letter or digit/)).toBeTruthy();
    await type(dialog, 'Name', 'lb-sale');
    expect(dialog.getByLabelText<HTMLInputElement>('Bandwidth').value).toBe('200');
    expect(dialog.getByText(/Carries about 762 req\/s of 32 KB each/)).toBeTruthy();
    await type(dialog, 'Bandwidth', '4000');
    await press(dialog.getByRole('button', { name: 'Add to plan' }));
    expect(dialog.getByText(/A shared load balancer allows at most 2,048 Mbps/)).toBeTruthy();
    await chooseInEditor(dialog, 'Specification', /clb.c3.small/);
    await press(dialog.getByRole('button', { name: 'Add to plan' }));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    await checked();
    expect(b.getByRole('combobox', { name: 'Load balancer' }).textContent).toContain('lb-sale');
    expect(b.getByText('public, vpc-1, 4,000 Mbps, clb.c3.small')).toBeTruthy();
    // Until the cloud has assigned an id, it is shown by its own name.
    expect(
      screen.getByText(
        /A record CNAME the address of lb-sale|DNS can point to lb-sale with CNAME the address of lb-sale/,
      ),
    ).toBeTruthy();

    await chooseInEditor(b, 'Listener', /Create listener/);
    const second = within(await screen.findByRole('dialog', { name: 'Create listener' }));
    await press(second.getByRole('radio', { name: 'HTTPS' }));
    await press(second.getByRole('button', { name: 'Add to plan' }));
    expect(second.getByText('Choose a server certificate for HTTPS.')).toBeTruthy();
    await type(second, 'Server certificate', 'cert-1');
    await press(second.getByRole('button', { name: 'Add to plan' }));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    await checked();
    expect(b.getByRole('combobox', { name: 'Listener' }).textContent).toContain('HTTPS:443');

    await press(b.getByRole('button', { name: 'Edit lb-sale' }));
    const third = within(await screen.findByRole('dialog', { name: 'Edit new load balancer' }));
    expect(third.getByLabelText<HTMLInputElement>('Name').value).toBe('lb-sale');
    await type(third, 'Name', 'lb-fair');
    await press(third.getByRole('button', { name: 'Save changes' }));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    await waitFor(() =>
      expect(b.getByRole('combobox', { name: 'Load balancer' }).textContent).toContain('lb-fair'),
    );
    expect(b.getByRole('combobox', { name: 'Listener' }).textContent).toContain('HTTPS:443');

    await press(b.getByRole('button', { name: 'Remove new lb-fair' }));
    expect(b.getByRole('combobox', { name: 'Load balancer' }).textContent).toContain('Choose or create');
    expect(b.getByRole('combobox', { name: 'Listener' }).textContent).toContain(
      'Choose a load balancer first',
    );
  });
});

describe('a rule with CVM targets', () => {
  it('is blocked for a function, and can be swapped in place and restored', async () => {
    const { b } = await openEditor(never, { asked: { domain: 'flash.example.co.id' } });
    await chooseInEditor(b, 'Load balancer', /lb-cvm/);
    expect(b.getByRole('combobox', { name: 'Forwarding rule' }).textContent).toContain(
      'flash.example.co.id/',
    );
    expect(b.getByText('flash.example.co.id/ has 1 CVM target.')).toBeTruthy();
    expect(b.getByRole('button', { name: 'Use lb-scf in ap-singapore' })).toBeTruthy();
    await press(b.getByRole('button', { name: 'Swap in place' }));
    expect(document.activeElement).toBe(b.getByRole('combobox', { name: 'Forwarding rule' }));
    expect(b.queryByText('flash.example.co.id/ has 1 CVM target.')).toBeNull();
    expect(b.getByText('swapped in place')).toBeTruthy();
    await press(b.getByRole('button', { name: 'Undo swap' }));
    expect(b.getByText('flash.example.co.id/ has 1 CVM target.')).toBeTruthy();
  });
});

describe('several routes', () => {
  it('are added to a side, named, and removed', async () => {
    const { b } = await openEditor(never, { asked: { domain: 'flash.example.co.id' } });
    await chooseInEditor(b, 'Load balancer', /lb-scf/);
    await press(b.getByRole('button', { name: 'Add route' }));
    const second = within(b.getByRole('region', { name: 'Route 2' }));
    await type(second, 'New rule path', '/promo');
    await press(b.getByRole('button', { name: 'Remove route 1' }));
    expect(b.getByLabelText<HTMLInputElement>('New rule path').value).toBe('/promo');
    expect(b.queryByRole('region', { name: 'Route 1' })).toBeNull();
  });
});

describe('a value for the whole diversion', () => {
  it('is checked at its field: a peak against the capacity', async () => {
    const { sent, store } = takePlans();
    const { a, b, visited } = await openEditor(store);
    await type(a, 'Domain and DNS record', 'shop.example.co.id');
    await type(b, 'Domain and DNS record', 'flash.example.co.id');
    await chooseInEditor(b, 'Load balancer', /lb-scf/);
    await chooseInEditor(b, 'Backend', /storefront:1/);
    await type(b, 'Expected answer text', 'Hello CLB');
    const page = within(document.body);
    const peak = page.getByLabelText('Peak requests per second');
    expect(page.queryByText('The specification of lb-scf is unknown.')).toBeNull();
    await type(page, 'Peak requests per second', 'many');
    expect(page.getByText('Enter a whole number from 1 to 10,000,000 requests per second.')).toBeTruthy();
    expect(peak.getAttribute('aria-invalid')).toBe('true');
    await type(page, 'Peak requests per second', '3000');
    expect(peak.getAttribute('aria-invalid')).toBeNull();
    expect(page.getByText('The specification of lb-scf is unknown.')).toBeTruthy();
    await press(screen.getByRole('button', { name: 'Review plan' }));
    await waitFor(() => expect(visited).toEqual(['/plans/p-1']));
    expect(sent).toMatchObject([{ expectedPeakRps: 3000 }]);
  });

  it('is the lead of prewarm, once instances are kept warm', async () => {
    const { sent, store } = takePlans();
    const { a, b } = await openEditor(store);
    await type(a, 'Domain and DNS record', 'shop.example.co.id');
    await type(b, 'Domain and DNS record', 'flash.example.co.id');
    await chooseInEditor(b, 'Load balancer', /lb-scf/);
    await chooseInEditor(b, 'Backend', /storefront:1/);
    await type(b, 'Expected answer text', 'Hello CLB');
    const page = within(document.body);
    expect(page.queryByLabelText('Prewarm before T0')).toBeNull();
    await type(b, 'Warm instances (provisioned concurrency)', '5');
    await type(page, 'Prewarm before T0', '90000');
    expect(page.getByText('Enter a whole number from 0 to 86,400 s.')).toBeTruthy();
    await type(page, 'Prewarm before T0', '1500');
    expect(page.getByText('25 min. Schedules for this diversion propose it.')).toBeTruthy();
    await press(screen.getByRole('button', { name: 'Review plan' }));
    await waitFor(() => expect(sent).toMatchObject([{ prewarmS: 1500 }]));
  });

  it('is fixed at its field: a TTL below the minimum of the DNS plan', async () => {
    const { a, b } = await openEditor(async () => ok({ planId: PlanId.parse('p-1') }), {
      dns: { grade: 'DP_FREE', minTtlS: 600 },
    });
    await type(a, 'Domain and DNS record', 'shop.example.co.id');
    await type(b, 'Domain and DNS record', 'flash.example.co.id');
    await chooseInEditor(b, 'Load balancer', /lb-scf/);
    const page = within(screen.getByRole('region', { name: 'TTL' }));
    const ttl = page.getByLabelText('TTL before T0');
    await type(page, 'TTL before T0', '60');
    expect(page.getByText('A TTL of 60 s is refused.', { exact: false })).toBeTruthy();
    expect(ttl.getAttribute('aria-invalid')).toBe('true');
    await press(page.getByRole('button', { name: 'Use 600 s' }));
    expect((ttl as HTMLInputElement).value).toBe('600');
    expect(ttl.getAttribute('aria-invalid')).toBeNull();
    expect(document.activeElement).toBe(ttl);
  });
});

describe('the list of all blocks', () => {
  it('links to the fields and applies the first fixes at once', async () => {
    const { b } = await openEditor(never, { asked: { domain: 'flash.example.co.id' } });
    await chooseInEditor(b, 'Load balancer', /lb-classic/);
    const panel = within(screen.getByRole('region', { name: 'Checks' }));
    await press(panel.getByRole('button', { name: 'flash.example.co.id: Load balancer' }));
    expect(document.activeElement).toBe(b.getByRole('combobox', { name: 'Load balancer' }));
    (document.activeElement as HTMLElement).blur();
    await press(panel.getByRole('button', { name: 'Apply suggested fix' }));
    expect(b.getByRole('combobox', { name: 'Load balancer' }).textContent).toContain('lb-scf');
    expect(document.activeElement).toBe(b.getByRole('combobox', { name: 'Load balancer' }));
    expect(panel.queryByText('1 blocks')).toBeNull();
  });
});

describe('a check of the draft', () => {
  it('offers no fix that would create another finding as severe', async () => {
    // The rules of the name on the other load balancers have targets: choosing one would be blocked in turn.
    const rules = ['lb-scf', 'lb-cvm'].map((id) =>
      testRule(`loc-flash-${id}`, id, 'flash.example.co.id', { targets: [testTarget()] }),
    );
    const { a, b } = await openEditor(never, { asked: { domain: 'flash.example.co.id' }, change: { rules } });
    await type(a, 'Domain and DNS record', 'shop.example.co.id');
    await chooseInEditor(b, 'Backend', /storefront:1/);
    await chooseInEditor(b, 'Load balancer', /lb-classic/);
    expect(b.getByText('lb-classic is a classic load balancer.')).toBeTruthy();
    expect(b.queryByRole('button', { name: 'Use lb-scf in ap-singapore' })).toBeNull();
    expect(screen.queryByRole('button', { name: 'Apply suggested fix' })).toBeNull();
  });

  it('that gets no response loses nothing, and can be repeated', async () => {
    const server = { isDown: true };
    const { a } = await openEditor(never, { server });
    await type(a, 'Domain and DNS record', 'shop.example.co.id');
    const alert = await screen.findByRole('alert');
    expect(alert.textContent).toContain('The draft could not be checked. What you entered is kept.');
    expect(a.getByLabelText<HTMLInputElement>('Domain and DNS record').value).toBe('shop.example.co.id');
    expect(a.getByRole('combobox', { name: 'Load balancer' }).textContent).not.toContain('lb-cvm');
    server.isDown = false;
    await press(within(alert).getByRole('button', { name: 'Check again' }));
    await waitFor(() =>
      expect(a.getByRole('combobox', { name: 'Load balancer' }).textContent).toContain('lb-cvm'),
    );
    expect(screen.queryByRole('alert')).toBeNull();
  });

  it('of the last change is completed before a requested review', async () => {
    const { sent, store } = takePlans();
    const { a, b, visited } = await openEditor(store);
    await type(a, 'Domain and DNS record', 'shop.example.co.id');
    await type(b, 'Domain and DNS record', 'flash.example.co.id');
    await chooseInEditor(b, 'Load balancer', /lb-scf/);
    await chooseInEditor(b, 'Backend', /storefront:1/);
    const answer = b.getByLabelText('Expected answer text');
    fireEvent.change(answer, { target: { value: 'Hello CLB' } });
    fireEvent.keyDown(document.body, { key: 'Enter', ctrlKey: true });
    expect(sent).toEqual([]);
    await waitFor(() => expect(visited).toEqual(['/plans/p-1']));
    expect(sent[0]?.routes[1]).toMatchObject({ expectedBody: 'Hello CLB' });
  });

  it('reports that another kind can’t have the waves, and restores them for a Switch', async () => {
    await openEditor(never, { asked: { kind: 'switch', domain: 'flash.example.co.id' } });
    const names = within(screen.getByRole('region', { name: 'Names' }));
    await type(names, 'Add names', 'shop.example.co.id');
    await press(names.getByRole('button', { name: 'Add names' }));
    await press(kindRadio('Split'));
    expect(screen.getByText(/A Split has one name for each route/).textContent).toBeTruthy();
    await press(kindRadio('Switch'));
    expect(
      within(screen.getByRole('region', { name: 'Wave 1' })).getByText('shop.example.co.id'),
    ).toBeTruthy();
    expect(screen.queryByText(/one name for each route/)).toBeNull();
  });
});

describe('an unfinished draft', () => {
  it('is restored with a note until it is discarded', async () => {
    const first = await openEditor(never);
    await type(first.b, 'Domain and DNS record', 'flash.example.co.id');
    first.unmount();
    const { b } = await openEditor(never);
    await waitFor(() =>
      expect(b.getByLabelText<HTMLInputElement>('Domain and DNS record').value).toBe('flash.example.co.id'),
    );
    // The footer has a button of the same name, which does the same.
    const note = screen.getByText('You are editing the draft you left in this tab.').closest('.rounded-lg');
    await press(within(note as HTMLElement).getByRole('button', { name: 'Discard draft' }));
    expect(b.getByLabelText<HTMLInputElement>('Domain and DNS record').value).toBe('');
    cleanup();
    await openEditor(never);
    expect(screen.queryByText('You are editing the draft you left in this tab.')).toBeNull();
  });

  it('is offered beside the content of a link and is not overwritten by it', async () => {
    const first = await openEditor(never);
    await type(first.b, 'Domain and DNS record', 'flash.example.co.id');
    first.unmount();
    const { b } = await openEditor(never, { asked: { domain: 'promo.example.co.id' } });
    expect(b.getByLabelText<HTMLInputElement>('Domain and DNS record').value).toBe('promo.example.co.id');
    await press(await screen.findByRole('button', { name: 'Restore draft' }));
    expect(b.getByLabelText<HTMLInputElement>('Domain and DNS record').value).toBe('flash.example.co.id');
  });

  it('changes the address once, because each change would end the navigation to a stored plan', async () => {
    const { a } = await openEditor(never);
    const replaced = vi.spyOn(window.history, 'replaceState');
    await type(a, 'Domain and DNS record', 'shop.example.co.id');
    expect(replaced).toHaveBeenCalledTimes(1);
    await type(a, 'Domain and DNS record', 'checkout.example.co.id');
    expect(replaced).toHaveBeenCalledTimes(1);
    replaced.mockRestore();
  });

  it('leaves the address that Back returns to, while that page loads', async () => {
    const { a } = await openEditor(never);
    // The page of before is requested, and the editor is shown until it arrives, with the checks of its draft.
    window.history.replaceState(null, '', '/diversions?state=discarded');
    await type(a, 'Domain and DNS record', 'shop.example.co.id');
    expect(window.location.href).toMatch(/\/diversions\?state=discarded$/);
  });

  it('is not stored again, and leaves the address as it is, while the page changes after it was saved', async () => {
    const diversionId = DiversionId.parse('D-0007');
    const { a, visited } = await openEditor(never, { saveDraft: async () => ok({ diversionId }) });
    await type(a, 'Domain and DNS record', 'shop.example.co.id');
    await press(screen.getByRole('button', { name: 'Save draft' }));
    await waitFor(() => expect(visited).toEqual(['/diversions/D-0007']));
    const replaced = vi.spyOn(window.history, 'replaceState');
    window.history.pushState(null, '', '/diversions/D-0007');
    await type(a, 'Domain and DNS record', 'checkout.example.co.id');
    expect(replaced).not.toHaveBeenCalled();
    expect(sessionStorage.length).toBe(0);
    replaced.mockRestore();
  });

  it('stays in the tab if the diversion was changed elsewhere since the editor opened', async () => {
    const versions: unknown[] = [];
    const { a } = await openEditor(never, {
      editing: { id: DiversionId.parse('D-0001'), nextRevision: 2, draft: toDraft(testSplit()) },
      saveDraft: async ({ contentVersion, diversionId }) => {
        versions.push(contentVersion);
        const values = { diversion: diversionId ?? '' };
        return err({ fields: {}, form: { message: 'diversion.changed', values } });
      },
    });
    await type(a, 'Domain and DNS record', 'checkout.example.co.id');
    await press(screen.getByRole('button', { name: 'Save draft' }));
    await screen.findByText(/D-0001 was changed after it was opened here\. Reload it to see the change\./);
    expect(versions).toEqual(['opened']);
    expect(sessionStorage.length).toBe(1);
  });

  it('is deleted once its plan is stored', async () => {
    const { a, b, visited, unmount } = await openEditor(async () => ok({ planId: PlanId.parse('p-1') }));
    await type(a, 'Domain and DNS record', 'shop.example.co.id');
    await type(b, 'Domain and DNS record', 'flash.example.co.id');
    await chooseInEditor(b, 'Load balancer', /lb-scf/);
    await chooseInEditor(b, 'Backend', /storefront:1/);
    await type(b, 'Expected answer text', 'Hello CLB');
    await press(screen.getByRole('button', { name: 'Review plan' }));
    await waitFor(() => expect(visited).toEqual(['/plans/p-1']));
    unmount();
    await openEditor(async () => ok({ planId: PlanId.parse('p-2') }));
    expect(screen.queryByText('You are editing the draft you left in this tab.')).toBeNull();
  });
});

it('lists unavailable parts of a link and keeps the rest', async () => {
  const { b } = await openEditor(never, { asked: { rule: 'loc-gone', domain: 'flash.example.co.id' } });
  expect(screen.getByText('Rule loc-gone is not in the estate of niaga.')).toBeTruthy();
  expect(b.getByLabelText<HTMLInputElement>('Domain and DNS record').value).toBe('flash.example.co.id');
});

it('changes the code of a new function with its runtime until it is edited', async () => {
  const { b } = await openEditor(never, { asked: { domain: 'flash.example.co.id' } });
  await chooseInEditor(b, 'Load balancer', /lb-scf/);
  await press(b.getByRole('button', { name: 'Create function' }));
  const dialog = within(await screen.findByRole('dialog', { name: 'Create function' }));
  expect(dialog.getByText('Code of index.py')).toBeTruthy();
  await chooseInEditor(dialog, 'Runtime', /Nodejs18.15/);
  expect(dialog.getByText('Code of index.js')).toBeTruthy();
});

it('creates a function before a load balancer is chosen, in an existing region and namespace', async () => {
  const sent: DeployFunctionInput[] = [];
  const { b } = await openEditor(never, {
    deployFunction: async (input) => {
      sent.push(input);
      return ok({ deploymentId: 'd-1' });
    },
  });
  await press(b.getByRole('button', { name: 'Create function' }));
  const dialog = within(await screen.findByRole('dialog', { name: 'Create function' }));
  expect(dialog.getByRole('combobox', { name: 'Region' }).textContent).toContain('ap-singapore');
  await chooseInEditor(dialog, 'Region', /ap-jakarta/);
  await type(dialog, 'Function name', 'sale-page');
  await type(dialog, 'Namespace', 'nowhere');
  expect(dialog.getByText(/This region has no such namespace/)).toBeTruthy();
  await type(dialog, 'Namespace', 'night');
  expect(dialog.queryByText(/This region has no such namespace/)).toBeNull();
  await press(dialog.getByRole('button', { name: 'Deploy function' }));
  await waitFor(() =>
    expect(sent).toMatchObject([{ region: 'ap-jakarta', namespace: 'night', isNew: true }]),
  );
});

it('asks before it replaces a function of the same name, and shows what is replaced', async () => {
  const sent: DeployFunctionInput[] = [];
  const rule = testRule('loc-old', 'lb-scf', 'old.example.co.id', {
    functions: [{ ...testBound, qualifier: '$LATEST' }],
  });
  const { b } = await openEditor(never, {
    asked: { domain: 'flash.example.co.id' },
    change: { rules: [rule] },
    deployFunction: async (input) => {
      sent.push(input);
      return ok({ deploymentId: 'd-1' });
    },
  });
  await chooseInEditor(b, 'Load balancer', /lb-scf/);
  await press(b.getByRole('button', { name: 'Create function' }));
  const dialog = within(await screen.findByRole('dialog', { name: 'Create function' }));
  await type(dialog, 'Namespace', 'flash');
  await type(dialog, 'Function name', 'storefront');
  const deploy = () => fireEvent.click(dialog.getByRole('button', { name: 'Deploy function' }));
  const asking = () => screen.findByRole('dialog', { name: 'Replace the code of flash/storefront?' });
  deploy();
  const first = within(await asking());
  expect(first.getByText(/Published versions stay/)).toBeTruthy();
  expect(first.getByText(/serve the new code at once: old.example.co.id\//)).toBeTruthy();
  await press(first.getByRole('button', { name: 'Keep function' }));
  await waitFor(() => expect(screen.queryByText(/Published versions stay/)).toBeNull());
  expect(sent).toEqual([]);
  deploy();
  await press(within(await asking()).getByRole('button', { name: 'Replace code' }));
  await waitFor(() => expect(sent).toMatchObject([{ name: 'storefront', isNew: false }]));
});

it('requires a certificate for a new domain on a listener with SNI', async () => {
  const { sent, store } = takePlans();
  const certificate = { id: 'cert-flash', kind: 'SVR', domains: ['flash.example.co.id'], status: 'issued' };
  const { a, b } = await openEditor(store, {
    change: {
      listeners: [
        testListener('lb-cvm', { protocol: 'HTTPS', port: 443, certificateId: 'cert-flash' }),
        testListener('lb-scf', { protocol: 'HTTPS', port: 443, sniSwitch: true }),
      ],
      certificates: [{ ...certificate, notAfter: '2030-01-01T00:00:00Z' }],
    },
  });
  await type(a, 'Domain and DNS record', 'shop.example.co.id');
  await type(b, 'Domain and DNS record', 'flash.example.co.id');
  await chooseInEditor(b, 'Load balancer', /lb-scf/);
  const field = b.getByLabelText<HTMLInputElement>(/^Certificate for flash.example.co.id/);
  expect(field.value).toBe('cert-flash');
  await type(b, /^Certificate for flash/, '');
  expect(b.getByText(/The cloud refuses a new rule without one/)).toBeTruthy();
  await type(b, /^Certificate for flash/, 'cert-flash');
  await chooseInEditor(b, 'Backend', /storefront:1/);
  await type(b, 'Expected answer text', 'Hello CLB');
  await press(screen.getByRole('button', { name: 'Review plan' }));
  await waitFor(() =>
    expect(sent[0]?.routes[1]?.rule).toEqual({ kind: 'new', url: '/', certificateId: 'cert-flash' }),
  );
});

it('blocks a predicted outage until the name is typed, and again after that is withdrawn', async () => {
  const { sent, store } = takePlans();
  const { a, b } = await openEditor(store, {
    change: {
      listeners: [
        testListener('lb-cvm'),
        testListener('lb-cvm', { id: 'lbl-old', protocol: 'HTTPS', port: 8443 }),
        testListener('lb-scf'),
      ],
      rules: [
        testRule('loc-shop', 'lb-cvm', 'shop.example.co.id', { targets: [testTarget()] }),
        testRule('loc-flash', 'lb-cvm', 'flash.example.co.id', { targets: [testTarget()] }),
        testRule('loc-old', 'lb-cvm', 'flash.example.co.id', {
          listenerId: 'lbl-old',
          targets: [testTarget()],
        }),
      ],
    },
  });
  await type(a, 'Domain and DNS record', 'shop.example.co.id');
  await type(b, 'Domain and DNS record', 'flash.example.co.id');
  await chooseInEditor(b, 'Load balancer', /lb-scf/);
  await chooseInEditor(b, 'Backend', /storefront:1/);
  await type(b, 'Expected answer text', 'Hello CLB');
  const review = screen.getByRole<HTMLButtonElement>('button', { name: 'Review plan' });
  expect(review.disabled).toBe(true);
  const submit = b.getByRole<HTMLButtonElement>('button', { name: 'Acknowledge outage' });
  await type(b, /^Type flash.example.co.id/, 'shop.example.co.id');
  expect(submit.disabled).toBe(true);
  render(<FocusKeeper />);
  await type(b, /^Type flash.example.co.id/, ' Flash.example.co.id');
  submit.focus();
  await press(submit);
  expect(review.disabled).toBe(false);
  await waitFor(() => expect(document.activeElement?.textContent).toContain('Withdraw acknowledgement'));
  expect(document.activeElement?.textContent).not.toContain('Forwarding rule');
  await press(b.getByRole('button', { name: 'Withdraw acknowledgement' }));
  expect(review.disabled).toBe(true);
  await acknowledge(b, 'flash.example.co.id');
  await press(review);
  const acknowledged = [
    { finding: 'still-served.noListener', domain: 'flash.example.co.id', loss: 'HTTPS:8443 lb-scf' },
  ];
  await waitFor(() => expect(sent).toMatchObject([{ acknowledged }]));
});

it('opens at the field of the address, and marks it until it loses the focus', async () => {
  const id = DiversionId.parse('D-0001');
  const editing = { id, nextRevision: 2, draft: toDraft(testSplit()) };
  const { b } = await openEditor(never, { editing, asked: { field: 'routes.1.listenerId' } });
  const listener = b.getByRole('combobox', { name: 'Listener' });
  await waitFor(() => expect(document.activeElement).toBe(listener));
  const frame = listener.closest('[data-field]');
  expect(frame?.hasAttribute('data-marked')).toBe(true);
  // The control is replaced by its loaded part, which gets the focus.
  fireEvent.blur(listener);
  await new Promise((resolve) => requestAnimationFrame(resolve));
  expect(frame?.hasAttribute('data-marked')).toBe(true);
  listener.blur();
  await waitFor(() => expect(frame?.hasAttribute('data-marked')).toBe(false));
});

it('warns in the editor of a planned diversion that its approvals become void', async () => {
  const id = DiversionId.parse('D-0001');
  await openEditor(never, { editing: { id, nextRevision: 3, draft: toDraft(testSplit()) } });
  const notice = screen.getByText('Editing D-0001').parentElement;
  expect(notice?.textContent).toBe(
    "Editing D-0001 Reviewing creates revision 3 of D-0001. Approvals of earlier revisions don't carry over.",
  );
});

/** Types a name to acknowledge the outage that is shown on a side. */
async function acknowledge(side: Awaited<ReturnType<typeof openEditor>>['b'], name: string) {
  await type(side, /^Type .* to acknowledge this outage/, name);
  await press(side.getByRole('button', { name: 'Acknowledge outage' }));
}
