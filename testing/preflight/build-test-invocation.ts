import type { TestInvocation } from '@/lib/estate/test-invocation';
import { type Circumstances, noCircumstances } from '@/lib/preflight/model/circumstances';

/** Test support: a test invocation of version 1 of the test estate's function, well after its last modification. */
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

/** Test support: circumstances with only an estate and a test invocation of its function. */
export function triedCircumstances(estate: { readonly takenAt: string }): Circumstances {
  return { ...noCircumstances(estate), testInvocations: [buildTestInvocation()] };
}
