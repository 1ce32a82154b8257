import { encodedBodyMaxMb, eventMaxMb } from '@/lib/estate/facts/limits';
import { configOfRoute } from '@/lib/preflight/function/route-config';
import { createFindings } from '@/lib/preflight/model/finding';
import type { Check } from '@/lib/preflight/model/model';
import { describeMoved, listMovedRules } from './moved-rules';

const { pass, warn, unknown } = createFindings(
  'request-encoding',
  'https://cloud.tencent.com/document/product/583/52635',
);

/**
 * States what a function gets of a request's body: types other than text arrive Base64-encoded, which leaves less of
 * the event. A custom configuration that allows larger bodies shows that clients send them: a warning.
 */
export const checkRequestEncoding: Check = (input) => {
  const moved = listMovedRules(input).map((each) => ({
    ...each,
    config: configOfRoute(input.before, { ...each, hostName: each.domain }),
  }));
  if (moved.length === 0) return [];
  const unread = moved.filter(({ config }) => config === null);
  const large = moved.filter(({ config }) => (config?.bodyMaxMb ?? 0) > encodedBodyMaxMb);
  const describe = (some: typeof moved) => {
    const { values, ...found } = describeMoved(some);
    return { ...found, values: { ...values, max: encodedBodyMaxMb, event: eventMaxMb } };
  };
  if (large.length > 0) return [warn({ ...describe(large), why: 'large' })];
  return [
    unread.length > 0
      ? unknown({ ...describe(unread), why: 'unread' })
      : pass({ ...describe(moved), why: 'pass' }),
  ];
};
