import type { Step } from '../../model';
import { askProgram } from './ask-program';
import { bash } from './bash';
import { headProgram, type ScriptHead } from './head-program';
import { probeProgram } from './probe-program';
import { readProgram } from './read-program';
import { shellQuote } from './shell-quote';
import { refusalOf, stepProgram } from './step-program';
import { writeProgram } from './write-program';

const toolsProgram = bash`
at='the start'
for tool in tccli curl dig awk; do
  command -v "$tool" >/dev/null || refuse "$tool is not on this machine"
done
`;

/** Whoever's key it is must be of the account that the plan is for. */
function accountProgram(uin: string): string {
  return `ask sts GetCallerIdentity '' AccountId '{}'
[ "$answer" = ${shellQuote(uin)} ] || refuse "this key is of account $answer, the plan of "${shellQuote(uin)}`;
}

/**
 * Makes the bash script that does what a list of steps does, by Tencent Cloud's own command line. Pure: text from data;
 * it holds no key.
 * @param steps the way there or the way back of a plan
 * @param words says a step in words
 */
export function tccliScript({
  head,
  steps,
  words,
}: {
  readonly head: ScriptHead;
  readonly steps: readonly Step[];
  readonly words: (step: Step) => string;
}): string {
  const refusal = refusalOf(steps);
  const parts = [
    headProgram(head),
    ...[askProgram, readProgram, writeProgram, probeProgram, toolsProgram],
    ...(head.accountUin === null ? [] : [accountProgram(head.accountUin)]),
    ...(refusal === null ? [] : [refusal]),
    ...steps.map((step) => stepProgram(step, words(step), steps)),
    `at='the end'\nsay 'done'`,
  ];
  return `${parts.join('\n\n')}\n`;
}
