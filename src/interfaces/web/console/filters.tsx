import { ASIDE_REASONS } from '../../../contributions/asideReasons.ts';
import {
  type ContributionFilter,
  FACETS,
  type Facet,
  type FacetCounts,
  FLAGS,
  NONE,
} from '../../../contributions/search.ts';
import { languageName, textFor } from '../../../core/texts.ts';
import { at } from './address.ts';
import type { MemberVisit } from './context.ts';
import { listAddress } from './list.ts';
import { channelTitle } from './words.tsx';

interface FiltersProps {
  visit: MemberVisit;
  filter: ContributionFilter;
  counts: FacetCounts;
}

/** The search, and beside each value of each filter how many there would be. */
export function Filters({ visit, filter, counts }: FiltersProps) {
  const { phrases } = visit.reader;
  const isFiltered = Object.keys(filter).some((key) => key !== 'search');
  return (
    <search>
      <form method="get" action={at('/contributions')}>
        <p class="line">
          <label for="search" class="hidden">
            {phrases('search_label')}
          </label>
          <input type="search" id="search" name="search" value={filter.search ?? ''} dir="auto" autocomplete="off" />
          <button type="submit">{phrases('search_button')}</button>
        </p>
        <details open={isFiltered}>
          <summary>{phrases('filters_title')}</summary>
          <div class="filters">
            {FACETS.map((facet) => (
              <FacetField visit={visit} facet={facet} filter={filter} counts={counts.facets[facet]} />
            ))}
            <FlagField visit={visit} filter={filter} counts={counts} />
            <Days visit={visit} filter={filter} />
          </div>
          <button type="submit">{phrases('filters_button')}</button>
        </details>
        <Chosen visit={visit} filter={filter} />
      </form>
    </search>
  );
}

/** More values than this are asked for by searching. */
const MOST_VALUES = 30;

interface FacetProps {
  visit: MemberVisit;
  facet: Facet;
  filter: ContributionFilter;
  counts: Record<string, number>;
}

function FacetField({ visit, facet, filter, counts }: FacetProps) {
  const chosen = filter[facet] ?? [];
  const values = [...new Set([...chosen, ...byCount(counts)])].slice(0, MOST_VALUES);
  if (values.length === 0 || (values.length === 1 && values[0] === NONE && chosen.length === 0)) return null;
  return (
    <fieldset>
      <legend>{visit.reader.phrases(`facet_${facet}`)}</legend>
      {values.map((value) => (
        <label class="check">
          <input type="checkbox" name={facet} value={value} checked={chosen.includes(value)} />
          <span>
            <bdi>{valueWords(visit, facet, value)}</bdi> <span class="soft">{counts[value] ?? 0}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}

const byCount = (counts: Record<string, number>): string[] =>
  Object.entries(counts)
    .sort(([, one], [, other]) => other - one)
    .map(([value]) => value);

/** A value as the reader says it. */
export function valueWords(visit: MemberVisit, facet: Facet, value: string): string {
  const { phrases, language } = visit.reader;
  if (value === NONE) return phrases('value_none');
  if (facet === 'state') return phrases(`state_${value}`);
  if (facet === 'kind') return phrases(`kind_${value}`);
  if (facet === 'decision') return phrases(`decision_${value}`);
  if (facet === 'language') return languageName(value, language);
  if (facet === 'channel') return channelTitle(value);
  if (facet === 'question') return questionWords(visit, value);
  if (facet === 'aside') return asideWords(visit, value);
  return value;
}

/** As the process publishes its reasons, or as we do where it has none of its own. */
function asideWords({ reader, process }: MemberVisit, reason: string): string {
  const label = process.setAside?.find(({ value }) => value === reason)?.label;
  if (label !== undefined) return textFor(label, reader.language, process.languages);
  return ASIDE_REASONS.some((own) => own === reason) ? reader.phrases(`aside_${reason}`) : reason;
}

const MOST_QUESTION = 80;

/** The question itself, as far as it fits beside a box. */
export function questionWords({ reader, process }: MemberVisit, id: string): string {
  const question = process.questions.find((each) => each.id === id);
  if (!question) return id;
  const text = textFor(question.text, reader.language, process.languages);
  return text.length <= MOST_QUESTION ? text : `${text.slice(0, MOST_QUESTION - 1)}…`;
}

function FlagField({ visit: { reader }, filter, counts }: FiltersProps) {
  return (
    <fieldset>
      <legend>{reader.phrases('flags_title')}</legend>
      {FLAGS.map((flag) => (
        <label class="check">
          <input type="checkbox" name={flag} value="yes" checked={filter[flag] === true} />
          <span>
            {reader.phrases(`flag_${flag}`)} <span class="soft">{counts.facets[flag].true ?? 0}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}

function Days({ visit: { reader }, filter }: Omit<FiltersProps, 'counts'>) {
  return (
    <fieldset>
      <legend>{reader.phrases('days_title')}</legend>
      {(['since', 'until'] as const).map((name) => (
        <p>
          <label class="above" for={name}>
            {reader.phrases(`days_${name}`)}
          </label>
          <input type="date" id={name} name={name} value={filter[name]?.slice(0, 10) ?? ''} />
        </p>
      ))}
    </fieldset>
  );
}

/** What is filtered by, each with a way to leave it out. */
function Chosen({ visit, filter }: Omit<FiltersProps, 'counts'>) {
  const { phrases } = visit.reader;
  const chosen = chosenIn(visit, filter);
  if (chosen.length === 0) return null;
  return (
    <ul class="chips" aria-label={phrases('chosen_title')}>
      {chosen.map(({ words, without }) => (
        <li>
          <a href={listAddress(without)}>
            <bdi>{words}</bdi> <span aria-hidden="true">×</span>
            <span class="hidden"> {phrases('chosen_leave')}</span>
          </a>
        </li>
      ))}
      <li>
        <a href={at('/contributions')}>{phrases('chosen_all')}</a>
      </li>
    </ul>
  );
}

function chosenIn(visit: MemberVisit, filter: ContributionFilter): { words: string; without: ContributionFilter }[] {
  const { phrases } = visit.reader;
  const facets = FACETS.flatMap((facet) =>
    (filter[facet] ?? []).map((value) => {
      const left = (filter[facet] ?? []).filter((each) => each !== value);
      const { [facet]: _, ...rest } = filter;
      return { words: valueWords(visit, facet, value), without: left.length > 0 ? { ...rest, [facet]: left } : rest };
    }),
  );
  const others = (['search', 'since', 'until', ...FLAGS] as const).flatMap((name) => {
    const { [name]: value, ...without } = filter;
    if (value === undefined) return [];
    return [
      { words: typeof value === 'string' ? `${phrases(`chosen_${name}`)} ${value}` : phrases(`flag_${name}`), without },
    ];
  });
  return [...facets, ...others];
}
