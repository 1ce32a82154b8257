// @vitest-environment happy-dom
import { cleanup, screen } from '@testing-library/react';
import { afterEach, expect, it } from 'vitest';
import { checkIds } from '@/lib/preflight/model/model';
import { renderPage } from '@/testing/components/test-page';
import { FindingSource } from './finding-source';

afterEach(cleanup);

it.each(checkIds)('explains in one sentence why %s is checked, and links the source of its rule', (check) => {
  const source = 'https://cloud.tencent.com/document/api/214/30694';
  renderPage(<FindingSource finding={{ check, source }} />);
  const link = screen.getByRole('link', { name: /^Source: \S/ });
  expect(link.getAttribute('href')).toBe(source);
  expect(link.parentElement?.textContent).toMatch(/^[A-Z][^.]+(\.\S[^.]*)*\. Source/);
});
