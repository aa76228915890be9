import { textFor } from '../../../core/texts.ts';
import { APPROVERS } from '../../../people/member.ts';
import type { MemberVisit } from './context.ts';

/** What can be done to what is chosen. */
export async function Deeds({ visit }: { visit: MemberVisit }) {
  const { phrases } = visit.reader;
  return (
    <div class="deeds">
      <fieldset>
        <legend>{phrases('tag_title')}</legend>
        <label for="tags" class="above">
          {phrases('tag_label')}
        </label>
        <input type="text" id="tags" name="tags" dir="auto" autocomplete="off" aria-describedby="tags-hint" />
        <p class="hint" id="tags-hint">
          {phrases('tag_hint')}
        </p>
        <button type="submit" name="deed" value="tag">
          {phrases('tag_button')}
        </button>{' '}
        <button type="submit" name="deed" value="untag">
          {phrases('untag_button')}
        </button>
      </fieldset>
      {await AssignFields({ visit })}
    </div>
  );
}

async function AssignFields({ visit }: { visit: MemberVisit }) {
  const { reader, process, parts } = visit;
  const { phrases, language } = reader;
  const members = await (await parts.views.members()).listed();
  const takers = members.filter(({ roles }) => roles.some((role) => APPROVERS.includes(role)));
  const groups = process.workingGroups ?? [];
  return (
    <fieldset>
      <legend>{phrases('assign_title')}</legend>
      <label for="member" class="above">
        {phrases('assign_member')}
      </label>
      <select id="member" name="member">
        <option value="">{phrases('value_none')}</option>
        {takers.map(({ id, name }) => (
          <option value={id}>{name}</option>
        ))}
      </select>
      {groups.length > 0 && (
        <>
          <label for="group" class="above">
            {phrases('assign_group')}
          </label>
          <select id="group" name="workingGroup">
            <option value="">{phrases('value_none')}</option>
            {groups.map(({ id, title }) => (
              <option value={id}>{textFor(title, language, process.languages)}</option>
            ))}
          </select>
        </>
      )}
      <label for="due" class="above">
        {phrases('assign_due')}
      </label>
      <input type="date" id="due" name="dueOn" />{' '}
      <button type="submit" name="deed" value="assign">
        {phrases('assign_button')}
      </button>
    </fieldset>
  );
}
