import { describe, expect, it } from 'vitest';
import { sortVersions, toFunctionDetail, toNamespaces, toTriggers, toVersions } from './convert';

const wire = {
  FunctionName: 'hello',
  Namespace: 'default',
  Type: 'Event',
  Runtime: 'Python3.6',
  Handler: 'index.main_handler',
  Status: 'Active',
  StatusDesc: '',
  StatusReasons: [],
  MemorySize: 128,
  Timeout: 3,
  ModTime: '2024-12-17 17:52:48',
};

describe('toFunctionDetail', () => {
  it("reads the cloud's time as Beijing time", () => {
    expect(toFunctionDetail(wire).fn).toEqual({
      namespace: 'default',
      name: 'hello',
      type: 'Event',
      runtime: 'Python3.6',
      handler: 'index.main_handler',
      status: 'Active',
      memoryMb: 128,
      timeoutS: 3,
      modifiedAt: '2024-12-17T09:52:48.000Z',
      availableStatus: null,
      tags: {},
    });
  });

  it('does not treat an unknown type as an Event function', () => {
    expect(toFunctionDetail({ ...wire, Type: 'http' }).fn.type).toBe('HTTP');
    for (const Type of ['', 'Agent']) expect(() => toFunctionDetail({ ...wire, Type })).toThrow(/Type/);
  });

  it('reports why a function failed', () => {
    const reasons = [{ ErrorCode: 'CodeError', ErrorMessage: 'zip is broken' }];
    expect(toFunctionDetail({ ...wire, Status: 'CreateFailed', StatusReasons: reasons }).reason).toBe(
      'zip is broken',
    );
    expect(toFunctionDetail({ ...wire, StatusDesc: 'no image' }).reason).toBe('no image');
  });
});

it('orders versions by number, $LATEST first', () => {
  const { items } = toVersions({ Versions: [{ Version: '2' }, { Version: '10' }, { Version: '$LATEST' }] });
  expect(sortVersions(['$LATEST', ...items.map((v) => v.version)])).toEqual(['$LATEST', '10', '2']);
});

it('reports the triggers of a function, whatever the case of their kind, and their targets', () => {
  const bare = { name: '', enabled: null, setting: '', description: '' };
  const answer = { TotalCount: 2, Triggers: [{ Type: 'clb', Qualifier: '$LATEST' }, { Type: 'Timer' }] };
  expect(toTriggers(answer as Parameters<typeof toTriggers>[0]).items).toEqual([
    { ...bare, kind: 'clb', qualifier: '$LATEST' },
    { ...bare, kind: 'timer', qualifier: null },
  ]);
});

describe('toNamespaces', () => {
  const answer = { TotalCount: 3, Namespaces: [{ Name: 'default' }, { Name: 7 }, { Name: 'flash' }] };

  it('reports an entry without a readable name, uses the others, and counts it as read', () => {
    const odd: string[] = [];
    const page = toNamespaces(answer as never, (id, reason) => odd.push(`${id}: ${reason}`));
    expect(page).toEqual({ items: ['default', 'flash'], total: 3, count: 3 });
    expect(odd).toEqual([expect.stringMatching(/^7: Name: /)]);
  });

  it('rejects the list without a reporter for unreadable items', () => {
    expect(() => toNamespaces(answer as never)).toThrow(/Name/);
  });
});

it('extracts the setting of a timer from its JSON, and keeps other ones unchanged', () => {
  const settings = ['{"cron":"0 0 2 * * * *"}', '{"bucketUrl":"x"}', 'text', '[', null].map(
    (TriggerDesc) => ({
      Type: 'timer',
      TriggerName: 'n',
      TriggerDesc,
      Enable: 1,
    }),
  );
  const { items } = toTriggers({ Triggers: settings } as never);
  expect(items.map(({ setting }) => setting)).toEqual([
    '0 0 2 * * * *',
    '{"bucketUrl":"x"}',
    'text',
    '[',
    '',
  ]);
  expect(items.every(({ enabled }) => enabled === true)).toBe(true);
});
