import { createHash } from 'node:crypto';
import { at } from './address.ts';

/** The one sheet of the console: quiet, for light and dark, from either side, on paper, and from 320 pixels on. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --paper: #fdfdfc;
  --raised: #ffffff;
  --ink: #1c2026;
  --soft: #545d69;
  --line: #d5d9de;
  --edge: #79828e;
  --accent: #1f4f82;
  --on-accent: #ffffff;
  --good: #1d6b3c;
  --bad: #a3241c;
  --tint: #eef2f6;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #15181c;
    --raised: #1c2025;
    --ink: #e8eaed;
    --soft: #a9b1bb;
    --line: #353b43;
    --edge: #8a939e;
    --accent: #8fbdf0;
    --on-accent: #10161d;
    --good: #7fce9b;
    --bad: #ff9d92;
    --tint: #232930;
  }
}
*, ::before, ::after { box-sizing: border-box; }
html { font: 100%/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
body { margin: 0; padding-inline: clamp(1rem, 4vw, 2rem); background: var(--paper); color: var(--ink); overflow-wrap: break-word; }
body > header, main, body > footer { max-inline-size: 60rem; margin-inline: auto; }
body > header {
  display: flex; flex-wrap: wrap; gap: .25rem 2rem; align-items: baseline; justify-content: space-between;
  padding-block: 1rem; border-block-end: 1px solid var(--line);
}
.brand { margin: 0; display: flex; flex-wrap: wrap; gap: 0 .75rem; color: var(--soft); min-inline-size: 0; }
.brand a { color: var(--ink); font-weight: 650; text-decoration: none; }
nav ul { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; margin: 0; padding: 0; list-style: none; }
nav a { display: inline-block; padding-block: .35rem; color: var(--ink); text-decoration: none; border-block-end: 2px solid transparent; }
nav a:hover { border-color: var(--edge); }
nav a[aria-current] { border-color: var(--accent); font-weight: 600; }
main { padding-block: 1.5rem 3rem; }
main:focus { outline: none; }
body > footer {
  display: flex; flex-wrap: wrap; gap: 1rem 2rem; justify-content: space-between; padding-block: 1rem 2rem;
  border-block-start: 1px solid var(--line); color: var(--soft); font-size: .9375rem;
}
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 1rem; font-weight: 650; }
h2 { font-size: 1.2rem; line-height: 1.3; margin: 2.25rem 0 .75rem; font-weight: 650; }
h3 { font-size: 1rem; margin: 0; font-weight: 650; }
p, ul, dl { margin-block: 0 .75rem; }
p, li { max-inline-size: 70ch; }
a { color: var(--accent); text-underline-offset: .15em; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 2px; }
.skip { position: absolute; inset-inline-start: -100vw; background: var(--accent); color: var(--on-accent); padding: .75rem 1rem; }
.skip:focus { inset-inline-start: 0; z-index: 1; }
.soft { color: var(--soft); }
.late { color: var(--bad); font-weight: 600; }
.lead { font-size: 1.1rem; max-inline-size: 60ch; }

.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 8.75rem), 1fr)); gap: .75rem; margin: 0; padding: 0; }
.figures > div {
  display: flex; flex-direction: column-reverse; justify-content: flex-end; background: var(--raised);
  border: 1px solid var(--line); border-radius: 6px; padding: .8rem 1rem;
}
.figures dt { color: var(--soft); line-height: 1.35; }
.figures dd { margin: 0; font-size: 1.7rem; line-height: 1.2; font-weight: 600; font-variant-numeric: tabular-nums; }
.figures .late dd { color: var(--bad); }
.figures .late dt { color: var(--bad); }

.list { list-style: none; padding: 0; margin: 0; border-block-start: 1px solid var(--line); }
.list > li {
  display: flex; flex-wrap: wrap; gap: .25rem 1.5rem; align-items: baseline; justify-content: space-between;
  padding-block: .7rem; border-block-end: 1px solid var(--line); max-inline-size: none;
}
.list > li > :first-child { flex: 1 1 20rem; min-inline-size: 0; }
.list p { margin: 0; }
.list .name { font-size: 1rem; margin: 0; }
.after { margin-block-start: .75rem; }
.list form { flex: none; }

.hidden { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.chips { list-style: none; display: flex; flex-wrap: wrap; gap: .5rem; padding: 0; margin-block: .5rem .75rem; }
.chips a { display: inline-block; padding: .3rem .7rem; border: 1px solid var(--edge); border-radius: 1rem; color: var(--ink); text-decoration: none; }
.chips a:hover { background: var(--tint); }
.chips a[aria-current] { border-color: var(--accent); font-weight: 600; }
details { margin-block: .5rem .75rem; }
summary { cursor: pointer; padding-block: .5rem; font-weight: 600; }
.filters { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 13rem), 1fr)); gap: 1rem 1.5rem; margin-block: .5rem 1rem; }
.filters fieldset { max-block-size: 18rem; overflow: auto; }
.contributions > li { flex-wrap: nowrap; justify-content: flex-start; align-items: flex-start; gap: .75rem; scroll-margin-block: 5rem; }
.contributions > li > input { flex: none; inline-size: 1.25rem; block-size: 1.25rem; margin-block-start: .2rem; accent-color: var(--accent); }
.list.contributions > li > :first-child:not(div) { flex: none; }
.contributions > li > div { flex: 1; min-inline-size: 0; display: grid; gap: .35rem; }
.tag { display: inline-block; padding: .05rem .5rem; border: 1px solid var(--line); border-radius: .25rem; background: var(--tint); }
.deeds { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 18rem), 1fr)); gap: 1rem 2rem; padding-block: 1rem; }
.deeds label.above { margin-block-start: .5rem; font-weight: 400; }
.facts { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 16rem), 1fr)); gap: .5rem 1.5rem; }
.facts dt { color: var(--soft); font-size: .9375rem; }
.facts dd { margin: 0; }
main .list + form, main form + form { margin-block-start: 1.25rem; }
search input[type=search] { flex: 1 1 16rem; max-inline-size: 32rem; }
.note-words { white-space: pre-wrap; }

form.line, p.line { display: flex; flex-wrap: wrap; gap: .5rem; align-items: center; margin: 0; }
form.tall { max-inline-size: 34rem; display: grid; gap: 1.1rem; }
fieldset { border: 0; padding: 0; margin: 0; min-inline-size: 0; }
legend, label.above { font-weight: 600; padding: 0; margin-block-end: .25rem; display: block; }
.hint { color: var(--soft); font-size: .9375rem; margin: 0 0 .35rem; }
.check { display: flex; gap: .6rem; align-items: baseline; padding-block: .2rem; }
.check input { flex: none; inline-size: 1.1rem; block-size: 1.1rem; accent-color: var(--accent); transform: translateY(.15rem); }
input[type=text], input[type=search], input[type=date], select, textarea {
  font: inherit; color: inherit; background: var(--raised); border: 1px solid var(--edge); border-radius: 4px;
  padding: .5rem .65rem; min-block-size: 2.75rem; max-inline-size: 100%;
}
form.tall input[type=text], textarea { inline-size: 100%; }
[aria-invalid=true] { border-color: var(--bad); border-width: 2px; }
.wrong-field { color: var(--bad); margin: .3rem 0 0; }
button {
  font: inherit; min-block-size: 2.75rem; padding: .45rem 1rem; border-radius: 4px; border: 1px solid var(--edge);
  background: var(--raised); color: var(--ink); cursor: pointer; justify-self: start;
}
button:hover { background: var(--tint); }
button.main { background: var(--accent); border-color: var(--accent); color: var(--on-accent); font-weight: 600; }
button.main:hover { text-decoration: underline; }
button.grave { color: var(--bad); border-color: currentColor; }
.note { border-inline-start: 4px solid var(--good); background: var(--tint); padding: .8rem 1rem; margin-block-end: 1.5rem; border-radius: 0 4px 4px 0; }
.note:dir(rtl) { border-radius: 4px 0 0 4px; }
.note.wrong { border-color: var(--bad); }
.note > :last-child { margin-block-end: 0; }
.code { font: 600 1.5rem/1.4 ui-monospace, "Cascadia Mono", "DejaVu Sans Mono", monospace; letter-spacing: .08em; }
.reference { white-space: nowrap; font-family: ui-monospace, "Cascadia Mono", "DejaVu Sans Mono", monospace; }

@media (max-width: 30rem) {
  body > footer { flex-direction: column; }
  .figures { grid-template-columns: 1fr; }
  .figures > div { flex-direction: row-reverse; align-items: baseline; gap: .5rem; padding: .55rem .8rem; }
  .figures dt { flex: 1; }
  .figures dd { font-size: 1.3rem; min-inline-size: 2rem; }
}
@media (forced-colors: active) {
  nav a[aria-current] { border-color: Highlight; }
}
@media print {
  body > header nav, body > footer, form, .skip { display: none; }
  body { background: none; color: #000; }
  .figures > div, .list > li { break-inside: avoid; }
}
`;

/** Another sheet has another address: browsers may keep it for good. */
export const STYLE_PATH = at(`/style-${createHash('sha256').update(STYLE).digest('hex').slice(0, 12)}.css`);
