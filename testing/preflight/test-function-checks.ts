import type { Diversion } from '@/lib/diversion/diversion';
import type { CheckId, Finding } from '@/lib/preflight/model/model';
import { preflight } from '@/lib/preflight/preflight';
import { testCustomConfig, testEstate, testFunction, testSplit } from '@/testing/plan/test-estate';

type Given = {
  /** Changes to the function, to the custom configuration (null = none), to the estate. */
  readonly fn?: object;
  readonly config?: object | null;
  readonly more?: Parameters<typeof testEstate>[0];
  readonly diversion?: Diversion;
};

/** Returns the findings of one check about the function of the test Split. */
export function findingsAbout(
  check: CheckId,
  { fn = {}, config = {}, more = {}, diversion = testSplit() }: Given,
): readonly Finding[] {
  const estate = testEstate({
    functions: [testFunction(fn)],
    customConfigs: config === null ? [] : [testCustomConfig(config)],
    ...more,
  });
  return preflight({ estate, diversion }).filter((finding) => finding.check === check);
}

/** Changes for a test region whose custom configurations could not be read. */
export const unreadConfigs = { gaps: [{ part: 'clb-config/ap-singapore', reason: 'timeout' }] };
