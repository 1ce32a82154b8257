import 'server-only';
import { decodeClientDataJSON } from '@simplewebauthn/server/helpers';
import { z } from 'zod';

const ClientData = z.object({ challenge: z.string().max(200), crossOrigin: z.boolean().default(false) });

/**
 * Returns the challenge that a browser has passed to an authenticator; null if its data is malformed, or if the page was
 * in a frame of another site.
 * @param clientDataJSON in base64url
 */
export function readChallenge(clientDataJSON: string): string | null {
  let decoded: unknown;
  try {
    decoded = decodeClientDataJSON(clientDataJSON);
  } catch {
    return null;
  }
  const parsed = ClientData.safeParse(decoded);
  return parsed.success && !parsed.data.crossOrigin ? parsed.data.challenge : null;
}
