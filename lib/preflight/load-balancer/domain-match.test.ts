import { expect, it } from 'vitest';
import { domainTakes } from './domain-match';

it.each<[domain: string, host: string, takes: boolean]>([
  ['a.example.com', 'a.example.com', true],
  ['a.example.com', 'b.example.com', false],
  ['*.example.com', 'a.example.com', true],
  ['*.example.com', 'example.com', false],
  ['www.example.*', 'www.example.com', true],
  ['~^(a|b)\\d*\\.example\\.com$', 'b7.example.com', true],
  ['~^(a|b)\\d*\\.example\\.com$', 'c7.example.com', false],
  // Backtracking would take years.
  ['~^(a+)+$', `${'a'.repeat(80)}.`, false],
  // Syntax that RE2 lacks, and text that is no expression.
  ['~^(?!a)', 'b.example.com', false],
  ['~(', 'a.example.com', false],
])('the domain %s and the host %s: %s', (domain, host, takes) => {
  expect(domainTakes(domain, host)).toBe(takes);
});
