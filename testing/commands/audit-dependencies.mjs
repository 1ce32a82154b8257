// Asks npm for known vulnerabilities of the packages that Spillway runs with, and fails if one is high or critical. A registry
// that doesn't answer, such as a mirror, is reported, but is not a failure: testing/dependencies/next-advisories.test.ts works without.
import { execFile } from 'node:child_process';

const timeoutMs = 60_000;
/** `npm audit` exits with 1 both if it finds something and if it can't ask: only the former prints `metadata`. */
const found = await new Promise((resolve) => {
  const args = ['audit', '--omit=dev', '--json'];
  execFile('npm', args, { timeout: timeoutMs, maxBuffer: 64 * 2 ** 20 }, (error, out) => {
    try {
      resolve({ report: JSON.parse(out), error });
    } catch {
      resolve({ report: null, error });
    }
  });
});

const { report, error } = found;
const counts = report?.metadata?.vulnerabilities;
if (counts === undefined) {
  const reason = report?.message ?? error?.message ?? 'no answer';
  console.log(`npm audit: not done, the registry did not answer (${String(reason).split('\n')[0]})`);
} else {
  const wrong = counts.high + counts.critical;
  for (const [name, { severity, via }] of Object.entries(report.vulnerabilities ?? {})) {
    const links = via.flatMap((each) => (typeof each === 'string' ? [] : [each.url]));
    console.log(`npm audit: ${severity}: ${name} ${links.join(' ')}`);
  }
  console.log(`npm audit: ${wrong} high or critical vulnerabilities`);
  process.exitCode = wrong === 0 ? 0 : 1;
}
