import type { Announcement } from '@/lib/sandbox/sandbox';

/** What the official SDK's clients take to call the sandbox with its first account's keys. */
export function clientConfig({ api, secretId, secretKey }: Announcement, region: string) {
  return {
    credential: { secretId, secretKey },
    region,
    profile: { httpProfile: { endpoint: new URL(api).host, protocol: 'http://' as const } },
  };
}
