import { describe, expect, it } from 'vitest';
import type { Permissions } from '@/lib/estate/account-model';
import { readActions, writeActions } from '@/lib/estate/actions';
import { stops } from '@/lib/preflight/model/stops';
import { preflight } from '@/lib/preflight/preflight';
import { testAccount, testEstate, testRecord, testSplit } from '@/testing/plan/test-estate';

const every = [...readActions, ...writeActions];
const source = 'cam' as const;

function checkPermissions(permissions?: Permissions, change: object = {}) {
  const account = testAccount({ permissions });
  const estate = testEstate({ account, ...change });
  return preflight({ estate, diversion: testSplit() }).filter((f) => f.check === 'permissions');
}

const without = (...actions: readonly string[]) => every.filter((action) => !actions.includes(action));

describe('permissions', () => {
  it('pass if the key has permission for all calls of the plan', () => {
    const found = checkPermissions({ source, allowed: every, denied: [] });
    expect(found).toMatchObject([{ status: 'pass', why: 'permissions.pass' }]);
    expect(found[0]?.objects).toEqual([
      'clb:CreateRule',
      'clb:DeleteRule',
      'clb:DeregisterFunctionTargets',
      'clb:DescribeTaskStatus',
      'clb:RegisterFunctionTargets',
      'dnspod:ModifyRecordFields',
    ]);
  });

  it('block with the denied actions, including those that only the rollback needs', () => {
    const denied = ['clb:RegisterFunctionTargets', 'clb:DeleteRule'];
    const found = checkPermissions({ source, allowed: without(...denied), denied });
    expect(found).toMatchObject([
      {
        status: 'block',
        why: 'permissions.denied',
        objects: ['clb:DeleteRule', 'clb:RegisterFunctionTargets'],
      },
    ]);
    expect(found.every(stops)).toBe(true);
  });

  it('ignore denied actions that are not needed', () => {
    const denied = ['scf:CreateFunction', 'dnspod:DeleteRecord'];
    expect(checkPermissions({ source, allowed: without(...denied), denied })).toMatchObject([
      { status: 'pass' },
    ]);
    // A record that the plan creates is deleted on rollback.
    const created = { records: [testRecord(11, 'shop', '127.77.1.1')] };
    expect(checkPermissions({ source, allowed: without(...denied), denied }, created)).toMatchObject([
      { status: 'block', objects: ['dnspod:DeleteRecord'] },
    ]);
  });

  it('are shown as unknown, without blocking, if the policies could not be read', () => {
    const found = checkPermissions();
    expect(found).toMatchObject([{ status: 'unknown', why: 'permissions.unread' }]);
    expect(found.some(stops)).toBe(false);
  });

  it('name the actions that are allowed by resource, beside the denied ones', () => {
    const [open, denied] = ['clb:CreateRule', 'dnspod:ModifyRecordFields'];
    const allowed = without(open ?? '', denied ?? '');
    expect(checkPermissions({ source, allowed, denied: [denied ?? ''] })).toMatchObject([
      { status: 'block', why: 'permissions.denied', objects: [denied] },
      { status: 'unknown', why: 'permissions.byResource', objects: [open] },
    ]);
  });
});
