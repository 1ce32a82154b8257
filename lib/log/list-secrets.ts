import { unescape as decode } from 'node:querystring';
import type { Settings } from '@/lib/settings';

/** Returns the password in a URL, both as written and decoded: either may appear in messages about the URL. */
function passwordsIn(url: string): readonly string[] {
  const { password } = URL.canParse(url) ? new URL(url) : { password: '' };
  return [password, decode(password)];
}

/**
 * Returns the values of headers in the form of OTEL_EXPORTER_OTLP_HEADERS: `name=value,name=value`, percent-encoded.
 */
function headerValues(headers: string): readonly string[] {
  const values = headers.split(',').map((header) => header.slice(header.indexOf('=') + 1).trim());
  return [...values, ...values.map(decode)];
}

/** Returns every value among the settings that no log may show. */
export function listSecrets(settings: Settings): readonly string[] {
  const { TENCENTCLOUD_SECRET_ID: id, TENCENTCLOUD_SECRET_KEY: key, TENCENTCLOUD_TOKEN: token } = settings;
  const further = settings.TENCENTCLOUD_ACCOUNTS ?? [];
  const keys = further.flatMap(({ secretId, secretKey, token: own }) =>
    [secretId, secretKey, own ?? []].flat(),
  );
  return [
    ...keys,
    ...[
      ...[id, key, token, settings.NEXT_SERVER_ACTIONS_ENCRYPTION_KEY],
      ...[settings.SPILLWAY_LINK_KEY, settings.SPILLWAY_OIDC_CLIENT_SECRET],
    ].filter((value) => value !== undefined),
    ...(settings.SPILLWAY_SEALING_KEYS ?? []),
    ...passwordsIn(settings.DATABASE_URL ?? ''),
    ...passwordsIn(settings.SPILLWAY_WEB_DATABASE_URL ?? ''),
    ...passwordsIn(settings.SPILLWAY_WORKER_DATABASE_URL ?? ''),
    ...headerValues(settings.OTEL_EXPORTER_OTLP_HEADERS ?? ''),
  ];
}
