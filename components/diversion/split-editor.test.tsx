// @vitest-environment happy-dom
import { cleanup, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import { renderPage } from '@/components/plan/test-page';
import type { Answer } from '@/lib/client/actions';
import type { ConnectionView } from '@/lib/client/views';
import type { Diversion } from '@/lib/diversion/diversion';
import { testEstate, testListener, testLoadBalancer, testSplit } from '@/lib/plan/test-estate';
import { err, ok } from '@/lib/result';
import { SplitEditor } from './split-editor';

afterEach(cleanup);

const connection = {
  id: 'test',
  name: 'niaga',
  kind: 'sandbox',
  uin: '100000000001',
  portOffset: 0,
  isolation: 'jail',
} as const;

/** The test estate with a classic load balancer beside the two others. */
const estate = testEstate({
  loadBalancers: [
    testLoadBalancer('lb-cvm'),
    testLoadBalancer('lb-scf', { vips: ['127.77.1.2'] }),
    testLoadBalancer('lb-classic', { vips: ['127.77.1.3'], generation: 'classic' }),
  ],
  listeners: [testListener('lb-cvm'), testListener('lb-scf')],
});

function open(
  createPlan: (diversion: Diversion) => Answer<{ planId: string }>,
  isolation: ConnectionView['isolation'] = 'jail',
) {
  const page = renderPage(
    <SplitEditor
      connection={{ ...connection, isolation }}
      estate={estate}
      keepAliveS={75}
      createPlan={(_, diversion) => createPlan(diversion)}
      deployFunction={async () => ok({ deploymentId: 'none' })}
      startSync={async () => ok(null)}
    />,
  );
  return {
    ...page,
    a: within(screen.getByRole('region', { name: 'Domain A to CVM' })),
    b: within(screen.getByRole('region', { name: 'Domain B to SCF' })),
  };
}

type Lane = ReturnType<typeof open>['a'];

function type(lane: Lane, field: string, text: string) {
  const input = lane.getByLabelText(field);
  fireEvent.focus(input);
  fireEvent.change(input, { target: { value: text } });
  fireEvent.blur(input);
}

async function choose(lane: Lane, field: string, option: RegExp) {
  fireEvent.click(lane.getByRole('combobox', { name: field }));
  const choice = await screen.findByRole('option', { name: option });
  fireEvent.pointerDown(choice);
  fireEvent.mouseMove(choice);
  fireEvent.click(choice);
  await waitFor(() => expect(screen.queryByRole('option', { name: option })).toBeNull());
}

describe('the Split editor', () => {
  it('explains a blocked choice at its field, mends it, and stores the plan', async () => {
    const sent: Diversion[] = [];
    const { a, b, visited } = open(async (diversion) => {
      sent.push(diversion);
      return ok({ planId: 'p-1' });
    });

    type(a, 'Domain and DNS record', 'shop.example.co.id');
    expect(a.getByRole('combobox', { name: 'Load balancer' }).textContent).toContain('lb-cvm');
    expect(a.getByRole('combobox', { name: 'Forwarding rule' }).textContent).toContain('shop.example.co.id/');

    type(b, 'Domain and DNS record', 'flash.example.co.id');
    await choose(b, 'Load balancer', /lb-classic/);
    expect(b.getByText('lb-classic is a classic load balancer.')).toBeTruthy();
    const blocked = b.getByRole('combobox', { name: 'Load balancer' });
    expect(blocked.getAttribute('aria-invalid')).toBe('true');

    fireEvent.keyDown(document.body, { key: 'F8' });
    expect(document.activeElement).toBe(blocked);

    fireEvent.click(b.getByRole('button', { name: 'Use lb-scf in ap-singapore' }));
    expect(b.queryByText('lb-classic is a classic load balancer.')).toBeNull();
    await choose(b, 'Backend', /storefront:1/);
    type(b, 'Expected answer text', 'Hello CLB');
    expect(screen.getByText('Plan: 3 steps')).toBeTruthy();

    fireEvent.keyDown(document.body, { key: 'Enter', ctrlKey: true });
    await waitFor(() => expect(visited).toEqual(['/plans/p-1']));
    expect(sent).toEqual([{ ...testSplit(), name: 'New Split' }]);
  });

  it('says why the plan can not be reviewed yet', () => {
    open(async () => ok({ planId: 'never' }));
    const review = screen.getByRole('button', { name: 'Review plan' });
    expect(review.hasAttribute('disabled')).toBe(true);
    const reason = document.getElementById(review.getAttribute('aria-describedby') ?? '');
    expect(reason?.textContent).toBe('Domain A: Domain and DNS record is still to choose');
  });

  it('shows what the server refuses at its field, and clears it with the next change', async () => {
    const { a, b } = open(async () =>
      err({ fields: { 'laneB.expectedBody': ['expectedBody.tooLong'] }, form: null }),
    );
    type(a, 'Domain and DNS record', 'shop.example.co.id');
    type(b, 'Domain and DNS record', 'flash.example.co.id');
    await choose(b, 'Load balancer', /lb-scf/);
    await choose(b, 'Backend', /storefront:1/);
    type(b, 'Expected answer text', 'Hello CLB');
    fireEvent.click(screen.getByRole('button', { name: 'Review plan' }));
    expect(await b.findByText('At most 2,000 characters.')).toBeTruthy();
    type(b, 'Expected answer text', 'Hello');
    expect(b.queryByText('At most 2,000 characters.')).toBeNull();
  });

  it('says that it is not known whether the plan was stored when no answer comes', async () => {
    const { a, b } = open(() => Promise.reject(new Error('fetch failed')));
    type(a, 'Domain and DNS record', 'shop.example.co.id');
    type(b, 'Domain and DNS record', 'flash.example.co.id');
    await choose(b, 'Load balancer', /lb-scf/);
    await choose(b, 'Backend', /storefront:1/);
    type(b, 'Expected answer text', 'Hello CLB');
    const review = screen.getByRole('button', { name: 'Review plan' });
    fireEvent.click(review);
    const alert = await screen.findByRole('alert');
    expect(alert.textContent).toContain('It is not known whether the plan was stored.');
    expect(within(alert).getByRole('link', { name: 'Plans' }).getAttribute('href')).toBe('/plans');
    expect(review.getAttribute('aria-busy')).toBeNull();
  });

  it('says what the code of a new function can reach where it is not kept apart', async () => {
    const { b } = open(async () => ok({ planId: 'never' }), 'user');
    fireEvent.click(b.getByRole('button', { name: 'Create a function' }));
    const dialog = within(await screen.findByRole('dialog', { name: 'Create a function' }));
    expect(dialog.getByText(/programs that listen here, this dashboard included/)).toBeTruthy();
  });
});
