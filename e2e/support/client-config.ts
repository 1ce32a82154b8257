import type { Announcement } from '@/lib/sandbox/sandbox';

/** Returns the configuration with which the official SDK's clients call the sandbox, using its first account's keys. */
export function sdkConfig({ api, secretId, secretKey }: Announcement, region: string) {
  return {
    credential: { secretId, secretKey },
    region,
    profile: { httpProfile: { endpoint: new URL(api).host, protocol: 'http://' as const } },
  };
}
