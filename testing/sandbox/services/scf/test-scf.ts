import { expect } from 'vitest';
import { catchCode, startTestCloud, type TestClients, type TestCloud } from '@/testing/sandbox/test-cloud';

export type ScfCloud = {
  readonly cloud: TestCloud;
  readonly scf: TestClients['scf'];
  /** Returns the code of a call that is refused and has changed nothing in the account. */
  refusal(call: () => Promise<unknown>): Promise<string>;
  /** Creates an Active function with this many published versions. */
  make(name: string, versions?: number): Promise<void>;
};

/** Starts a control plane with the functions of the seed `small`: `hello` in `default`, ap-singapore. */
export async function startScf(given: Parameters<typeof startTestCloud>[0] = {}): Promise<ScfCloud> {
  const cloud = await startTestCloud({ vipNetwork: '127.103.0.0/16', ...given });
  const { scf } = cloud.clients();
  const state = () => JSON.stringify({ ...cloud.account('small-standard'), auditEvents: [] });
  return {
    cloud,
    scf,
    async refusal(call) {
      const before = state();
      const code = await catchCode(call());
      expect(state()).toBe(before);
      return code;
    },
    async make(name, versions = 0) {
      const { zip } = cloud.account('small-standard').functions['ap-singapore/default/hello'] ?? { zip: '' };
      const code = { Code: { ZipFile: zip }, Handler: 'index.main_handler', Runtime: 'Python3.10' };
      await scf.CreateFunction({ FunctionName: name, ...code });
      cloud.clock.advance(1000);
      for (let count = 0; count < versions; count += 1) {
        await scf.PublishVersion({ FunctionName: name });
        cloud.clock.advance(1000);
      }
    },
  };
}
