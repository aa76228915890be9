import { writeFileSync } from 'node:fs';
import type { Flow } from '../../conversation/flow/source/schema.ts';
import { UserError } from '../../core/errors.ts';
import { type OutboundMessage, plainText } from '../../core/message.ts';
import type { Did, PlayParts } from './play.ts';

export interface Recording extends Pick<PlayParts, 'flow' | 'language'> {
  file: string;
}

const NAME = 'Ann';

/** Writes a conversation down as it goes, in the form of a transcript; what was in the file before is gone. */
export function recorder({ file, flow, language }: Recording): NonNullable<PlayParts['heard']> {
  const references: string[] = [];
  let text = '';

  /** A transcript calls references by their order. */
  const counted = (words: string): string =>
    words.replace(/HB-[A-Z0-9]{7}/g, (reference) => {
      if (!references.includes(reference)) references.push(reference);
      return `HB-${references.indexOf(reference) + 1}`;
    });

  return (did, messages) => {
    if (did.kind === 'begin') text = headOf(flow, language);
    const entries = [doing(did, flow), ...messages.map((message) => `Bot: ${shown(message)}`)];
    text += entries.map((entry) => `- ${counted(entry).replaceAll('\n', '\n  ').replace(/ +$/gm, '')}\n`).join('');
    write(file, text);
  };
}

const headOf = ({ flow, steps }: Flow, language: string): string => {
  const agreed = steps.some((step) => 'ask' in step && step.ask === 'consent') ? '' : ', agreed';
  return `# What "${flow}" says to whoever takes this way through it\n\nPeople: ${NAME} (${language}${agreed})\n\n`;
};

function doing(did: Did, { flow }: Flow): string {
  switch (did.kind) {
    case 'begin':
      return `${NAME}: /${flow === 'welcome' ? 'start' : flow}`;
    case 'press':
      return `${NAME} presses [${did.label}]`;
    case 'say':
      return `${NAME}: ${did.words}`;
    default:
      return `${NAME} sends ${FILES[did.what]}${did.caption === '' ? '' : `: ${did.caption}`}`;
  }
}

const FILES = { photo: 'a photo', voice: 'a voice message, 0:14', document: 'a document plan.pdf' };

function shown(message: OutboundMessage): string {
  const labels = (message.choices ?? []).map(({ label }) => `[${label}]`).join(' ');
  return [plainText(message), labels].filter(Boolean).join('\n');
}

function write(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw new UserError(
      `--record: ${file} cannot be written (${(error as NodeJS.ErrnoException).code}); check the path.`,
    );
  }
}
