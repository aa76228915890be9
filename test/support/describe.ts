import type pg from 'pg';
import type { z } from 'zod';
import type { Statement } from '../../src/store/statement.ts';

/** How a statement's columns differ from what is declared of its rows; none of it is run. @throws Error for what cannot be prepared */
export async function differences(client: pg.Client, { text, row }: Statement<unknown>): Promise<string[]> {
  const columns = await describe(client, text);
  const declared = shapeOf(row);
  return [
    ...Object.entries(declared).flatMap(([name, schema]) => {
      const type = columns.get(name);
      if (type === undefined) return [`${name} is missing`];
      return typesFor(schema).includes(type) ? [] : [`${name} is of type ${type}`];
    }),
    ...[...columns.keys()].filter((name) => !(name in declared)).map((name) => `${name} is not declared`),
  ];
}

/** By the name of each column, the OID of its type. */
function describe(client: pg.Client, text: string): Promise<Map<string, number>> {
  return new Promise((resolve, reject) => {
    let columns = new Map<string, number>();
    client.query({
      submit(connection: Wire) {
        connection.parse({ text, types: [] }, true);
        connection.describe({ type: 'S' }, true);
        connection.sync();
      },
      handleRowDescription({ fields }: { fields: { name: string; dataTypeID: number }[] }) {
        columns = new Map(fields.map(({ name, dataTypeID }) => [name, dataTypeID]));
      },
      handleReadyForQuery: () => resolve(columns),
      handleError: reject,
    } as unknown as pg.Submittable);
  });
}

/** What of pg's connection a submitted query can use. */
interface Wire {
  parse(query: { text: string; types: number[] }, more: boolean): void;
  describe(message: { type: 'S' }, more: boolean): void;
  sync(): void;
}

const OIDS = {
  boolean: [16],
  date: [1184],
  json: [114, 3802],
  bytes: [17],
  number: [21, 23, 700, 701],
  /** pg reads a bigint as a text: a number could not hold it. */
  text: [20, 25, 1043, 2950],
  texts: [1009],
};

/** The types of columns that pg reads as what a schema takes. */
function typesFor(schema: z.core.$ZodType): number[] {
  const { def } = schema._zod as z.core.$ZodTypes['_zod'];
  switch (def.type) {
    case 'nullable':
      return typesFor(def.innerType);
    case 'string':
    case 'enum':
    case 'literal':
      return OIDS.text;
    case 'number':
      return OIDS.number;
    case 'boolean':
      return OIDS.boolean;
    case 'date':
      return OIDS.date;
    case 'array':
      return [...OIDS.texts, ...OIDS.json];
    case 'custom':
      return [...OIDS.json, ...OIDS.bytes];
    default:
      return OIDS.json;
  }
}

/** The columns of a row; of alternatives, those of the first, which has them all. */
function shapeOf(row: z.core.$ZodType): Record<string, z.core.$ZodType> {
  const { def } = row._zod as z.core.$ZodTypes['_zod'];
  if (def.type === 'object') return def.shape;
  if (def.type === 'union' && def.options[0]) return shapeOf(def.options[0]);
  throw new Error(`A row is an object, not ${def.type}.`);
}
