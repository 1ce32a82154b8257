import { Writable } from 'node:stream';
import { expect, test } from 'vitest';
import { boundedOutput } from './bounded-output';

/** A reader that takes nothing until it is allowed to. */
function slowReader() {
  const read: string[] = [];
  const waiting: (() => void)[] = [];
  const out = new Writable({
    write(chunk, _encoding, done) {
      waiting.push(() => {
        read.push(String(chunk));
        done();
      });
    },
  });
  const takeAll = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      next();
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  return { out, read, takeAll };
}

test('drops lines without a reader, and reports their number to the next reader', async () => {
  const { out, read, takeAll } = slowReader();
  const log = boundedOutput(out, 30);
  for (let line = 0; line < 10; line += 1) log.write(`line ${line}\n`);
  await takeAll();
  expect(read).toEqual(['line 0\n', 'line 1\n', 'line 2\n', 'line 3\n']);
  log.write('back\n');
  await takeAll();
  expect(read.slice(4)).toEqual([
    expect.stringContaining('"msg":"6 lines of this log were dropped'),
    'back\n',
  ]);
});

test('continues after temporary errors, such as a full disk, and ends when the reader has closed', () => {
  const out = new Writable({ write: () => {} });
  out._write = (_chunk, _encoding, done) => done();
  const log = boundedOutput(out);
  out.emit('error', Object.assign(new Error('no space left'), { code: 'ENOSPC' }));
  let writes = 0;
  out._write = (_chunk, _encoding, done) => {
    writes += 1;
    done();
  };
  log.write('one\n');
  expect(writes).toBe(1);
  out.emit('error', Object.assign(new Error('broken pipe'), { code: 'EPIPE' }));
  log.write('two\n');
  expect(writes).toBe(1);
});
