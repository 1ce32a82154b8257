import pg from 'pg';

/** The database's roles of the two kinds of process, by name. Whoever migrates owns the tables and is neither. */
export type ProcessRoles = { readonly web: string; readonly worker: string };

/** The journal and what is on record of people: a process adds to them and changes nothing in them. */
const appendOnly = ['run_event', 'run_attempt', 'plan', 'approval', 'drift_adoption'] as const;
/** Runs are counted up by workers and closed by the dashboard; none is ever taken away. */
const neverDeleted = ['run'] as const;

/** Any fixed number: launchers that start together grant one after the other. */
const grantLock = 7_410_004;

/**
 * Gives the roles of dashboard and worker what these need, and takes away whatever else they had: they read and write rows,
 * but in the journal and in what is on record of people they can only add. They create, alter and empty no table. The secrets
 * that launchers share are for neither. Called after each migration, since new tables come with one; safe to repeat.
 * @param ownerUrl the database as the role that owns the tables
 * @throws where a role does not exist
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
      for (const statement of grantsOf(role)) await client.query(statement);
    }
    // To withdraw an approval is to fill in when.
    const web = pg.escapeIdentifier(roles.web);
    await client.query(`grant update (withdrawn_at) on approval to ${web}`);
    // It removes from the journal what nobody needs any more: it is the owner's function, and decides itself what that is.
    const prune = 'function prune_journal(timestamp with time zone, integer)';
    await client.query(`revoke all on ${prune} from ${web}`);
    await client.query(`grant execute on ${prune} to ${pg.escapeIdentifier(roles.worker)}`);
    await client.query('commit');
  } finally {
    await client.end();
  }
}

function grantsOf(role: string): readonly string[] {
  return [
    `grant usage on schema public, drizzle, dbos to ${role}`,
    `revoke all on all tables in schema public from ${role}`,
    `grant select, insert, update, delete on all tables in schema public to ${role}`,
    `revoke update, delete on ${appendOnly.join(', ')} from ${role}`,
    `revoke delete on ${neverDeleted.join(', ')} from ${role}`,
    `revoke all on shared_secret from ${role}`,
    `grant usage, select on all sequences in schema public to ${role}`,
    // Health compares its newest migration with the build's.
    `grant select on all tables in schema drizzle to ${role}`,
    // The engine's own tables: both kinds of process are clients of it.
    `grant select, insert, update, delete on all tables in schema dbos to ${role}`,
    `grant usage, select on all sequences in schema dbos to ${role}`,
    `grant execute on all functions in schema dbos to ${role}`,
  ];
}
