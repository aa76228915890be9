import { attachmentWords } from '../../../contributions/attachment.ts';
import type { Triage } from '../../../contributions/triage.ts';
import { isUnseen } from '../../../core/unseen.ts';
import type { DecidedContribution } from '../../../responses/sheet/sheet.ts';
import { at } from './address.ts';
import type { MemberVisit } from './context.ts';
import { questionWords, valueWords } from './filters.tsx';
import { momentIn } from './moments.ts';

/** As much of the words as tells what they are about. */
const MOST_WORDS = 280;

/** One contribution in a list. @param chosen null: nothing can be chosen */
export function Row({ visit, row, chosen }: { visit: MemberVisit; row: DecidedContribution; chosen: boolean | null }) {
  const { contribution: it, triage } = row;
  const { phrases } = visit.reader;
  const box = `choose-${it.reference}`;
  return (
    <li>
      {chosen !== null && (
        <input
          type="checkbox"
          id={box}
          name="reference"
          value={it.reference}
          checked={chosen}
          aria-label={phrases('choose', { reference: it.reference })}
        />
      )}
      <div>
        <p class="head">
          <a href={contributionAddress(it.reference)}>
            <code>{it.reference}</code>
          </a>{' '}
          <span class="soft">
            <Facts visit={visit} row={row} />
          </span>
        </p>
        <Words row={row} most={MOST_WORDS} />
        <TriageWords visit={visit} triage={triage} />
      </div>
    </li>
  );
}

export const contributionAddress = (reference: string): string => at(`/contributions/${encodeURIComponent(reference)}`);

/** Of what kind it is, how it stands, what about, in which language, and when it came. */
function Facts({ visit, row: { contribution: it, response } }: { visit: MemberVisit; row: DecidedContribution }) {
  const facts = [
    valueWords(visit, 'kind', it.kind),
    ...(it.question === null ? [] : [questionWords(visit, it.question)]),
    ...(it.theme === null ? [] : [it.theme]),
    valueWords(visit, 'language', it.language),
    valueWords(visit, 'state', it.state),
    ...(response ? [valueWords(visit, 'decision', response.decision)] : []),
    momentIn(visit)(it.submittedAt),
  ];
  return (
    <>
      {facts.map((fact, index) => (
        <>
          {index > 0 && ' · '}
          <bdi>{fact}</bdi>
        </>
      ))}
    </>
  );
}

/** The person's own words, and what came beside them. */
export function Words({ row: { contribution: it }, most }: { row: DecidedContribution; most: number }) {
  const short = it.text.length <= most ? it.text : `${it.text.slice(0, most - 1)}…`;
  return (
    <>
      {!isUnseen(it.text) && (
        <p class="words" lang={it.language} dir="auto">
          {short}
        </p>
      )}
      {it.attachments.length > 0 && <p class="soft">{attachmentWords(it.attachments)}</p>}
    </>
  );
}

/** What members have made of it. */
export function TriageWords({ visit, triage }: { visit: MemberVisit; triage: Triage }) {
  const { phrases } = visit.reader;
  const { tags, assignment } = triage;
  if (tags.length === 0 && assignment === null) return null;
  return (
    <p>
      {tags.map((tag) => (
        <>
          <bdi class="tag">{tag}</bdi>{' '}
        </>
      ))}
      {assignment && (
        <span class="soft">
          {phrases('assigned_to')} <bdi>{[assignment.member, assignment.workingGroup].filter(Boolean).join(', ')}</bdi>
          {assignment.dueOn && ` · ${phrases('assigned_until', { day: assignment.dueOn })}`}
        </span>
      )}
    </p>
  );
}
