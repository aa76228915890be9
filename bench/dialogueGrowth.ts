import { dialogueFlow, saying, textUpdate } from './dialogue.ts';
import { withServer } from './ground.ts';
import { atMost, type Measure, median, scaled, seconds } from './measure.ts';
import { createInbound, sinkChannel } from './ours.ts';

const QUESTIONS = 31;
const CHATS = scaled(200, 10);

/** Milliseconds of the answer to question 30 against that to question 3, one update at a time. */
export const dialogueGrowth: Measure = {
  name: 'dialogue-growth',
  run: () =>
    withServer((fresh) =>
      fresh(async (db) => {
        const inbound = await createInbound(db, dialogueFlow(QUESTIONS), sinkChannel());
        const times = new Map<number, number[]>([
          [3, []],
          [30, []],
        ]);
        // By turns: whoever says it all in a moment is answered together, and not at once.
        for (let turn = 0; turn <= QUESTIONS; turn++) {
          for (let chat = 1; chat <= CHATS; chat++) {
            const took = await seconds(() => inbound.take(textUpdate(chat, saying(turn))));
            times.get(turn)?.push(took * 1000);
          }
        }
        await inbound.idle();
        const at = (turn: number) => median(times.get(turn) ?? []);
        return [atMost('dialogue-growth', at(30), at(3), 1.1)];
      }),
    ),
};
