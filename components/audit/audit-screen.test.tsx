// @vitest-environment happy-dom
import { cleanup, screen, within } from '@testing-library/react';
import { afterEach, expect, it } from 'vitest';
import type { AuditContent } from '@/lib/audit/audit-entry';
import type { AuditListView } from '@/lib/contract/audit';
import type { SessionView } from '@/lib/contract/session';
import { renderPage } from '@/testing/components/test-page';
import { testSession } from '@/testing/components/test-session';
import { AuditScreen } from './audit-screen';

afterEach(cleanup);

const content: AuditContent = {
  format: 1,
  actor: 'sari@example.com',
  account: null,
  role: 'operator',
  via: 'token',
  credential: 'spw_AbCdEfGh',
  address: '192.0.2.7',
  request: 'r1',
  operation: 'plan.apply',
  outcome: 'done',
  begun: 6,
  objects: [
    { kind: 'plan', id: 'P-0001' },
    { kind: 'user', id: 'u1' },
  ],
  plans: [{ id: 'P-0001', hash: 'abcd' }],
  fields: ['planId', 'hash'],
  facts: { t0: 'now' },
  refusal: null,
  code: null,
  durationMs: 3,
};
const entry = {
  seq: 7,
  at: '2026-12-12T12:00:00.000Z',
  hash: 'ef01',
  previousHash: 'ef00',
  content,
  text: '{}',
};

function show(view: Partial<AuditListView>, isOlder = false, session?: SessionView) {
  renderPage(
    <AuditScreen
      view={{
        filter: {},
        entries: [entry],
        next: null,
        head: { seq: 9, hash: 'abc' },
        actors: ['sari@example.com'],
        operations: ['plan.apply'],
        ...view,
      }}
      isOlder={isOlder}
    />,
    session,
  );
}

it('shows who did what, when, from where, by which token, with plan hashes and links', () => {
  show({});
  const line = within(screen.getByRole('list', { name: 'Entries' })).getByRole('listitem');
  for (const text of ['plan.apply', 'Done', '192.0.2.7', 'API token', 'spw_AbCdEfGh', 'abcd', 'ef01', 't0'])
    expect(line.textContent).toContain(text);
  expect(line.textContent).toContain('2026-12-12T12:00:00.000Z');
  expect(within(line).getByRole('link', { name: 'plan P-0001' }).getAttribute('href')).toBe('/plans/P-0001');
  // A person has no page.
  expect(within(line).queryByRole('link', { name: 'user u1' })).toBeNull();
});

it('shows a person by name and address, and another account of that address by its own name', () => {
  const email = 'sari@example.com';
  const people = [
    { email, name: 'Sari Wijaya', removedAt: '2026-12-12T12:00:01.000Z' },
    { email, name: 'Sari Dewi', removedAt: null },
  ];
  const later = { ...entry, seq: 8, at: '2026-12-12T12:00:02.000Z' };
  const other = { ...entry, seq: 6, content: { ...content, actor: 'local' } };
  show({ entries: [later, entry, other] }, false, { ...testSession('viewer'), people });
  const lines = within(screen.getByRole('list', { name: 'Entries' })).getAllByRole('listitem');
  expect(lines[0]?.textContent).toContain('Sari Dewi (sari@example.com)');
  expect(lines[1]?.textContent).toContain('Sari Wijaya (sari@example.com, removed account)');
  expect(lines[2]?.textContent).not.toContain('Sari');
});

it('marks operations without an end, and entries that are none', () => {
  const begun = { ...content, outcome: 'begun', durationMs: null } as const;
  show({
    entries: [
      { ...entry, content: begun },
      { ...entry, seq: 6, content: null, text: 'odd' },
    ],
  });
  const [first, second] = within(screen.getByRole('list', { name: 'Entries' })).getAllByRole('listitem');
  expect(first?.textContent).toContain('No end recorded');
  expect(second?.textContent).toContain('Not readable: verify the log');
  expect(second?.textContent).toContain('odd');
});

it('keeps the filter in the links to further pages and to the export', () => {
  show({ filter: { actor: 'sari@example.com', object: undefined }, next: 7 }, true);
  const href = (name: string) => screen.getByRole('link', { name }).getAttribute('href');
  expect(href('Older entries')).toBe('/audit?before=7&actor=sari%40example.com');
  expect(href('Newest entries')).toBe('/audit?actor=sari%40example.com');
  expect(href('Export JSON lines')).toBe('/api/audit/export?actor=sari%40example.com');
  expect(href('Clear')).toBe('/audit');
  expect(screen.getByLabelText<HTMLInputElement>('Person').value).toBe('sari@example.com');
});
