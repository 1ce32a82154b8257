import { expect, it } from 'vitest';
import { parseSettings } from '@/lib/settings';
import { listSecrets } from './list-secrets';

function secretsIn(env: Readonly<Record<string, string>>): readonly string[] {
  const settings = parseSettings(env);
  if (!settings.ok) throw new Error(settings.error.join('; '));
  return listSecrets(settings.value);
}

it('includes keys, the password of the database and the headers of the collector, raw and decoded', () => {
  const secrets = secretsIn({
    TENCENTCLOUD_SECRET_ID: 'an-id',
    TENCENTCLOUD_SECRET_KEY: 'a-key',
    TENCENTCLOUD_TOKEN: 'a-token',
    TENCENTCLOUD_TOKEN_EXPIRES: '2027-01-01T00:00:00Z',
    NEXT_SERVER_ACTIONS_ENCRYPTION_KEY: 'c2l4dGVlbiBieXRlcyBvaw==',
    DATABASE_URL: 'postgresql://spillway:p%40ss-word@db/spillway',
    OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20abc=, x-team=shop',
  });
  expect(secrets).toEqual(
    expect.arrayContaining([
      'an-id',
      'a-key',
      'a-token',
      'c2l4dGVlbiBieXRlcyBvaw==',
      'p%40ss-word',
      'p@ss-word',
      'Bearer abc=',
      'shop',
    ]),
  );
});

it('handles settings without secrets, and an incorrectly encoded password', () => {
  expect(secretsIn({}).join('')).toBe('');
  expect(secretsIn({ DATABASE_URL: 'postgresql://spillway:50%off@db/spillway' })).toContain('50%off');
});
