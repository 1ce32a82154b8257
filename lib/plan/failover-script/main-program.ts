/** Part of the exported script: reads, watches, decides, moves once and ends. */
export const mainProgram = `
const say = (text) => console.log(new Date().toISOString() + ' ' + text);
const roundsKept = 20;

const words = {
  healthy: 'healthy',
  unsure: 'too few vantages see it fail',
  holdDown: 'fails, but the name has moved too lately',
  receiverFails: 'fails, but ' + settings.to + ' has not proved itself',
};

async function main() {
  const options = process.argv.slice(2);
  const unknown = options.find((option) => option !== '--once' && option !== '--dry-run');
  if (unknown) throw new Refused('unknown option ' + unknown + '; there are --once and --dry-run');
  const [isOnce, isDry] = ['--once', '--dry-run'].map((option) => options.includes(option));
  if (!env.TENCENTCLOUD_SECRET_ID || !env.TENCENTCLOUD_SECRET_KEY)
    throw new Refused('set TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY');
  const { domain, from, to, policy } = settings;
  const records = await readRecords();
  const at = positions(records);
  if (isMoved(at)) {
    say(domain + ' is at ' + to + ' already; nothing to do');
    return 0;
  }
  // What an earlier life of this script began needs no waiting to be finished.
  const isBegun = at.some((calls) => calls > 0);
  const movedAt = isBegun || records.length === 0 ? null : Math.max(...records.map((r) => r.updatedAt));
  const rounds = [];
  say('watching ' + domain + ' at ' + from + ' every ' + policy.everyS + ' s');
  let last = '';
  for (;;) {
    const round = await askRound();
    rounds.push(round);
    rounds.splice(0, rounds.length - roundsKept);
    const decision = decide(policy, rounds, movedAt, Date.now());
    if (decision === 'failOver') {
      const failures = round.seen.map((answer) => answer.failure || 'ok');
      say(from + ' fails (' + failures.join('; ') + '), ' + to + ' answers: moving ' + domain);
      await move(isDry);
      say(isDry ? 'dry run: nothing was written' : domain + ' is at ' + to + ' now, and stays there');
      return 0;
    }
    if (decision !== last) say(domain + ': ' + words[decision]);
    last = decision;
    if (isOnce && rounds.length >= Math.max(policy.of, policy.proof)) return decision === 'healthy' ? 0 : 1;
    await pause(policy.everyS * 1000);
  }
}

main().then(
  (code) => process.exit(code),
  (error) => {
    console.error(new Date().toISOString() + ' refused: ' + error.message);
    process.exit(2);
  },
);
`;
