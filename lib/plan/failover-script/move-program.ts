/**
 * Part of the exported script: reads the name's records, finds how far the move has progressed on each line, and makes
 * the remaining calls. A call with a lost response is read back, never blindly repeated. Records in an unknown state
 * were changed by others and are not touched.
 */
export const moveProgram = String.raw`
class Refused extends Error {}
const triesMax = 5;
const pauseMs = 1000;
const pageSize = 3000;
const pause = (ms) => new Promise((done) => setTimeout(done, ms));

const nameTypes = ['CNAME'];
const plain = (type, value) => (nameTypes.includes(type) ? value.replace(/\.$/, '') : value);
const keyOf = (record) => record.type + ' ' + record.value;

/** One text for all that traffic can tell of a line's records. DNSPod's weight 0 is none. */
function stateText(records) {
  const rows = records.map((r) => [keyOf(r), r.ttlS, r.weight || null, r.enabled]);
  return JSON.stringify(rows.sort((a, b) => (a[0] < b[0] ? -1 : 1)));
}

async function readRecords() {
  const answer = await call('DescribeRecordList', {
    Domain: settings.zone,
    Subdomain: settings.subdomain,
    ErrorOnEmpty: 'no',
    Limit: pageSize,
  });
  return (answer.RecordList || [])
    .filter((r) => r.Name.toLowerCase() === settings.subdomain && settings.addressTypes.includes(r.Type))
    .map((r) => ({
      id: r.RecordId,
      type: r.Type,
      value: plain(r.Type, r.Value),
      lineId: r.LineId,
      ttlS: r.TTL,
      weight: r.Weight || null,
      enabled: r.Status === 'ENABLE',
      // Beijing time.
      updatedAt: Date.parse(r.UpdatedOn.replace(' ', 'T') + '+08:00'),
    }));
}

/** How many calls are done on each line. */
function positions(records) {
  const stray = records.find((r) => !settings.lines.some((line) => line.lineId === r.lineId));
  if (stray) throw new Refused('there are records on the line ' + stray.lineId + ' that there were none on');
  return settings.lines.map((line) => {
    const now = stateText(records.filter((r) => r.lineId === line.lineId));
    const index = line.states.findLastIndex((state) => stateText(state) === now);
    if (index < 0) throw new Refused('the records of line ' + line.lineId + ' are not as they were: ' + now);
    return index;
  });
}

const isMoved = (at) => settings.lines.every((line, index) => at[index] >= line.moves);

/** The lines whose TTL is not restored yet. */
const restoresLeft = (at) => settings.lines.filter((line, index) => at[index] < line.calls.length);

/** The id of a record that a call before has created. */
function filled(value, records) {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map((inner) => filled(inner, records));
  if ('$id' in value) {
    const found = records.find((r) => keyOf(r) === value.$id);
    if (!found) throw new Refused('there is no record ' + value.$id);
    return found.id;
  }
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, filled(inner, records)]));
}

/** Makes the calls of a line up to a place. */
async function step(index, end, isDry) {
  const line = settings.lines[index];
  for (let tries = 1; ; tries += 1) {
    const records = await readRecords();
    const at = positions(records)[index];
    if (at >= end) return;
    const next = line.calls[at];
    if (isDry) {
      for (const left of line.calls.slice(at, end)) say('would call ' + left.action + ' ' + JSON.stringify(left.params));
      return;
    }
    const own = records.filter((r) => r.lineId === line.lineId);
    try {
      await call(next.action, filled(next.params, own));
      say('called ' + next.action + ' ' + JSON.stringify(next.params));
      tries = 0;
    } catch (error) {
      if (error instanceof Refused || tries === triesMax) throw error;
      say(error.message + '; reading what became of it');
      await pause(pauseMs);
    }
  }
}

async function move(isDry) {
  for (const [index, line] of settings.lines.entries()) await step(index, isDry ? line.calls.length : line.moves, isDry);
}

/** Restores the TTLs that an earlier move has lowered, once the answers from before this one have expired. */
async function restore(isDry) {
  const records = await readRecords();
  if (restoresLeft(positions(records)).length === 0) return;
  if (!isDry) {
    const movedAt = Math.max(...records.map((r) => r.updatedAt));
    const left = Math.max(0, movedAt + settings.drainS * 1000 - Date.now());
    say('restoring the old TTL in ' + Math.ceil(left / 1000) + ' s, when old answers have expired');
    await pause(left);
  }
  for (const [index, line] of settings.lines.entries()) await step(index, line.calls.length, isDry);
  if (!isDry) say('the old TTL is restored');
}
`;
