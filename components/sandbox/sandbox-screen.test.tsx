// @vitest-environment happy-dom

import { cleanup, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { CommandSandboxAction, SandboxCommand, SandboxView } from '@/lib/contract/sandbox';
import { err, ok } from '@/lib/result';
import { renderPage } from '@/testing/components/test-page';
import { type FaultKind, faultKinds } from './fault-draft';
import { SandboxScreen } from './sandbox-screen';

const at = '2026-12-11T15:00:05.000Z';
const line = { level: 'info', at, text: 'answered', action: null, requestId: null, code: null } as const;

const view: SandboxView = {
  readAt: at,
  seed: 'flash-sale',
  seeds: ['flash-sale', 'small'],
  clock: { mode: 'real', now: Date.parse(at), rate: 1 },
  taskMs: 1000,
  tasksRunning: 2,
  counts: { accounts: 2, loadBalancers: 11 },
  runtimes: {
    python: '3.11.7',
    pyodide: false,
    node: '20.20.2',
    isolation: 'jail',
    weakerBecause: null,
    jailOnly: false,
    systemCalls: 'filtered',
    totalMemory: 'watched',
  },
  faults: [],
  assumptions: [
    {
      name: 'binding.R1',
      about: 'Code of a refusal',
      current: 'FailedOperation',
      choices: ['FailedOperation', 'LimitExceeded'],
    },
    { name: 'function.idleS', about: 'How long it idles', current: 60, unit: 's', min: 1, max: 900 },
  ],
  objects: {
    accounts: [{ value: '100018276420', hint: 'niaga' }],
    instances: [{ value: 'ins-shop', hint: 'shop-1' }],
    functions: [{ value: 'ap-jakarta/flash/sale', hint: 'Python3.10' }],
    callObjects: [
      { value: 'lb-1', hint: 'lb-jkt-shop' },
      { value: 'flash.example.co.id', hint: '' },
    ],
    regions: ['ap-jakarta'],
  },
  effects: [{ action: 'CreateRule', object: 'lb-1/lbl-1/a.example.com/', count: 2 }],
  log: [
    { ...line, number: 1, action: 'CreateRule', requestId: '4b0e1d6c-1' },
    { ...line, number: 2, level: 'warn', text: 'TLS refused', code: 'AuthFailure' },
  ],
};

/** The response of `sandbox.get`; null: none. */
let answer: SandboxView | null;
beforeEach(() => {
  vi.stubGlobal('fetch', async () =>
    answer === null ? Promise.reject(new TypeError('fetch failed')) : Response.json(answer),
  );
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

function open(change: Partial<SandboxView> = {}, reply: CommandSandboxAction = async () => ok(null)) {
  answer = { ...view, ...change };
  const given: SandboxCommand[] = [];
  renderPage(
    <SandboxScreen
      initial={answer}
      commandSandbox={async (command) => {
        given.push(command);
        return reply(command);
      }}
    />,
  );
  return given;
}

const panel = (name: string) => within(screen.getByRole('region', { name }));
const refusing =
  (reason: string): CommandSandboxAction =>
  async () =>
    err({ fields: {}, form: { message: 'sandbox.refused', values: { reason } } });
const type = (field: HTMLElement, value: string) => fireEvent.change(field, { target: { value } });

async function choose(name: string, option: string): Promise<void> {
  fireEvent.click(screen.getByRole('combobox', { name }));
  const choice = await screen.findByRole('option', { name: option });
  fireEvent.pointerDown(choice);
  fireEvent.click(choice);
  await waitFor(() => expect(screen.queryByRole('option', { name: option })).toBeNull());
}

/** The name and fields of each kind. A new kind does not compile until it is added here. */
const forms: { readonly [Kind in FaultKind]: readonly [name: string, fields: readonly string[]] } = {
  throttle: ['Throttled', ['Action', 'Object', 'Number of calls']],
  internalError: ['Internal error', ['Action', 'Object', 'Number of calls']],
  http502: ['HTTP 502', ['Action', 'Object', 'Number of calls']],
  slow: ['Slow answer', ['Action', 'Object', 'Number of calls', 'Answer delay']],
  replyLost: ['Reply lost', ['Action', 'Object', 'Number of calls']],
  taskFails: ['Task fails', ['Action', 'Object', 'Number of calls', 'Task message']],
  taskNeverEnds: ['Task never ends', ['Action', 'Object', 'Number of calls']],
  changesNothing: ['Success without effect', ['Action', 'Object', 'Number of calls']],
  resourceInOperating: ['Load balancer busy', ['Action', 'Object', 'Number of calls']],
  keyRejected: ['Key rejected', ['Account', 'Error code']],
  instanceDown: ['Server down', ['Server']],
  functionDown: ['Function down', ['Function']],
  resolverIgnoresTtl: ['Resolver ignores TTL', ['TTL factor']],
  owner: ['Another owner', ['Owner', 'Owned object', 'After']],
  foreignEdit: ['Edit by another user', ['After', 'Service', 'Action', 'Region', 'Parameters (JSON)']],
};

it('reports when Python functions run on Pyodide, and the limitations', () => {
  const note = /threads, network connections and compiled packages don't work/;
  open();
  expect(screen.queryByText(note)).toBeNull();
  cleanup();
  const { runtimes } = view;
  open({ runtimes: runtimes && { ...runtimes, python: '3.14.2 on Pyodide 314.0.7', pyodide: true } });
  const panel = within(screen.getByRole('region', { name: 'Function code' }));
  expect(panel.getByText('3.14.2 on Pyodide 314.0.7')).toBeDefined();
  expect(panel.getByText(note)).toBeDefined();
});

describe('the fault form', () => {
  it.each(faultKinds)('has only the fields of %s', async (kind) => {
    open();
    const [name, fields] = forms[kind];
    await choose('Fault type', name);
    const form = panel('Inject a fault');
    const inputs = screen.getByRole('region', { name: 'Inject a fault' }).querySelectorAll('input');
    const labels = [...inputs]
      .filter((field) => field.type === 'text' && !field.matches('[aria-hidden="true"]'))
      .map((field) => field.labels?.[0]?.textContent);
    expect(labels).toEqual(fields);
    expect(form.queryByRole('checkbox') !== null).toBe(kind === 'internalError' || kind === 'http502');
  });

  it('offers the objects of the sandbox by name, and uses the chosen one', async () => {
    const given = open();
    await choose('Fault type', 'Server down');
    const form = panel('Inject a fault');
    fireEvent.click(form.getByRole('button', { name: 'List of Server' }));
    fireEvent.click(await screen.findByRole('option', { name: 'ins-shop shop-1' }));
    fireEvent.click(form.getByRole('button', { name: 'Inject fault' }));
    await form.findByText('Fault injected.');
    expect(given).toEqual([{ kind: 'addFault', order: { kind: 'instanceDown', instanceId: 'ins-shop' } }]);
  });

  it('sends the input, confirms the injection, and keeps the input for the next one', async () => {
    const given = open();
    await choose('Fault type', 'Task fails');
    const form = panel('Inject a fault');
    type(form.getByRole('combobox', { name: 'Action' }), 'CreateRule');
    type(form.getByRole('combobox', { name: 'Object' }), 'lb-1');
    type(form.getByRole('textbox', { name: 'Task message' }), 'no backend');
    fireEvent.click(form.getByRole('button', { name: 'Inject fault' }));
    expect((await form.findByText('Fault injected.')).role).toBe('status');
    const order = {
      kind: 'taskFails',
      action: 'CreateRule',
      object: 'lb-1',
      count: 1,
      message: 'no backend',
    };
    expect(given).toEqual([{ kind: 'addFault', order }]);
    expect(form.getByRole<HTMLInputElement>('combobox', { name: 'Object' }).value).toBe('lb-1');
  });

  it('injects a fault into a share of calls that take effect first', async () => {
    const given = open();
    await choose('Fault type', 'HTTP 502');
    const form = panel('Inject a fault');
    fireEvent.click(form.getByRole('radio', { name: 'Share of calls' }));
    type(form.getByRole('textbox', { name: 'Share of calls' }), '2.5');
    fireEvent.click(form.getByRole('checkbox', { name: /takes effect before/ }));
    fireEvent.click(form.getByRole('button', { name: 'Inject fault' }));
    await form.findByText('Fault injected.');
    expect(given).toEqual([
      { kind: 'addFault', order: { kind: 'http502', action: '*', probability: 0.025, takesEffect: true } },
    ]);
  });

  it('names each invalid field on submit, and sends nothing', async () => {
    const given = open();
    await choose('Fault type', 'Edit by another user');
    const form = panel('Inject a fault');
    const seconds = form.getByRole('textbox', { name: 'After' });
    const params = form.getByRole('textbox', { name: 'Parameters (JSON)' });
    type(seconds, 'soon');
    type(form.getByRole('combobox', { name: 'Action' }), ' ');
    type(params, '[]');
    expect(seconds.getAttribute('aria-invalid')).toBeNull();
    fireEvent.click(form.getByRole('button', { name: 'Inject fault' }));
    expect(await form.findByText('Enter a number within the range.')).toBeTruthy();
    expect(form.getByText('Enter a value.')).toBeTruthy();
    expect(form.getByText(/Enter a JSON object, such as {"Weight": 0}/)).toBeTruthy();
    expect([seconds, params].map((field) => field.getAttribute('aria-invalid'))).toEqual(['true', 'true']);
    expect(given).toEqual([]);
    type(seconds, '5');
    expect(seconds.getAttribute('aria-invalid')).toBeNull();
  });

  it('shows why the sandbox rejected it, and keeps the input', async () => {
    open({}, refusing('instanceId: there is no instance ins-none'));
    await choose('Fault type', 'Server down');
    const form = panel('Inject a fault');
    type(form.getByRole('combobox', { name: 'Server' }), 'ins-none');
    fireEvent.click(form.getByRole('button', { name: 'Inject fault' }));
    expect((await form.findByRole('alert')).textContent).toBe('instanceId: there is no instance ins-none');
    expect(form.getByRole<HTMLInputElement>('combobox', { name: 'Server' }).value).toBe('ins-none');
  });

  it('reports that the outcome is unknown when no response arrives', async () => {
    open({}, () => Promise.reject(new Error('fetch failed')));
    const form = panel('Inject a fault');
    fireEvent.click(form.getByRole('button', { name: 'Inject fault' }));
    expect((await form.findByRole('alert')).textContent).toMatch(
      /^It is unknown whether this was done, because the sandbox did not answer/,
    );
  });
});

describe('the list of faults', () => {
  it('shows the hits of each, and clears one or all', async () => {
    const lastHits = [{ action: 'CreateRule', requestId: '4b0e1d6c-1' }];
    const none = { hits: 0, lastHits: [], outcome: null };
    const call = { service: 'clb', action: 'DeleteRule', params: {} };
    const given = open({
      faults: [
        {
          id: 'fault-1',
          spec: { kind: 'taskFails', action: 'CreateRule', seed: 1 },
          remaining: 0,
          hits: 1,
          lastHits,
          outcome: null,
        },
        {
          ...none,
          id: 'fault-2',
          spec: { kind: 'slow', action: '*', probability: 0.025, ms: 800 },
          remaining: null,
        },
        { ...none, id: 'fault-3', spec: { kind: 'instanceDown', instanceId: 'ins-1' }, remaining: null },
        { ...none, id: 'fault-4', spec: { kind: 'foreignEdit', at: { afterMs: 1 }, call }, remaining: null },
        {
          ...none,
          id: 'fault-5',
          spec: { kind: 'foreignEdit', at: { afterMs: 1 }, call },
          remaining: 0,
          outcome: 'accepted',
        },
      ],
    });
    const list = panel('Faults');
    const [, ...rows] = list.getAllByRole('row').map((row) => row.textContent);
    const standings = ['accepted', 'pending', 'ins-1', '2.5 % of calls', '4b0e1d6c-1'];
    expect(rows).toEqual(standings.map((words) => expect.stringContaining(words)));
    fireEvent.click(list.getByRole('button', { name: 'Clear Server down fault-3' }));
    await waitFor(() => expect(given).toEqual([{ kind: 'clearFault', id: 'fault-3' }]));
    const all = list.getByRole('button', { name: 'Clear all faults' });
    await waitFor(() => expect(all.getAttribute('aria-busy')).toBeNull());
    fireEvent.click(all);
    await waitFor(() => expect(given[1]).toEqual({ kind: 'clearAllFaults' }));
  });
});

describe('the clock', () => {
  it('must be stopped before it is advanced manually, and shows the requested value until it is', async () => {
    const given = open({}, async () => {
      answer = { ...view, clock: { mode: 'virtual', now: Date.parse(at), rate: 0 } };
      return ok(null);
    });
    const leap = screen.getByRole('button', { name: 'Advance by 10 min' });
    expect(leap.hasAttribute('disabled')).toBe(true);
    const still = screen.getByRole('radio', { name: 'Paused' });
    fireEvent.click(still);
    await screen.findByRole('radio', { name: 'Paused', checked: true });
    await waitFor(() => expect(leap.hasAttribute('disabled')).toBe(false));
    await waitFor(() => expect(leap.getAttribute('aria-disabled')).toBeNull());
    fireEvent.click(leap);
    await waitFor(() =>
      expect(given).toEqual([
        { kind: 'clock', order: { mode: 'virtual', rate: 0 } },
        { kind: 'clock', order: { mode: 'virtual', rate: 0, advanceMs: 600_000 } },
      ]),
    );
  });

  it('keeps the input of a rejected task duration, and accepts only whole milliseconds', async () => {
    const given = open({}, refusing('ms: too many'));
    const field = screen.getByRole<HTMLInputElement>('textbox', { name: 'New task duration' });
    const set = panel('Clock').getByRole('button', { name: 'Set duration' });
    type(field, '1.5');
    expect(set.hasAttribute('disabled')).toBe(true);
    expect(screen.getByText('Enter milliseconds as a whole number.')).toBeTruthy();
    type(field, '9999999');
    fireEvent.click(set);
    expect((await panel('Clock').findByRole('alert')).textContent).toBe('ms: too many');
    expect(field.value).toBe('9999999');
    expect(given).toEqual([{ kind: 'taskTime', ms: 9_999_999 }]);
  });
});

describe('the sandbox data', () => {
  const dialog = () => screen.findByRole('dialog', { name: 'Replace the sandbox data?' });

  it('is replaced only after confirmation', async () => {
    const given = open();
    fireEvent.click(screen.getByRole('button', { name: 'Reset data' }));
    fireEvent.click(within(await dialog()).getByRole('button', { name: 'Keep current data' }));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(given).toEqual([]);
    fireEvent.click(screen.getByRole('button', { name: 'Reset data' }));
    fireEvent.click(within(await dialog()).getByRole('button', { name: 'Replace data' }));
    expect(await screen.findByText(/The sandbox data was replaced/)).toBeTruthy();
    expect(given).toEqual([{ kind: 'reset' }]);
  });

  it('is reset with another seed', async () => {
    const given = open();
    expect(screen.getByRole('button', { name: 'Load seed' }).hasAttribute('disabled')).toBe(true);
    await choose('Other seed', 'small');
    fireEvent.click(screen.getByRole('button', { name: 'Load seed' }));
    expect((await dialog()).textContent).toContain('The seed small');
    fireEvent.click(within(await dialog()).getByRole('button', { name: 'Replace data' }));
    await waitFor(() => expect(given).toEqual([{ kind: 'seed', name: 'small' }]));
  });

  it('is imported from a file, or shows its error', async () => {
    const given = open();
    const sent: unknown[] = [];
    vi.stubGlobal('fetch', async (path: string, { method, body }: RequestInit = {}) => {
      if (method !== 'PUT') return Response.json(answer);
      sent.push([path, body]);
      const values = { reason: 'The sandbox data is rejected: format: must be 2.' };
      const error = { fields: {}, form: { message: 'sandbox.refused', values } };
      return Response.json(error, { status: 422 });
    });
    const file = new File(['{"format":1}'], 'old.json', { type: 'application/json' });
    fireEvent.change(screen.getByLabelText('Sandbox data file to import'), { target: { files: [file] } });
    expect((await dialog()).textContent).toContain('The data in old.json');
    fireEvent.click(within(await dialog()).getByRole('button', { name: 'Replace data' }));
    expect((await panel('Sandbox data').findByRole('alert')).textContent).toBe(
      'The sandbox data is rejected: format: must be 2.',
    );
    expect(sent).toEqual([['/api/sandbox/data', file]]);
    expect(given).toEqual([]);
  });

  it('is not imported from a file that is too large', async () => {
    const given = open();
    const file = new File([new Uint8Array(31_000_000)], 'huge.json');
    fireEvent.change(screen.getByLabelText('Sandbox data file to import'), { target: { files: [file] } });
    expect((await panel('Sandbox data').findByRole('alert')).textContent).toBe(
      'huge.json is larger than 30 MB. Choose a smaller file.',
    );
    expect(given).toEqual([]);
  });
});

describe('log, effects and assumptions', () => {
  it('show the newest line first, filtered by a word', () => {
    open();
    const log = panel('Log');
    const rows = () =>
      log
        .getAllByRole('row')
        .slice(1)
        .map((row) => row.textContent);
    expect(rows()).toEqual([
      expect.stringContaining('warningAuthFailureTLS refused'),
      expect.stringContaining('CreateRuleanswered4b0e1d6c-1'),
    ]);
    const filter = log.getByRole('searchbox', { name: 'Filter the log' });
    type(filter, ' 4B0E ');
    expect(rows()).toHaveLength(1);
    type(filter, 'nowhere');
    expect(log.getByText('No lines match.')).toBeTruthy();
  });

  it('show how often each write took effect', () => {
    open();
    const [, row] = panel('Writes that took effect').getAllByRole('row');
    expect(row?.textContent).toBe('CreateRulelb-1/lbl-1/a.example.com/2');
  });

  it('change an assumption to another choice or a number in range', async () => {
    const given = open();
    await choose('binding.R1', 'LimitExceeded');
    await waitFor(() =>
      expect(given).toEqual([{ kind: 'assume', values: { 'binding.R1': 'LimitExceeded' } }]),
    );
    const number = screen.getByRole('textbox', { name: 'function.idleS' });
    const set = panel('Assumptions').getByRole('button', { name: 'Set' });
    type(number, '901');
    expect(screen.getByText('Enter a number from 1 to 900.')).toBeTruthy();
    expect(set.hasAttribute('disabled')).toBe(true);
    type(number, '5');
    fireEvent.click(set);
    await waitFor(() => expect(given[1]).toEqual({ kind: 'assume', values: { 'function.idleS': 5 } }));
  });
});

it('keep the last data, with its time, while the sandbox does not respond', async () => {
  open();
  expect(screen.queryByText("The state of the sandbox can't be loaded.")).toBeNull();
  answer = null;
  fireEvent.click(screen.getByRole('button', { name: 'Inject fault' }));
  expect(await screen.findByText("The state of the sandbox can't be loaded.")).toBeTruthy();
  expect(screen.getByText(/Showing data from/).textContent).toContain('15:00:05');
  expect(panel('Sandbox data').getByText('11')).toBeTruthy();
});

describe('function code', () => {
  const runtimes = {
    ...({
      python: null,
      pyodide: false,
      node: '24.1.0',
      jailOnly: false,
      systemCalls: 'open',
      totalMemory: 'each',
    } as const),
  };

  it('shows its runtime and that it cannot reach the machine', () => {
    open();
    const panel = within(screen.getByRole('region', { name: 'Function code' }));
    expect(panel.getByText('20.20.2')).toBeDefined();
    for (const text of ['Jail', 'Filtered', 'Monitored']) expect(panel.getByText(text)).toBeDefined();
    expect(panel.queryByText(/No jail/)).toBeNull();
  });

  it('shows what it can reach without a jail, why, and that it does not run with real accounts', () => {
    const weak = {
      ...runtimes,
      isolation: 'weak',
      weakerBecause: 'unshare: Operation not permitted',
    } as const;
    open({ runtimes: weak });
    const panel = () => within(screen.getByRole('region', { name: 'Function code' }));
    expect(panel().getByText('No jail: unshare: Operation not permitted')).toBeDefined();
    for (const text of ['Not installed', 'Not filtered', 'Per process']) {
      expect(panel().getByText(text)).toBeDefined();
    }
    expect(panel().queryByText("Functions don't run")).toBeNull();
    cleanup();
    open({ runtimes: { ...weak, jailOnly: true } });
    expect(panel().getByText("Functions don't run")).toBeDefined();
  });
});
