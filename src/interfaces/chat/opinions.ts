import type { Block } from '../../core/message.ts';
import type { Side } from '../../people/member.ts';
import type { OpenProposal } from '../../responses/proposal.ts';
import { type Agreement, agreementOn, type Opinion } from '../../responses/quorum.ts';
import { type PanelContext, text } from './context.ts';

const SHORT: Record<Side, string> = { government: 'opinions_government', 'civil society': 'opinions_civil_society' };

/** Who has confirmed a proposal beside whoever made it, which side is missing, and who does not agree, and why. */
export async function opinionBlocks(
  { opinions, interested, by }: OpenProposal,
  { members, quorum, phrases, language }: PanelContext,
): Promise<Block[]> {
  const all = await members.list();
  const nameOf = (id: string) => all.find((member) => member.id === id)?.name ?? id;
  const { agreed, against, ...short } = agreementOn(opinions, interested, { members: all, quorum });
  const others = agreed.filter((opinion) => opinion.by !== by);
  const names = new Intl.ListFormat(language).format(agreed.map((opinion) => nameOf(opinion.by)));
  const lines = [
    ...(others.length > 0 ? [phrases('opinions_agreed', { names })] : []),
    ...missingLines(short, phrases),
  ];
  return [
    ...(lines.length > 0 ? [text(lines.join('\n'))] : []),
    ...against.flatMap((opinion) => againstBlocks(opinion, phrases('opinions_against', { name: nameOf(opinion.by) }))),
  ];
}

/** Without sides it takes another member, as the button says. */
const missingLines = (
  { missing, failed }: Pick<Agreement, 'missing' | 'failed'>,
  phrases: PanelContext['phrases'],
): string[] => [
  ...missing.flatMap(({ side, count }) => (side === null ? [] : [phrases(SHORT[side], { count })])),
  ...(failed && missing.some(({ side }) => side !== null) ? [phrases('opinions_failed')] : []),
];

const againstBlocks = ({ words }: Opinion, lead: string): Block[] => [
  text(lead),
  ...(!words ? [] : [{ kind: 'quote' as const, text: words }]),
];
