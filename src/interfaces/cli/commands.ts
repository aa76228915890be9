import type { Command } from 'commander';

/** Each command with its line in `hearback --help`. */
export const COMMANDS = {
  start: 'the service, by ROLE',
  doctor: 'configuration, database, queue, tokens, flows: what is wrong and the remedy',
  demo: 'a whole small process on the sandbox, then the figures; needs no account and no service',
  flows: 'the conversations',
  process: 'the process: stages, events, questions, themes',
  contributions: 'what was said for the record',
  threads: 'questions, disagreements, and what people asked the organizers',
  responses: "the forum's decisions and reasoned responses",
  notices: 'what is sent to many',
  events: 'events of the process, and how many people come',
  members: 'who organizes, decides and speaks for others',
  'console-link': 'a link that lets a member into the console, once',
  people: 'what is held about somebody, and erasing it, as asked for by letter',
  audit: 'what members and operators did, or were refused',
  updates: 'what came in and could not be handled',
  links: 'links and QR codes for posters and liaisons',
} as const;

export type CommandName = keyof typeof COMMANDS;

export const commandNamed = (program: Command, name: CommandName): Command =>
  program.command(name).description(COMMANDS[name]);
