import type { DiversionSummary, DiversionView } from '@/lib/contract/diversion';
import { DiversionId } from '@/lib/diversion/diversion';
import { testConnectionView } from './test-plan-view';
import { testRevision } from './test-revision';

const revision = testRevision();

const facts: Omit<DiversionSummary, 'connectionId' | 'connectionName'> = {
  id: DiversionId.parse('D-0001'),
  kind: 'split',
  name: 'Sale',
  domains: ['flash.example.co.id'],
  owner: 'sari',
  state: 'planned',
  attention: [],
  createdAt: '2026-12-11T15:00:00.000Z',
  createdBy: 'local',
  discarded: null,
  series: null,
  current: revision,
  newest: revision,
};

/** Returns a planned Split with one revision, as passed to a list. */
export function testDiversionSummary(change: Partial<DiversionSummary> = {}): DiversionSummary {
  return { ...facts, connectionId: 'test', connectionName: 'niaga', ...change };
}

/** Returns a planned Split with one revision, as passed to its page. */
export function testDiversionView(change: Partial<DiversionView> = {}): DiversionView {
  return {
    ...facts,
    movedNames: ['flash.example.co.id'],
    recurrence: null,
    connection: testConnectionView,
    footprint: { connections: ['test'], regions: ['ap-jakarta'], domains: ['flash.example.co.id'] },
    disconnected: [],
    revisions: [revision],
    ...change,
  };
}
