/*
 * Estimates how many guesses passwords withstand, in a thread of its own: loading the lists of common passwords and an
 * estimate each take tens of milliseconds of work. Plain JavaScript: it runs from the sources in tests, and bundled by Next.
 */
import { parentPort } from 'node:worker_threads';
import { ZxcvbnFactory } from '@zxcvbn-ts/core';
import { adjacencyGraphs, dictionary } from '@zxcvbn-ts/language-common';

const estimator = new ZxcvbnFactory({ dictionary, graphs: adjacencyGraphs });

parentPort?.on('message', ({ password, words }) => {
  parentPort?.postMessage(estimator.check(password, words).guessesLog10);
});
