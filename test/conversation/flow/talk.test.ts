import { describe, expect, test } from 'vitest';
import type { Event } from '../../../src/conversation/flow/events.ts';
import { createFlowRegistry } from '../../../src/conversation/flow/flowRegistry.ts';
import { openFlowRegistry, parseFlow } from '../../../src/conversation/flow/source/load.ts';
import type { Faq } from '../../../src/conversation/flow/types.ts';
import { only, read, type Talk, talk } from '../../support/talk.ts';

const shipped = await openFlowRegistry('flows');

const FAQ: Faq[] = [
  {
    words: { en: 'reads, see this', es: 'lee' },
    question: { en: 'Who reads this?', es: '¿Quién lee esto?' },
    answer: { en: 'The forum reads it.', es: 'Lo lee el foro.' },
  },
  {
    words: { en: 'daughter, child', es: 'hija' },
    question: { en: 'Can I bring my child?' },
    answer: { en: 'Yes, bring your child.', es: 'Sí, venga con su hija.' },
  },
];

function person(who: Parameters<typeof talk>[1] = {}): Talk {
  const made = talk(shipped, who);
  made.world.process.faq = FAQ;
  return made;
}

const recorded = ({ events }: Talk) => only(events, 'contributed').map(({ contribution }) => contribution.text);

describe('said unasked', () => {
  test.each([
    ['thanks!', 'You are welcome!'],
    ['hello there', 'Hello! If you have an idea, just write it here.'],
    ['bye', 'Goodbye, and thank you.'],
    ['haha', ''],
    ['ok', expect.stringContaining('I have not asked you anything just now')],
    ['sí', expect.stringContaining('I have not asked you anything just now')],
    ['2', expect.stringContaining('I have not asked you anything just now')],
    ['我不同意', expect.stringContaining('I have not asked you anything just now')],
    ['👍🏽', ''],
  ])('"%s" is answered shortly or not at all', (words, answer) => {
    const one = person();
    expect(read(one.says(words))).toEqual(answer);
    expect(one.session()).toBeNull();
  });

  test('a question is answered by the entry that is about it, with a way to a person', () => {
    const one = person();
    expect(read(one.says('who is it that reads my words?'))).toContain('The forum reads it.');
    expect(one.labels()).toEqual(['Thank you', 'Ask a person', 'It is an idea']);
    one.presses('Thank you');
    expect(recorded(one)).toEqual([]);
  });

  test('what was taken for a question is an idea by one tap', () => {
    const one = person();
    one.says('Why can no child walk to school?');
    one.presses('It is an idea');
    expect(recorded(one)).toEqual(['Why can no child walk to school?']);
  });

  test('an idea after a question that was answered is recorded by itself', () => {
    const one = person();
    one.says('who reads this?');
    one.says('Publish every contract of the city');
    expect(recorded(one)).toEqual(['Publish every contract of the city']);
  });

  test('a question about the dates shows them, one about a street asks for a person', () => {
    const one = person();
    expect(only(one.says('until when can I send ideas?'), 'shown')).toEqual([{ kind: 'shown', what: 'timeline' }]);
    expect(read(one.says('when will you repair Mill Street?'))).toBe('Shall I ask a person?');
    expect(read(person().says('quiero hablar con una persona'))).toBe('Shall I ask a person?');
  });

  test.each([
    'Que abran la biblioteca los domingos',
    'Hay basura en mi calle todos los días',
    'When it rains our street floods',
    'Quand il pleut la rue est inondée',
    'Where I live there are no street lights',
    'Cuando llueve no se puede pasar',
  ])('an idea may begin like a question: "%s"', (words) => {
    const one = person();
    one.says(words);
    expect(recorded(one)).toEqual([words]);
  });

  test('a long text is an idea, whatever mark it ends with', () => {
    const one = person();
    const idea = `${'Publish every contract of the city with its price. '.repeat(3)}Why not?`;
    one.says(idea);
    expect(recorded(one)).toEqual([idea]);
  });
});

describe('said to a question', () => {
  test('courtesies and questions are answered, and it is asked again but after thanks', () => {
    const one = person();
    one.commands('idea');
    expect(read(one.says('thank you'))).toBe('You are welcome!');
    for (const words of ['hi', '👍', 'hahaha', 'can I bring my daughter?']) {
      const said = read(one.says(words));
      expect(said).toContain('What should change?');
    }
    one.says('A bench in front of the library');
    expect(recorded(one)).toEqual(['A bench in front of the library']);
  });

  test('a yes is an answer to a focus question, and thanks are none', () => {
    const one = person();
    one.take({ kind: 'begin', flow: 'question', answers: { question_id: 'q', question_text: 'Is it safe?' } });
    expect(read(one.says('gracias'))).toBe('You are welcome!');
    one.says('yes');
    expect(recorded(one)).toEqual(['yes']);
  });

  test('before consent what we know is answered, and what only a person knows waits', () => {
    const one = person({ consented: false });
    one.commands('start');
    expect(read(one.says('who reads this?'))).toMatch(/^The forum reads it\.[\s\S]*Do you agree/);
    expect(read(one.says('who is responsible for the roads?'))).toContain('I have kept that');
    expect(read(one.says('yes'))).toContain('Shall I ask a person?');
    expect(recorded(one)).toEqual([]);
  });

  test('before consent a question beside what they came for has its turn after it', () => {
    const one = person({ consented: false });
    one.commands('start', 'idea');
    one.says('who is responsible for the roads?');
    one.presses('I agree');
    expect(read(one.says('Mend the road to the school'))).toContain('Shall I ask a person?');
    expect(recorded(one)).toEqual(['Mend the road to the school']);
  });
});

describe('words that may ask for no more messages', () => {
  test.each(['stop please', 'por favor no más mensajes', 'stop it 🛑', '请不要再发了'])(
    'are asked about in any state: "%s"',
    (words) => {
      for (const consented of [true, false])
        for (const begin of ['', 'start', 'idea']) {
          const one = person({ consented });
          if (begin) one.commands(begin);
          expect(read(one.says(words))).toBe('Do you want no more messages?');
          one.presses('No, go on');
          one.waits(60_000);
          one.says(words);
          expect(only(one.presses('No more messages'), 'stopped')).toMatchObject([{ words }]);
          expect(recorded(one)).toEqual([]);
        }
    },
  );
});

describe('a question of a draft that may be passed over', () => {
  const STEPS = `
  - { id: words, ask: text, text: "What?" }
  - { id: photo, ask: media, skip: true, text: "A photo?" }
  - { id: count, ask: number, skip: true, text: "How many?" }
  - { id: sure, ask: yesno, text: "Sure?" }
  - { id: send, contribute: idea, textOf: [words] }
`;
  test('is left after two answers that do not fit, and both are kept', () => {
    const { source } = parseFlow(
      `flow: own\nversion: 1\nlanguages: [en]\ndraft: true\nsteps:\n${STEPS}`,
      'own.flow.yaml',
    );
    if (!source) throw new Error('It does not parse.');
    const one = talk(createFlowRegistry([source.flow], shipped.messages));
    one.take({ kind: 'begin', flow: 'own', answers: {} });
    one.says('A bench', '1');
    expect(read(one.says('the one at the church', '2'))).toContain('A photo?');
    expect(read(one.says('made of wood', '3'))).toContain('How many?');
    one.says('some');
    expect(read(one.says('many'))).toContain('Sure?');
    one.says('yes');
    expect(recorded(one)).toEqual(['A bench\n\nthe one at the church\n\nmade of wood\n\nsome\n\nmany']);
  });
});

const shows = (events: readonly Event[]) => only(events, 'shown').map(({ what }) => what);

describe('a question that we can answer is answered at any moment, and is no idea', () => {
  test.each([
    ['¿cuándo es la reunión?', 'meeting'],
    ['buenas tardes, mire usted, ¿cuando es la reunion?', 'meeting'],
    ['会议什么时候开？', 'meeting'],
    ['quand a lieu la réunion ?', 'meeting'],
    ['¿cuándo me dicen algo?', 'newest'],
    ['oiga, ¿han visto ustedes mi mensaje?', 'newest'],
    ['when do I hear from you', 'newest'],
    ['什么时候回复我？', 'newest'],
    ['avez-vous lu mon message ?', 'newest'],
    ['pues no se yo, ¿y mi nombre sale en algun sitio?', 'privacy'],
    ['¿y para que quieren mis datos?', 'privacy'],
    ['will my name be published?', 'privacy'],
  ])('"%s" shows: %s', (words, what) => {
    for (const open of [undefined, 'idea', 'ask', 'start']) {
      const one = person();
      if (open) one.commands(open);
      if (open === 'ask') continue;
      expect(shows(one.says(words))).toEqual([what]);
      expect(recorded(one)).toEqual([]);
    }
  });

  test('of several questions those that we cannot answer go to a person', () => {
    const one = person();
    const came = one.says('会议什么时候开？我可以带翻译吗？');
    expect(shows(came)).toEqual(['meeting']);
    expect(read(came)).toBe('Shall I ask a person?');
    one.presses('Ask a person');
    expect(only(one.events, 'thread_opened').map(({ thread }) => thread.text)).toEqual(['我可以带翻译吗？']);
  });

  test('two questions that we can answer are both answered', () => {
    const came = person().says('when is the meeting? can I bring my child?');
    expect(shows(came)).toEqual(['meeting']);
    expect(read(came)).toContain('Yes, bring your child.');
  });

  test('behind the menu it is not asked again', () => {
    const one = person();
    one.commands('start');
    expect(read(one.says('when is the meeting?'))).toBe('');
  });

  test('before somebody has agreed, what we cannot answer waits for a person', () => {
    const one = person({ consented: false });
    one.commands('start');
    one.says('when is the meeting? can I bring a translator?');
    one.says('who pays for all of this?');
    expect(read(one.says('yes, I agree'))).toContain('Shall I ask a person?');
    expect(recorded(one)).toEqual([]);
  });
});

describe('a question beside an idea that waits', () => {
  test('is no part of it, and is asked about once the idea is', () => {
    const one = person();
    one.says('Some benches');
    one.says('谁付钱？');
    one.presses('Yes, it is an idea');
    expect(recorded(one)).toEqual(['Some benches']);
    expect(read(one.events)).toContain('Shall I ask a person?');
  });

  test('with an answer of ours is answered, and the idea still waits', () => {
    const one = person();
    one.says('Some benches');
    expect(read(one.says('who reads this?'))).toContain('The forum reads it.');
    one.presses('Yes, it is an idea');
    expect(recorded(one)).toEqual(['Some benches']);
  });
});

describe('courtesies', () => {
  test.each([
    'muchisimas gracias señorita, que Dios se lo pague',
    'muchas gracias, alli nos vemos',
    'Hello, thank you very much, see you',
    '你好，谢谢您',
  ])('"%s" is talk', (words) => {
    const one = person();
    one.says(words);
    expect(one.session()).toBeNull();
    expect(recorded(one)).toEqual([]);
  });

  test.each([
    'Buenas tardes, mire usted, me ha dicho mi nieta que aqui se puede escribir para lo del ayuntamiento',
    'Hello, my name is Ann from the old town',
    '你好，我叫李华',
  ])('who they are is asked about: "%s"', (words) => {
    const one = person();
    expect(read(one.says(words))).toBe('Is this an idea for the plan?');
    expect(recorded(one)).toEqual([]);
  });

  test.each([
    'Hola, me llamo Ana y quiero que abran la biblioteca los domingos',
    'gracias a la escuela tenemos un parque y hay que cuidarlo',
  ])('a wish behind them is an idea: "%s"', (words) => {
    const one = person();
    one.says(words);
    expect(recorded(one)).toEqual([words]);
  });
});
