import { Worker } from 'node:worker_threads';
import { describe, expect, it, vi } from 'vitest';
import { checkPassword } from './check-password';

const sari = { email: 'sari.wijaya@example.com', name: 'Sari Wijaya' };

describe('a new password', () => {
  it.each([
    'password1234',
    'Password123!',
    'passwordpassword',
    'p@ssw0rdp@ssw0rd',
    'qwertyuiop12',
    '123456789012',
    'aaaaaaaaaaaa',
    'abcdefghijkl',
    'monkeydragon',
    'iloveyou12345',
    'password'.repeat(16),
  ])('is refused if it is easy to guess: %s', async (password) => {
    expect(await checkPassword(password, sari)).toBe('password.guessable');
  });

  it.each([
    'sari.wijaya@example.com',
    'SariSariSari',
    'WIJAYA-wijaya-2026',
    'Spillway-2026',
    'ilovespillway2026',
    'spillwayspillway',
    'example.com1234',
  ])('is refused if little is left without the words of its account: %s', async (password) => {
    expect(await checkPassword(password, sari)).toBe('password.context');
  });

  it.each([
    'correct horse battery staple',
    'xk29fjq0plvm',
    'three words and a number 7',
    'our spillway overflows in march, sari',
    'ただしいうまのでんちとほちきす',
    '   umbrella tax violin',
  ])('is accepted without rules of composition: %s', async (password) => {
    expect(await checkPassword(password, sari)).toBeNull();
  });

  it('is accepted if it is as long as a password may be', async () => {
    const long = Array.from({ length: 128 }, (_, index) => String.fromCharCode(33 + ((index * 37) % 90)));
    expect(await checkPassword(long.join(''), sari)).toBeNull();
  });

  it('is estimated by its beginning and its end, at most 24 characters at a time, in a thread', async () => {
    const post = vi.spyOn(Worker.prototype, 'postMessage');
    const hard = 'xk29fjq0plvm';
    expect(await checkPassword('password'.repeat(16), sari)).toBe('password.guessable');
    expect(await checkPassword(`${'password'.repeat(14)}${hard}`, sari)).toBeNull();
    expect(await checkPassword(`${hard}${'password'.repeat(14)}`, sari)).toBeNull();
    expect(post.mock.calls.map(([{ password }]) => password.length)).toEqual([24, 24, 24, 24]);
    post.mockRestore();
  });

  it('is estimated for several people at once, each for its own', async () => {
    const passwords = ['password1234', 'xk29fjq0plvm', 'iloveyou12345', 'three words and a number 7'];
    expect(await Promise.all(passwords.map((each) => checkPassword(each, sari)))).toEqual([
      'password.guessable',
      null,
      'password.guessable',
      null,
    ]);
  });

  it('is not accepted if its thread fails, and the next one starts another thread', async () => {
    const post = vi.spyOn(Worker.prototype, 'postMessage').mockImplementationOnce(function (this: Worker) {
      this.emit('error', new Error('out of memory'));
    });
    await expect(checkPassword('xk29fjq0plvm', sari)).rejects.toThrow('out of memory');
    expect(await checkPassword('xk29fjq0plvm', sari)).toBeNull();
    expect(new Set(post.mock.contexts).size).toBe(2);
    post.mockRestore();
  });
});
