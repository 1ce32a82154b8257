import type { Plan, Step } from '@/lib/plan/model/model';
import { askProgram } from './ask-program';
import { bash } from './bash';
import { headProgram, type ScriptHead } from './head-program';
import { Made } from './made';
import { probeProgram } from './probe-program';
import { readMadeProgram } from './read-made-program';
import { readProgram } from './read-program';
import { shellQuote } from './shell-quote';
import { objectCommand, stepProgram } from './step-program';
import { writeProgram } from './write-program';

const toolsProgram = bash`
at='the start'
for tool in tccli curl dig awk; do
  command -v "$tool" >/dev/null || refuse "$tool is not on this machine"
done
`;

/** Checks that the key belongs to the account that the plan is for. */
function accountProgram(uin: string): string {
  return `ask sts GetCallerIdentity '' AccountId '{}'
[ "$answer" = ${shellQuote(uin)} ] || refuse "this key is of account $answer, the plan of "${shellQuote(uin)}`;
}

/** Finds, for a rollback, the objects that the apply created, by their names. */
function findProgram(made: Made): string {
  const found = made.keepings.map(({ step, names }) =>
    [objectCommand(step.object, made), ['keep_if_there', ...names.map(shellQuote)].join(' ')].join('\n'),
  );
  return ["at='what was made'", ...found].join('\n');
}

/**
 * Writes the bash script that applies or rolls back a plan with Tencent Cloud's own command line. Pure: text from data;
 * it holds no key.
 * @param words describes a step in words
 */
export function tccliScript({
  head,
  plan,
  way,
  words,
}: {
  readonly head: ScriptHead;
  readonly plan: Pick<Plan, 'steps' | 'revert'>;
  readonly way: 'steps' | 'revert';
  readonly words: (step: Step) => string;
}): string {
  const made = new Made(plan.steps);
  const steps = plan[way];
  const parts = [
    headProgram(head),
    ...[askProgram, readProgram, readMadeProgram, writeProgram, probeProgram, toolsProgram],
    ...(head.accountUin === null ? [] : [accountProgram(head.accountUin)]),
    ...(way === 'revert' && made.keepings.length > 0 ? [findProgram(made)] : []),
    ...steps.map((step) => stepProgram(step, words(step), { steps, made })),
    `at='the end'\nsay 'done'`,
  ];
  return `${parts.join('\n\n')}\n`;
}
