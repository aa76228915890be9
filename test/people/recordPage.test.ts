import { expect, test } from 'vitest';
import { channelTitle } from '../../src/channels/registry.ts';
import { loadPhrases } from '../../src/core/loadPhrases.ts';
import { KINDS, type NoticeKind } from '../../src/notices/kinds.ts';
import { STAKEHOLDER_GROUPS } from '../../src/people/preferences.ts';
import type { PersonRecord } from '../../src/people/record.ts';
import { recordPage } from '../../src/people/recordPage.ts';

const AT = '2027-02-02T09:30:00+00:00';

const RECORD: PersonRecord = {
  identity: [
    {
      ...{ name: 'María <Luz>', channel: 'telegram', address: '4711', language: 'es', zone: 'America/Lima' },
      ...{ place: 'Cusco', stakeholder_group: 'left_out', joined_at: AT, status: 'active' },
    },
  ],
  consent_change: [{ change: 'given', words: 'Vale', version: '2', at: AT }],
  contribution: [
    { kind: 'idea', reference: 'HB-AAAAAAA', state: 'delivered', text: 'Publicar todo', submitted_at: AT },
  ],
  response: [
    {
      ...{ reference: 'HB-AAAAAAA', kind: 'idea', decision: 'amendment' },
      ...{ input: 'Publicar', considered: 'En mayo', influence: 'Mucho', reason: 'Es justo', beyond: 'Sigue' },
    },
  ],
  thread_message: [
    { by: null, text: '¿Cuándo?', at: AT },
    { by: 'ana', text: 'Pronto', at: AT },
  ],
  attendance: [{ event: 'w1', title: { en: 'Workshop', es: 'Taller' }, answer: 'maybe', at: AT }],
  attachment: [{ id: 7, ref: 'AgAC', state: 'kept', size: 81_400, at: AT }],
  delivery: [
    { kind: 'timeline_change', state: 'sent', created_at: AT },
    { kind: null, state: 'sent', created_at: AT },
  ],
};

async function linesOf(record: PersonRecord, language: string): Promise<string[]> {
  const phrases = async (name: string) => (await loadPhrases(`flows/${name}.yaml`))(language);
  const page = recordPage(record, {
    ...{ language, timeZone: 'Europe/Madrid', phrases: await phrases('chat'), frame: await phrases('notices') },
    ...{ platform: channelTitle, files: null },
  });
  return [...page.matchAll(/<(h2|p)>(.*?)<\/\1>/gs)].map(([, , line = '']) => line.replace(/<\/?b>/g, '')).slice(1);
}

test('people read what is held about them in their language and on their clock, and no word of a machine', async () => {
  const at = new Intl.DateTimeFormat('es', { dateStyle: 'long', timeStyle: 'short', timeZone: 'America/Lima' });
  const when = `Cuándo: ${at.format(Date.parse(AT))}`;
  const lines = await linesOf(RECORD, 'es');
  expect(lines.map((line) => line.replaceAll('\u00a0', ' '))).toEqual([
    ...['Sobre usted', 'Nombre: María &lt;Luz&gt;', 'Plataforma: Telegram', 'Idioma: español'],
    ...[expect.stringMatching(/^Zona horaria: .*Perú/), 'Dónde vive: Cusco', 'Su grupo: Un grupo poco escuchado'],
    when.replace('Cuándo', 'Desde'),
    ...['Lo que aceptó y eligió', 'Aceptó participar', 'Sus palabras: Vale', when],
    ...['Lo que dijo', 'Idea HB-AAAAAAA', 'Estado: respondida', when, 'Sus palabras: Publicar todo'],
    ...['Lo que respondió el foro', 'Idea HB-AAAAAAA', 'Su idea está en el plan, con cambios'],
    ...['Cómo entendimos su aporte: Publicar', 'Cómo se examinó: En mayo', 'Qué cambió: Mucho'],
    ...['Por qué esta decisión: Es justo', '¿Y después de este plan? Sigue'],
    ...['Lo que preguntó, y las respuestas', 'Sus palabras: ¿Cuándo?', when, 'La respuesta: Pronto', when],
    ...['Reuniones', 'Taller', 'Dijo que tal vez viene', when],
    ...['Archivos que envió', when, 'Tamaño: 81 kB'],
    ...['Mensajes para usted', 'Un cambio del calendario', when],
  ]);
});

test('every kind of notice and every group has a name of its own for people to read', async () => {
  const phrases = (await loadPhrases('flows/chat.yaml'))('en');
  const kinds = (Object.keys(KINDS) as NoticeKind[]).map((kind) => phrases('record_notice', { kind }));
  const groups = STAKEHOLDER_GROUPS.map((group) => phrases('record_group_name', { group }));
  for (const names of [kinds, groups]) expect(new Set(names).size).toBe(names.length);
});

test('of a platform or a size that is not known, the page says what it can', async () => {
  const lines = await linesOf(
    { identity: [{ channel: 'web', zone: null }], attachment: [{ id: 1, size: null }] },
    'en',
  );
  expect(lines).toEqual(['About you', 'Platform: web', 'Time zone: Central European Time']);
});
