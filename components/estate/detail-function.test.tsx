// @vitest-environment happy-dom
import { cleanup, screen, within } from '@testing-library/react';
import { afterEach, expect, it } from 'vitest';
import { ScfFunction } from '@/lib/estate/model';
import { renderPage } from '@/testing/components/test-page';
import { testConnectionView } from '@/testing/components/test-plan-view';
import { testEstate, testFunction } from '@/testing/plan/test-estate';
import { FunctionDetailPanel } from './detail-function';

afterEach(cleanup);

function show(triggers: object[] | null) {
  const read = ScfFunction.parse(testFunction({ triggers }));
  const { region, namespace, name } = read;
  const subject = { kind: 'scf', region, namespace, name, binding: null, function: read } as const;
  renderPage(
    <FunctionDetailPanel
      subject={subject}
      estate={testEstate()}
      connection={testConnectionView}
      onSelect={() => {}}
    />,
  );
}

it('lists the triggers of a function by name, with kind, state, setting and description', () => {
  const common = { description: '', qualifier: null };
  show([
    { ...common, kind: 'clb', name: 'lb-1-loc-1', enabled: true, setting: '{"port":80}', qualifier: '1' },
    {
      ...common,
      kind: 'timer',
      name: 'warm-up',
      enabled: false,
      setting: '0 0 2 * * * *',
      description: 'nightly',
    },
    { ...common, kind: 'mps', name: '', enabled: null, setting: '' },
  ]);
  expect(screen.getByText('3 triggers')).toBeTruthy();
  const texts = screen.getAllByRole('listitem').map((item) => item.textContent);
  expect(texts.slice(0, 3)).toEqual([
    'lb-1-loc-1EnabledLoad balancer, calls 1{"port":80}',
    'warm-upDisabledTimer0 0 2 * * * *nightly',
    'UnnamedUnknownmps',
  ]);
});

it('distinguishes no triggers from unread ones', () => {
  show([]);
  expect(screen.getByText('No triggers call it.')).toBeTruthy();
  cleanup();
  show(null);
  expect(screen.getByText('Not synced yet. Sync the estate to read them.')).toBeTruthy();
  expect(within(document.body).queryByText('No triggers call it.')).toBeNull();
});
