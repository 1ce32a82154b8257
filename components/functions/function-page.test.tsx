// @vitest-environment happy-dom
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { NextIntlClientProvider } from 'next-intl';
import type { ReactNode } from 'react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { FunctionView } from '@/lib/contract/function';
import { ListenerId, LoadBalancerId, RuleId } from '@/lib/estate/ids';
import { ScfFunction } from '@/lib/estate/model';
import { messages } from '@/lib/messages/messages';
import { ok } from '@/lib/result';
import { RunId } from '@/lib/run/model/run-id';
import { choose } from '@/testing/components/test-choose';
import { testFunction } from '@/testing/plan/test-estate';
import { AliasesPanel } from './aliases-panel';
import { DeleteFunction } from './delete-function';
import type { FunctionPageProps } from './function-props';
import { UseTab } from './use-tab';
import { WarmDialog } from './warm-dialog';

const sent: object[] = [];
const send = async (input: object) => {
  sent.push(input);
  return ok({ changeId: 'c-1' });
};
const actions: FunctionPageProps['actions'] = {
  publishVersion: send,
  setAlias: send,
  deleteAlias: send,
  setProvisioned: send,
  deleteVersion: send,
  deleteFunction: send,
  deployFunction: async () => ok({ deploymentId: 'd-1' }),
  startTestInvocation: async () => ok({ testInvocationId: 't-1' }),
};

const use: FunctionView['uses'][number] = {
  ruleId: RuleId.parse('loc-1'),
  domain: 'flash.example.co.id',
  url: '/',
  loadBalancerId: LoadBalancerId.parse('lb-scf'),
  loadBalancer: 'lb-sin-flash',
  listenerId: ListenerId.parse('lbl-1'),
  listener: 'HTTP:80',
  qualifier: 'live',
  weight: 10,
};

function view(more: Partial<FunctionView> = {}): FunctionView {
  const additional = { version: '2', weight: 0.1 };
  const own = {
    versions: ['$LATEST', '2', '1'],
    aliases: [{ name: 'live', version: '1', additional }],
    provisioned: [{ qualifier: '2', allocated: 3, available: 3, status: 'Done' }],
    triggers: [],
  };
  return {
    takenAt: '2026-12-11T14:00:00.000Z',
    function: ScfFunction.parse(testFunction(own)),
    uses: [],
    leftBy: null,
    room: { within: 'region', freeMb: 1000 },
    history: [],
    tests: [],
    ...more,
  };
}

function props(more: Partial<FunctionView> = {}): FunctionPageProps {
  const connection = {
    id: 'test',
    name: 'niaga',
    kind: 'sandbox',
    uin: null,
    portOffset: 0,
    isolation: null,
  } as const;
  return { connection, view: view(more), actions };
}

function show(part: ReactNode) {
  render(
    <NextIntlClientProvider locale="en" timeZone="UTC" messages={messages}>
      <QueryClientProvider client={new QueryClient()}>{part}</QueryClientProvider>
    </NextIntlClientProvider>,
  );
}

const type = (name: string, value: string) =>
  fireEvent.change(screen.getByRole('textbox', { name }), { target: { value } });
const press = (name: string) =>
  fireEvent.click(within(screen.getByRole('dialog')).getByRole('button', { name }));

beforeEach(() => {
  sent.length = 0;
});
afterEach(cleanup);

it('lists the triggers of a function by name, and starts a diversion that publishes it', () => {
  const trigger = {
    kind: 'timer',
    name: 'tick',
    enabled: true,
    setting: '0 0 2 * * * *',
    description: '',
    qualifier: '$LATEST',
  };
  const fn = ScfFunction.parse(
    testFunction({
      triggers: [trigger, { ...trigger, kind: 'clb', name: 'lb-1' }],
    }),
  );
  show(<UseTab {...props({ function: fn, uses: [use] })} />);
  const triggers = within(screen.getByRole('table', { name: 'Triggers of this function' }));
  expect(triggers.getByText('tick')).toBeTruthy();
  expect(triggers.getByText('lb-1')).toBeTruthy();
  const link = screen.getByRole('link', { name: 'Publish on a domain' }).getAttribute('href') ?? '';
  expect(Object.fromEntries(new URL(link, 'http://x').searchParams)).toEqual({
    connection: 'test',
    kind: 'access',
    function: 'ap-singapore/flash/storefront',
  });
});

it('moves an alias that serves traffic only after its name is typed, and sends the state that was shown', async () => {
  show(<AliasesPanel {...props({ uses: [use] })} />);
  fireEvent.click(screen.getByRole('button', { name: 'Change alias live' }));
  expect(screen.getByRole('dialog').textContent).toContain('takes traffic of flash.example.co.id/');
  type('Share of the additional version', '25');
  type('Reason', 'Canary');
  press('Save alias');
  expect(screen.getByText('Enter the alias exactly as shown.')).toBeTruthy();
  expect(sent).toEqual([]);
  type('Type live to confirm', 'live');
  press('Save alias');
  await waitFor(() => expect(sent).toHaveLength(1));
  expect(sent[0]).toMatchObject({
    connectionId: 'test',
    region: 'ap-singapore',
    namespace: 'flash',
    name: 'storefront',
    reason: 'Canary',
    change: {
      kind: 'setAlias',
      alias: 'live',
      before: { version: '1', additional: { version: '2', percent: 10 } },
      after: { version: '1', additional: { version: '2', percent: 25 } },
    },
  });
});

it('finds the versions of an alias by typing', async () => {
  show(<AliasesPanel {...props()} />);
  fireEvent.click(screen.getByRole('button', { name: 'Change alias live' }));
  const dialog = screen.getByRole('dialog', { name: 'Change alias live' });
  fireEvent.click(within(dialog).getByRole('combobox', { name: 'Version' }));
  fireEvent.change(await screen.findByRole('combobox', { name: 'Type to search' }), {
    target: { value: 'LATEST' },
  });
  expect(screen.getAllByRole('option').map(({ textContent }) => textContent)).toEqual(['$LATEST']);
  fireEvent.keyDown(screen.getByRole('combobox', { name: 'Type to search' }), { key: 'Escape' });
  await waitFor(() => expect(screen.queryByRole('option')).toBeNull());
  await choose(within(dialog), 'Version', '2');
  await choose(within(dialog), 'Additional version', 'None');
  type('Reason', 'All of it');
  press('Save alias');
  await waitFor(() => expect(sent).toHaveLength(1));
  expect(sent[0]).toMatchObject({ change: { after: { version: '2', additional: null } } });
});

it('shows how many more instances are available, and sends the previous number', async () => {
  const onClose = vi.fn();
  show(<WarmDialog {...props()} version="2" onClose={onClose} />);
  expect(screen.getByRole('dialog').textContent).toContain('1,000 MB free: 7 more instances');
  type('Warm instances', '5');
  type('Reason', 'Sale');
  press('Set warm instances');
  await waitFor(() => expect(onClose).toHaveBeenCalled());
  expect(sent[0]).toMatchObject({ change: { kind: 'setProvisioned', version: '2', before: 3, after: 5 } });
});

it('lists the parts deleted with a function, what a rollback has left, and the rules that prevent its deletion', () => {
  const leftBy = { runId: RunId.parse('R-0003'), at: '2026-12-11T14:00:00.000Z' };
  show(<DeleteFunction {...props({ leftBy })} onClose={() => {}} />);
  const goes = screen.getByRole('region', { name: 'Also deleted' });
  expect(goes.textContent).toBe(
    'Published versions2, 1AliasesliveWarm instances3Other triggersNoneLeft by a rollbackR-0003, rolled back',
  );
  cleanup();
  show(<DeleteFunction {...props({ uses: [use] })} onClose={() => {}} />);
  expect(screen.getByRole('dialog').textContent).toContain('1 rule uses it: flash.example.co.id/.');
});
