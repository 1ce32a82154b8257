import pg from 'pg';

/**
 * The names of the database roles of the two kinds of process. The role that migrates owns the tables and is neither.
 */
export type ProcessRoles = { readonly web: string; readonly worker: string };

/** The journal and the records of who did what: processes append to them and change nothing in them. */
const appendOnly = [
  'run_event',
  'run_attempt',
  'plan',
  'approval',
  'approval_comment',
  'approval_request',
  'break_glass',
  'accepted_drift',
  'alert_acknowledgement',
  'emergency_stop_log',
  'recurrence_change',
  'audit_entry',
] as const;
/** Workers advance runs and the dashboard closes them, and both add plans to diversions; none is ever deleted. Nor is a removed account. */
const neverDeleted = ['diversion', 'run', 'former_person'] as const;

/** The tables of what people and programs prove their identity with: workers have no use for them. */
const credentials = [
  'user_session',
  'user_account',
  'user_verification',
  'second_factor',
  'recovery_code',
  'passkey',
  'passkey_challenge',
  'sso_logout',
  'sso_request',
  'sign_in_attempt',
  'set_up_link',
  'api_token',
  'api_request',
  'api_rate_limit',
] as const;

/** The tables with secrets that are sealed for workers, in the columns `sealed` and `sealed_…`. */
const withSealed = ['connection_keys', 'alert_channel'] as const;

/** Any fixed number: launchers that start together grant one after the other. */
const grantLock = 7_410_004;

/**
 * Grants the roles of dashboard and worker the rights that they need, and revokes all others: they read and write rows,
 * but can only append to the journal and to the records of who did what. They cannot create, alter or truncate tables.
 * Neither can read the secrets that launchers share. A worker can't read credentials, and can only read who people are
 * and which roles they have. Called after each migration, since a migration may add tables;
 * safe to repeat.
 * @param ownerUrl the database as the role that owns the tables
 * @throws if a role does not exist
 */
export async function grantRoles(ownerUrl: string, roles: ProcessRoles): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl });
  client.on('error', () => {});
  await client.connect();
  try {
    await client.query('begin');
    await client.query('select pg_advisory_xact_lock($1)', [grantLock]);
    for (const name of new Set(Object.values(roles))) {
      const role = pg.escapeIdentifier(name);
      for (const statement of listGrants(role)) await client.query(statement);
    }
    if (roles.worker !== roles.web) {
      const worker = pg.escapeIdentifier(roles.worker);
      await client.query(`revoke all on ${credentials.join(', ')} from ${worker}`);
      await client.query(`revoke insert, update, delete on app_user, former_person from ${worker}`);
      await client.query(`revoke insert, update, delete on connection_keys from ${worker}`);
      for (const table of withSealed) await hideSealed(client, table, roles.web);
    }
    // Withdrawing an approval or an acknowledgement fills in its time.
    const web = pg.escapeIdentifier(roles.web);
    await client.query(`grant update (canceled_at) on approval_request to ${web}`);
    await client.query(`grant update (withdrawn_at) on approval, alert_acknowledgement to ${web}`);
    // It removes old details from the journal. The function runs with the owner's rights, and itself selects the
    // details that are no longer needed.
    const prune = 'function prune_journal(timestamp with time zone, integer)';
    await client.query(`revoke all on ${prune} from ${web}`);
    await client.query(`grant execute on ${prune} to ${pg.escapeIdentifier(roles.worker)}`);
    await client.query('commit');
  } finally {
    await client.end();
  }
}

/**
 * Keeps the dashboard from reading what it has sealed in a table, and could not open. It writes these columns, and reads all
 * others.
 */
async function hideSealed(client: pg.Client, table: string, web: string): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    `select column_name as name from information_schema.columns
     where table_schema = 'public' and table_name = $1 and column_name !~ '^sealed(_|$)'`,
    [table],
  );
  const names = rows.map(({ name }) => pg.escapeIdentifier(name)).join(', ');
  const role = pg.escapeIdentifier(web);
  await client.query(`revoke select on ${table} from ${role}`);
  await client.query(`grant select (${names}) on ${table} to ${role}`);
}

function listGrants(role: string): readonly string[] {
  return [
    `grant usage on schema public, drizzle, dbos to ${role}`,
    `revoke all on all tables in schema public from ${role}`,
    `grant select, insert, update, delete on all tables in schema public to ${role}`,
    `revoke update, delete on ${appendOnly.join(', ')} from ${role}`,
    `revoke delete on ${neverDeleted.join(', ')} from ${role}`,
    `revoke all on shared_secret from ${role}`,
    // The public keys that secrets are sealed for: only launchers may exchange them.
    `revoke insert, update, delete on sealing_key from ${role}`,
    // Only the trigger of `audit_entry` moves it, with the owner's rights.
    `revoke insert, update, delete on audit_head from ${role}`,
    `grant usage, select on all sequences in schema public to ${role}`,
    // The health check compares the database's newest migration with the build's.
    `grant select on all tables in schema drizzle to ${role}`,
    // The engine's own tables: both kinds of process are clients of the engine.
    `grant select, insert, update, delete on all tables in schema dbos to ${role}`,
    `grant usage, select on all sequences in schema dbos to ${role}`,
    `grant execute on all functions in schema dbos to ${role}`,
  ];
}
