/**
 * A program that starts a rehearsal, for tests that kill it: prints the id of the rehearsal's process after the first
 * progress. Its arguments: the program of rehearsals, and a file with the work as JSON.
 */

import { readFileSync } from 'node:fs';
import { startRehearsalProcess } from '@/lib/rehearsal/event/start-rehearsal-process';

const [, , program = '', work = ''] = process.argv;
let isTold = false;
const started = startRehearsalProcess(program, JSON.parse(readFileSync(work, 'utf8')), {
  onProgress: () => {
    if (!isTold) process.stdout.write(`${started.pid}\n`);
    isTold = true;
  },
});
