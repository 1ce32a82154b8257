import { expect, it } from 'vitest';
import { codeFileName } from './deploy-function';

it.each([
  ['Python3.6', 'index.main_handler', 'index.py'],
  ['Nodejs18.15', 'app.main', 'app.js'],
  ['Php7', 'index.main_handler', 'index.php'],
  ['Go1', 'main', null],
  ['Python3.6', 'main_handler', null],
])('%s with handler %s uses the file %s', (runtime, handler, file) => {
  expect(codeFileName(runtime, handler)).toBe(file);
});
