import fc from 'fast-check';
import { expect, test } from 'vitest';
import { OutputCapture } from './output-capture';

const mark = Buffer.from('\0the-mark\n');

/** Bytes that contain the mark and prefixes of it. */
const piece = fc.oneof(
  fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes.map((byte) => byte % 128))),
  fc.nat(mark.length - 1).map((length) => mark.subarray(0, length)),
);

test('each call gets its own complete output, however the bytes are split', () => {
  fc.assert(
    fc.property(
      fc.array(fc.array(piece, { maxLength: 4 }), { maxLength: 5 }),
      fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1 }),
      (calls, sizes) => {
        const outputs = calls.map((pieces) => Buffer.concat(pieces)).filter((each) => !each.includes(mark));
        const capture = new OutputCapture(mark);
        const taken: string[] = [];
        for (const output of outputs) {
          const bytes = Buffer.concat([output, mark]);
          let marks = 0;
          for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
            const size = sizes[turn % sizes.length] ?? 1;
            marks += capture.push(bytes.subarray(at, at + size));
            at += size;
          }
          expect(marks).toBe(1);
          taken.push(capture.take());
        }
        expect(taken).toEqual(outputs.map((output) => output.toString('utf8')));
      },
    ),
  );
});

test('keeps the last 64 KiB of long output, and reports how much is missing', () => {
  const capture = new OutputCapture(mark);
  for (let line = 0; line < 20_000; line += 1) capture.push(Buffer.from(`line ${line}\n`));
  const text = capture.take();
  expect(text).toMatch(/^\[\d+ bytes before this are cut: a call keeps its last 65536\]\n/);
  expect(text.endsWith('line 19999\n')).toBe(true);
  expect(text.length).toBeLessThan(66_000);
  capture.push(Buffer.from('next'));
  expect(capture.take()).toBe('next');
});
