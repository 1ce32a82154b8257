import { describe, expect, it } from 'vitest';
import { findNonce, themeCode } from './theme-script';

describe('theme script', () => {
  it('contains nothing that React would escape', () => {
    expect(themeCode).not.toMatch(/[&<>"']/);
  });

  it('finds the nonce of a policy', () => {
    expect(findNonce("default-src 'self'; script-src 'self' 'nonce-abc=='")).toBe('abc==');
    expect(findNonce(null)).toBeUndefined();
  });
});
