import type { TestInvocation } from '@/lib/estate/functions/test-invocation';
import { type Conditions, noConditions } from '@/lib/preflight/model/conditions';

/** Test support: a test invocation of version 1 of the test estate's function, after its last modification. */
export function buildTestInvocation(change: Partial<TestInvocation> = {}): TestInvocation {
  return {
    region: 'ap-singapore',
    namespace: 'flash',
    name: 'storefront',
    qualifier: '1',
    version: '1',
    modifiedAt: '2026-12-01T00:00:00.000Z',
    at: '2026-12-11T14:00:00.000Z',
    durationMs: 42,
    verdict: { kind: 'kept', statusCode: 200 },
    ...change,
  };
}

/** Test support: conditions with only an estate and a test invocation of its function. */
export function testedConditions(estate: { readonly takenAt: string }): Conditions {
  return { ...noConditions(estate), testInvocations: [buildTestInvocation()] };
}
