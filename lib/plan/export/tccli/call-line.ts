import type { ParamValue, WriteCall } from '@/lib/estate/call';
import { shellQuote } from './shell-quote';

/** Returns whether a value contains an id that an earlier step of the plan yields. */
function hasUnknownId(value: ParamValue): boolean {
  if (typeof value !== 'object') return false;
  return '$id' in value || Object.values(value).some(hasUnknownId);
}

/**
 * Returns a call as one command line of tccli for a POSIX shell, as its name, region and JSON input
 * (https://github.com/TencentCloud/tencentcloud-cli#readme); null if it contains an id that isn't known yet.
 */
export function formatCallLine({ service, action, region, params }: WriteCall): string | null {
  if (hasUnknownId(params)) return null;
  const place = region === null ? [] : ['--region', region];
  const words = ['tccli', service, action, ...place, '--cli-input-json', 'file:///dev/stdin'];
  return `printf %s ${shellQuote(JSON.stringify(params))} | ${words.map(shellQuote).join(' ')}`;
}
