// @vitest-environment happy-dom
import { cleanup, fireEvent, screen } from '@testing-library/react';
import type { ReactElement } from 'react';
import { afterEach, describe, expect, it } from 'vitest';
import type { SyncView } from '@/lib/contract/connection';
import { summarizeEstate } from '@/lib/estate/topology/summarize-estate';
import { testTopologyEstate } from '@/testing/components/test-estate';
import { renderPage } from '@/testing/components/test-page';
import { EstateEmpty } from './estate-empty';
import { EstateFigures } from './estate-figures';
import { EstateFoot } from './estate-foot';
import { EstateNotices } from './estate-notices';

const show = (element: ReactElement) => void renderPage(element);

afterEach(cleanup);

const ignore = () => {};
const fresh = { ...testTopologyEstate, takenAt: new Date().toISOString() };
const done: SyncView = { state: 'done', finishedAt: fresh.takenAt, calls: 88, durationMs: 6100 };
const failed: SyncView = {
  state: 'failed',
  finishedAt: fresh.takenAt,
  error: {
    code: 'AuthFailure.SecretIdNotFound',
    message: 'The SecretId is not found.',
    requestId: '3c140219-cfe9',
    action: 'DescribeLoadBalancers',
    region: 'ap-jakarta',
    mayHaveHappened: false,
    advice: 'giveUp',
  },
};

describe('before the first sync', () => {
  it('offers to start one', () => {
    let pressed = 0;
    show(
      <EstateEmpty
        name="niaga"
        sync={{ state: 'never' }}
        starting={false}
        problem={null}
        onRefresh={() => (pressed += 1)}
      />,
    );
    fireEvent.click(screen.getByRole('button', { name: 'Sync estate' }));
    expect(pressed).toBe(1);
  });

  it('shows the progress of the first sync', () => {
    const progress = { done: 12, total: 31, calls: 40, part: 'clb/ap-jakarta' };
    const sync = { state: 'running', startedAt: fresh.takenAt, progress } as const;
    show(<EstateEmpty name="niaga" sync={sync} starting={false} problem={null} onRefresh={ignore} />);
    expect(screen.getByText('Syncing the estate, 12 of 31 parts, 40 API calls so far')).toBeTruthy();
  });

  it('shows code, action and request id of a failure', () => {
    show(<EstateEmpty name="niaga" sync={failed} starting={false} problem={null} onRefresh={ignore} />);
    const alert = screen.getByRole('alert');
    for (const text of [
      'AuthFailure.SecretIdNotFound',
      'DescribeLoadBalancers',
      'ap-jakarta',
      '3c140219-cfe9',
      'niaga could not be synced',
      'Check in the cloud console that the key exists and is enabled.',
    ]) {
      expect(alert.textContent).toContain(text);
    }
  });
});

describe('notices over an estate', () => {
  const notices = (estate: typeof fresh, sync: SyncView) =>
    show(<EstateNotices name="niaga" estate={estate} sync={sync} problem={null} onRefresh={ignore} />);

  it('are empty when there is no problem', () => {
    notices(fresh, done);
    expect(document.body.textContent).toBe('');
  });

  it('report that a sync failed and that the shown data is older', () => {
    notices(fresh, failed);
    expect(screen.getByRole('alert').textContent).toContain('Showing data from');
  });

  it('list the parts that could not be read', () => {
    notices({ ...fresh, gaps: [{ part: 'scf/ap-jakarta', reason: 'UnauthorizedOperation' }] }, done);
    expect(document.body.textContent).toContain('1 part could not be read.');
    expect(document.body.textContent).toContain('scf/ap-jakarta: UnauthorizedOperation');
  });

  it('warn of a stale estate', () => {
    notices({ ...fresh, takenAt: new Date(Date.now() - 20 * 60_000).toISOString() }, done);
    expect(screen.getByText('The estate is 20 min old.')).toBeTruthy();
  });
});

describe('the figures', () => {
  it('count the objects that were read', () => {
    show(<EstateFigures estate={summarizeEstate(fresh)} sync={done} />);
    const text = screen.getByRole('region', { name: 'Sync result' }).textContent;
    expect(text).toContain('Load balancers3in 2 regions');
    expect(text).toContain('Functions bound1of 2');
    expect(text).toContain('88API calls in 6.1 s');
    expect(text).toContain('1 disabled');
  });
});

describe('the foot', () => {
  it('shows the time of the full sync and of later partial syncs', () => {
    const estate = { takenAt: '2026-11-24T14:14:02Z', partsAt: '2026-11-24T14:20:30Z' };
    show(<EstateFoot view="list" found={3} map={null} estate={estate} isolation={null} onPage={ignore} />);
    const times = [...document.querySelectorAll('time')].map((time) => time.dateTime);
    expect(times).toEqual([estate.takenAt, estate.partsAt]);
    expect(document.body.textContent).toContain('DNS, lists and health as of');
  });

  const foot = (isolation: 'jail' | 'user' | 'weak' | null) =>
    show(
      <EstateFoot view="list" found={3} map={null} estate={fresh} isolation={isolation} onPage={ignore} />,
    );

  it('shows what functions can reach if they are not isolated', () => {
    foot('user');
    expect(screen.getByText(/programs that listen here, including this dashboard/)).toBeTruthy();
    cleanup();
    foot('weak');
    expect(screen.getByText(/files of the user who runs Spillway/)).toBeTruthy();
  });

  it('shows nothing if they are isolated, or on a real account', () => {
    foot('jail');
    foot(null);
    expect(screen.queryByText(/Function code/)).toBeNull();
  });
});
