import { expect, it } from 'vitest';
import { helloClb } from './hello-clb';
import { syntaxErrorLine } from './syntax-error';

/** The guide's code as printed: the body of the function has lost its indentation. */
const asPrinted = `# -*- coding: utf8 -*-
import json
def main_handler(event, context):

return {
"isBase64Encoded":False,
"statusCode":200,
"headers":{"Content-Type":"text/html"},
"body": "<html><body><h1>Hello CLB</h1></body></html>"
   }
`;

it("finds the syntax error in the guide's printed code", () => {
  // The parser stops where the body of line 3 is missing, before the blank line.
  expect(syntaxErrorLine(asPrinted, 'python')).toBeGreaterThanOrEqual(3);
  expect(syntaxErrorLine(asPrinted, 'python')).toBeLessThanOrEqual(5);
  expect(syntaxErrorLine(asPrinted.replace('\nreturn {', '\n    return {'), 'python')).toBeNull();
});

it('finds no error in the examples or in valid code', () => {
  expect(syntaxErrorLine(helloClb.python, 'python')).toBeNull();
  expect(syntaxErrorLine(helloClb.nodejs, 'nodejs')).toBeNull();
  expect(syntaxErrorLine('', 'python')).toBeNull();
});

it.each([
  ['python', 'def f(:\n    pass\n', 1],
  ['python', 'x = 1\ny = (2\n', 2],
  ['nodejs', 'exports.main_handler = async (event) => {\n  return { statusCode: 200, };\n', 2],
  ['nodejs', 'const a = 1;\nconst = 2;\n', 2],
] as const)('finds the line in %s: %j', (language, code, line) => {
  const found = syntaxErrorLine(code, language);
  expect(found).not.toBeNull();
  expect(found).toBeGreaterThanOrEqual(line);
});
