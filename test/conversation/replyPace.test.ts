import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { HeldBack, Pacing } from '../../src/conversation/pacing.ts';
import { atPace } from '../../src/conversation/replyPace.ts';
import type { NewContribution, TurnWrite } from '../../src/conversation/turn.ts';
import { plainText, say } from '../../src/core/message.ts';

const NEVER_ANSWERED: Pacing = { until: 0, held: null, answerAt: null };
const START = Date.UTC(2027, 0, 15, 9);

const together = ({ count, recorded, references }: HeldBack) =>
  say(`all ${count}, recorded ${recorded}: ${references.join(' ')}`);

/** Somebody who writes; each message is answered by "answer n", and recorded as "HB-n". */
function somebody() {
  let pacing = NEVER_ANSWERED;
  let count = 0;
  const take = (now: number, words: string[], recorded: string[], caughtUp = false): string[] => {
    const contributions = recorded.map((reference) => ({ reference }) as NewContribution);
    const write = { messages: words.map((text) => say(text)), contributions, pacing } as TurnWrite;
    const after = atPace(write, now, caughtUp, together);
    pacing = after.pacing;
    return after.messages.map(plainText);
  };
  return {
    writes(now: number): string[] {
      count += 1;
      return take(now, [`answer ${count}`], [`HB-${count}`]);
    },
    isSilent: (now: number) => take(now, [], []),
    catchesUp: (now: number) => take(now, [], [], true),
    answerAt: () => pacing.answerAt,
  };
}

describe('the pace of answers', () => {
  it('answers a conversation at the speed of hands, one by one', () => {
    const ana = somebody();
    for (let turn = 1; turn <= 500; turn++) expect(ana.writes(START + turn * 1_000)).toEqual([`answer ${turn}`]);
  });

  it('answers a flood once, together, after its end', () => {
    const bot = somebody();
    const answers = Array.from({ length: 476 }, (_, index) => bot.writes(START + index * 4));
    expect(answers.flat()).toEqual(Array.from({ length: 21 }, (_, index) => `answer ${index + 1}`));
    expect(bot.answerAt()).toBe(START + 475 * 4 + 3_000);
    const references = Array.from({ length: 10 }, (_, index) => `HB-${index + 22}`).join(' ');
    expect(bot.catchesUp(bot.answerAt() ?? 0)).toEqual([`all 455, recorded 455: ${references}`, 'answer 476']);
    expect(bot.answerAt()).toBeNull();
  });

  it('answers a flood without end twice a minute', () => {
    const bot = somebody();
    const answers = Array.from({ length: 60 * 50 }, (_, index) => bot.writes(START + index * 20));
    expect(answers.filter((texts) => texts.length === 2)).toHaveLength(1);
    expect(answers.flat().length).toBeLessThan(45);
  });

  it('says again what may not have arrived only in a turn that speaks', () => {
    const held: HeldBack = { due: 0, since: START, count: 1, recorded: 0, references: [], messages: [] };
    const pacing = { until: START + 60_000, held, answerAt: START + 3_000 };
    const write = { messages: [say('again'), say('answer')], repeats: ['7'], contributions: [] as unknown[], pacing };
    expect(atPace(write as TurnWrite, START + 1_000, false, together)).toMatchObject({ messages: [], repeats: [] });
    expect(atPace(write as TurnWrite, START + 31_000, false, together)).toMatchObject({ repeats: ['7'] });
  });

  it('leaves turns without an answer alone', () => {
    const ana = somebody();
    expect(ana.isSilent(START)).toEqual([]);
    expect(ana.catchesUp(START)).toEqual([]);
    expect(ana.answerAt()).toBeNull();
  });

  it('never leaves anybody without an answer, and never gives more answers than the pace', () => {
    const gaps = fc.array(fc.oneof(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 0, max: 60_000 })), {
      maxLength: 200,
    });
    fc.assert(
      fc.property(gaps, (list) => {
        const ana = somebody();
        let [now, answered] = [START, 0];
        for (const gap of list) {
          now += gap;
          const due = ana.answerAt();
          if (due !== null && due <= now) answered += Math.min(1, ana.catchesUp(due).length);
          answered += Math.min(1, ana.writes(now).length);
        }
        expect(answered).toBeLessThanOrEqual(21 + (now - START) / 1_000);
        const due = ana.answerAt();
        if (due === null) return;
        expect(due).toBeLessThanOrEqual(now + 3_000);
        expect(ana.catchesUp(due).at(-1)).toBe(`answer ${list.length}`);
      }),
    );
  });
});
