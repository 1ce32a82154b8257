import { describe, expect, it } from 'vitest';
import { GateRests } from './run-rehearsal';

const due = 1_000_000;

describe('rehearsals rest', () => {
  it('from just before a gate of a run until its first writes are done', () => {
    const rests = new GateRests();
    rests.learn([due], due - 60_000);
    const seen = [-2000, -1500, 0, 4999, 5000].map((ms) => rests.isResting(due + ms));
    expect(seen).toEqual([false, true, true, true, false]);
  });

  it('also when the gate has passed and its run no longer waits at it', () => {
    const rests = new GateRests();
    rests.learn([due], due - 1000);
    rests.learn([], due + 1000);
    expect(rests.isResting(due + 1000)).toBe(true);
    rests.learn([], due + 5000);
    expect(rests.isResting(due + 5000)).toBe(false);
  });

  it('not for a run whose schedule was canceled before its gate', () => {
    const rests = new GateRests();
    rests.learn([due], due - 10_000);
    rests.learn([], due - 5000);
    expect(rests.isResting(due)).toBe(false);
  });

  it('at most half of the time, however many gates there are', () => {
    const rests = new GateRests();
    const gates = Array.from({ length: 100 }, (_, index) => due + index * 1000);
    rests.learn(gates, due - 1500);
    const seconds = Array.from({ length: 60 }, (_, second) => rests.isResting(due + second * 1000));
    expect(seconds.filter(Boolean).length).toBe(30);
  });
});
