import type { Change } from './change';

/** Documented rates and usual durations; measured history will replace them. All in ms. */
const clbTaskMs = 2000;
const dnsWriteMs = 500;
const probeMs = 300;

/** How long a change will take, its waiting included. */
export function forecastMs(change: Change): number {
  if (change.kind === 'probe') return probeMs;
  return change.call.service === 'clb' ? clbTaskMs : dnsWriteMs;
}
