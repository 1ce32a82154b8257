import pg from 'pg';
import { type Anchor, type ChainReport, genesisHash, verifyChain } from '@/lib/audit/chain';

/** The entries that are read at a time. */
const PAGE = 5000;

/** The triggers that make the log append-only, and its chain. */
const triggers = ['append_audit_entry', 'refuse_audit_change'];

/** The result of a verification of the stored log. */
export type AuditVerification = ChainReport & {
  readonly head: Anchor;
  /** The triggers of the log that are missing or disabled. */
  readonly missingTriggers: readonly string[];
};

/** A row, with texts as they are hashed. Microseconds, which the log never has, would show. */
type Row = {
  readonly seq: string;
  readonly at: string;
  readonly previous_hash: string;
  readonly hash: string;
  readonly content: string;
};

const selectEntries = `
  declare entries no scroll cursor for
  select seq, previous_hash, hash, content,
    regexp_replace(to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), '000$', '') || 'Z' as at
  from audit_entry order by seq`;

/**
 * Verifies the stored audit log from its first entry, a page at a time, in one state of the database: entries that are
 * appended meanwhile don't count.
 * @param databaseUrl of a database with this build's schema
 * @throws if the database can't be read
 */
export async function verifyAuditLog(
  databaseUrl: string,
  anchors: readonly Anchor[],
): Promise<AuditVerification> {
  const client = new pg.Client({ connectionString: databaseUrl });
  client.on('error', () => {});
  await client.connect();
  try {
    await client.query('begin transaction isolation level repeatable read read only');
    const { rows: heads } = await client.query<{ seq: string; hash: string }>(
      'select seq, hash from audit_head',
    );
    const head = { seq: Number(heads[0]?.seq ?? 0), hash: heads[0]?.hash ?? genesisHash };
    const { rows: enabled } = await client.query<{ tgname: string }>(
      `select tgname from pg_trigger
       where tgrelid = 'audit_entry'::regclass and tgname = any($1) and tgenabled in ('O', 'A')`,
      [triggers],
    );
    const verification = verifyChain(anchors);
    await client.query(selectEntries);
    for (;;) {
      const { rows } = await client.query<Row>(`fetch ${PAGE} from entries`);
      for (const { seq, previous_hash: previousHash, ...row } of rows)
        verification.add({ ...row, seq: Number(seq), previousHash });
      if (rows.length < PAGE) break;
    }
    const names = new Set(enabled.map(({ tgname }) => tgname));
    return {
      ...verification.end(head),
      head,
      missingTriggers: triggers.filter((name) => !names.has(name)),
    };
  } finally {
    await client.end();
  }
}
