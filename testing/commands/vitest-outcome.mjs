import { writeFileSync } from 'node:fs';

/**
 * A Vitest reporter that writes the outcome of the run to the file that SPILLWAY_TEST_OUTCOME names. Vitest's own JSON
 * report lacks errors outside of tests.
 */
// biome-ignore lint/style/noDefaultExport: Vitest loads a reporter by its default export.
export default class VitestOutcome {
  /** @type {import('vitest/node').Reporter['onTestRunEnd']} */
  onTestRunEnd(modules, unhandledErrors) {
    let passed = 0;
    const failures = [];
    const fail = (name, errors) => failures.push({ name, text: errors.map(describeError).join('\n') });
    for (const module of modules) {
      const file = module.relativeModuleId;
      if (module.errors().length > 0) fail(file, module.errors());
      for (const suite of module.children.allSuites()) {
        if (suite.errors().length > 0) fail(`${file} > ${suite.fullName}`, suite.errors());
      }
      for (const test of module.children.allTests()) {
        const { state, errors } = test.result();
        if (state === 'passed') passed += 1;
        if (state === 'failed') fail(`${file} > ${test.fullName}`, errors);
      }
    }
    for (const error of unhandledErrors) fail('an error outside of tests', [error]);
    writeFileSync(process.env.SPILLWAY_TEST_OUTCOME, JSON.stringify({ passed, failures }));
  }
}

/** Returns the message, the diff and our own stack frames. */
function describeError({ message, stack = message, diff }) {
  const lines = stack
    .split('\n')
    .filter((line) => !/^\s+at .*(node_modules|node:internal|<anonymous>)/.test(line));
  const firstFrame = lines.findIndex((line) => /^\s+at /.test(line));
  if (diff && firstFrame >= 0) lines.splice(firstFrame, 0, diff);
  return lines.join('\n');
}
