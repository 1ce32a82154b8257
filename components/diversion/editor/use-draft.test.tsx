// @vitest-environment happy-dom
import { act, cleanup, renderHook } from '@testing-library/react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type Draft, emptyDraft } from '@/lib/draft/draft';

// The code that carries a draft over is loaded once per process.
beforeEach(() => vi.resetModules());
afterEach(cleanup);

/** The draft of a new Split, before the code that carries it over to another kind is loaded. */
async function open() {
  const { useDraft } = await import('./use-draft');
  const { loadAllParts } = await import('@/components/ui/base/on-demand');
  const draft = emptyDraft('split', 'Split');
  const onKind = vi.fn();
  const replace = vi.fn();
  const hook = renderHook(
    (shown: Draft) =>
      useDraft({
        storedAs: 'test',
        isEditing: false,
        opened: { draft, isFilled: true },
        checked: { draft: shown, replace },
        nameOf: () => 'Split',
        onKind,
      }),
    { initialProps: draft },
  );
  return { ...hook, draft, onKind, replace, loaded: () => act(loadAllParts) };
}

it('leaves the address of the next page alone if the kind was changed just before', async () => {
  const { result, onKind, replace, unmount, loaded } = await open();
  void result.current.changeKind('access');
  unmount();
  await loaded();
  expect(onKind).not.toHaveBeenCalled();
  expect(replace).not.toHaveBeenCalled();
});

it('carries over what was typed while the code was loaded', async () => {
  const { result, rerender, draft, replace, loaded } = await open();
  void result.current.changeKind('access');
  rerender({ ...draft, name: 'Flash sale' });
  await loaded();
  expect(replace.mock.calls.at(-1)?.[0]).toMatchObject({ kind: 'access', name: 'Flash sale' });
});
