// @vitest-environment happy-dom
import { cleanup, render, screen } from '@testing-library/react';
import { NextIntlClientProvider } from 'next-intl';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { messages } from '@/lib/messages/messages';
import { Providers } from './providers';

beforeEach(() => {
  vi.stubGlobal(
    'EventSource',
    class {
      close() {}
    },
  );
});
afterEach(() => {
  cleanup();
  localStorage.clear();
  vi.unstubAllGlobals();
});

function open() {
  render(
    <NextIntlClientProvider locale="en" timeZone="UTC" messages={messages}>
      <Providers nonce={undefined} zone={null} session={{ signIn: 'off' }} renderedAt={0}>
        <p>This page does not exist</p>
      </Providers>
    </NextIntlClientProvider>,
  );
  expect(screen.getByText('This page does not exist')).toBeTruthy();
  return document.documentElement.dataset.theme;
}

it.each(['dark', 'light'] as const)(
  'set the chosen theme %s where no script of the server has run',
  (theme) => {
    localStorage.setItem('spillway-theme', theme);
    delete document.documentElement.dataset.theme;
    expect(open()).toBe(theme);
  },
);

it('leave the theme that a script has set', () => {
  localStorage.setItem('spillway-theme', 'dark');
  document.documentElement.dataset.theme = 'light';
  expect(open()).toBe('light');
});
