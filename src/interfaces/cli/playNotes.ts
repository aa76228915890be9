import type { Event } from '../../conversation/flow/events.ts';
import { added } from './playOffers.ts';

/** In brackets; empty where there is nothing to add to what a person reads. */
export function noteOf(event: Event, reference: string): string {
  switch (event.kind) {
    case 'contributed':
      return given(event, reference);
    case 'amended':
      return added(event);
    case 'thread_opened':
      return threadOpened(event, reference);
    case 'accepted':
      return '(The response is clear to them.)';
    case 'acted':
      return `(${event.act}: ${Object.values(event.with).join(', ')})`;
    case 'edited':
      return `(${event.reference} now says: “${event.words.text || event.files.map(({ kind }) => kind).join(', ')}”)`;
    case 'consented':
      return `(They have agreed to version ${event.version}.)`;
    case 'declined':
      return '(They have not agreed; nothing is kept.)';
    case 'asked_for_profile':
      return event.agreed
        ? `(They have agreed to tell about themselves, version ${event.version}.)`
        : '(They tell nothing about themselves.)';
    case 'erased':
      return event.remains === 'words'
        ? '(They are erased; their words stay.)'
        : '(They are erased, with their words.)';
    case 'kept':
      return `(Kept of them: ${Object.entries(event.own).map(keptPart).join(', ')})`;
    case 'failed':
      return `(Flow "${event.flow}" failed${event.step ? ` at step "${event.step}"` : ''}: ${event.why})`;
    default:
      return '';
  }
}

const keptPart = ([name, value]: [string, unknown]): string =>
  `${name} ${value === null ? 'removed' : JSON.stringify(value)}`;

function given({ contribution }: Extract<Event, { kind: 'contributed' }>, reference: string): string {
  const { kind, text, attachments, attribution, attributionName, theme, question } = contribution;
  const facts = [
    `${kind} ${reference}`,
    theme === null ? '' : `theme ${theme}`,
    question === null ? '' : `question ${question}`,
    attachments.length === 0 ? '' : `files: ${attachments.length}`,
    attribution === 'nobody' ? 'no name shown' : `${attribution}: ${attributionName}`,
  ];
  return `(The forum gets: ${facts.filter(Boolean).join(', ')}${text === '' ? '' : `, “${text}”`})`;
}

function threadOpened({ thread }: Extract<Event, { kind: 'thread_opened' }>, reference: string): string {
  const files = thread.attachments.length === 0 ? '' : `, files: ${thread.attachments.length}`;
  return `(Somebody is to answer: ${thread.kind} ${reference}${files}, “${thread.text}”)`;
}
