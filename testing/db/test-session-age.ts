import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';

/** Makes all sessions of a Spillway with an embedded database this much older, so that a sign-in is not recent. */
export async function ageSessions(dataDir: string, minutes: number): Promise<void> {
  const { owner } = JSON.parse(readFileSync(join(dataDir, 'database-passwords.json'), 'utf8'));
  const host = join(dataDir, 'postgres-socket');
  const client = new pg.Client({ host, user: 'spillway', password: owner, database: 'spillway' });
  await client.connect();
  try {
    await client.query(
      `update user_session set created_at = created_at - make_interval(mins => $1),
        authenticated_at = authenticated_at - make_interval(mins => $1)`,
      [minutes],
    );
  } finally {
    await client.end();
  }
}
