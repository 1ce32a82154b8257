import type { Announcement } from '@/lib/sandbox/sandbox';

/** Returns the configuration of the official SDK's clients for the sandbox, with the keys of its first account. */
export function sdkConfig({ api, secretId, secretKey }: Announcement, region: string) {
  return {
    credential: { secretId, secretKey },
    region,
    profile: { httpProfile: { endpoint: new URL(api).host, protocol: 'http://' as const } },
  };
}
