import { Agent } from 'node:http';
import { dnspod } from 'tencentcloud-sdk-nodejs/tencentcloud/services/dnspod/index.js';
import type { Announcement } from '@/lib/sandbox/sandbox';

/** Gives names of `example.com` a record with a minimal TTL, because a rollback waits for cached answers. */
export async function createRecords(
  { api, secretId, secretKey }: Pick<Announcement, 'api' | 'secretId' | 'secretKey'>,
  names: readonly string[],
  address: string,
): Promise<void> {
  const client = new dnspod.v20210323.Client({
    credential: { secretId, secretKey },
    profile: { httpProfile: { protocol: 'http://', endpoint: new URL(api).host, agent: new Agent() } },
  });
  for (const SubDomain of names) {
    const record = { RecordType: 'A', RecordLine: '默认', Value: address, TTL: 1 };
    await client.CreateRecord({ Domain: 'example.com', SubDomain, ...record });
  }
}
