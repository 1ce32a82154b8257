// @vitest-environment happy-dom
import { cleanup, fireEvent, screen } from '@testing-library/react';
import { afterEach, expect, it, vi } from 'vitest';
import type { DeployFunctionInput } from '@/lib/contract/function';
import { renderPage } from '@/testing/components/test-page';
import { CreateFunction } from './create-function';

const input: DeployFunctionInput = {
  connectionId: 'test',
  region: 'ap-singapore',
  namespace: 'default',
  name: 'sale-page',
  runtime: 'Python3.10',
  handler: 'index.main_handler',
  memoryMb: 128,
  timeoutS: 3,
  alias: null,
  code: 'pass',
};
const ignore = () => {};
const fields = { name: ['functionName.exists'], alias: ['alias.invalid'] };

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

it('ends the error that the server returned for a field once the field changes', () => {
  vi.stubGlobal('fetch', () => Promise.reject(new Error('fetch failed')));
  renderPage(
    <CreateFunction
      open
      onClose={ignore}
      form={{
        place: { connectionId: 'test', others: [], deployed: [] },
        draft: { creates: { loadBalancers: [], listeners: [] } },
      }}
      region="ap-singapore"
      isolation={null}
      deployment={{ state: 'refused', input, error: { fields, form: null } }}
      onDeploy={ignore}
    />,
  );
  const exists = () => screen.queryByText(/^A function with this name was found/);
  const type = (label: string, value: string) =>
    fireEvent.change(screen.getByLabelText(label), { target: { value } });
  type('Function name', ' sale-page ');
  expect(exists()).toBeTruthy();
  type('Function name', 'sale-page-2');
  expect(exists()).toBeNull();
  const isAliasInvalid = () => screen.getByLabelText('Alias (optional)').getAttribute('aria-invalid');
  expect(isAliasInvalid()).toBe('true');
  type('Alias (optional)', 'live');
  expect(isAliasInvalid()).toBeNull();
});
