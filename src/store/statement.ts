import { createHash } from 'node:crypto';
import type { ClientBase, QueryConfig } from 'pg';
import { z } from 'zod';

/** A pool, or one of its connections. */
export type Queryable = Pick<ClientBase, 'query'>;

interface Options extends Pick<QueryConfig, 'name'> {
  /** Milliseconds after which a silent connection is given up. */
  query_timeout?: number;
  /** Of many rows the first is parsed for all: of statements in which parsing is a cost that shows. */
  alike?: boolean;
  /** Put together for one question: nobody asks it again, and no plan of it is kept. */
  composed?: boolean;
}

/**
 * An SQL statement with the shape of its rows, which are parsed. Each connection keeps its plan, under a name that is made of
 * the text where none is given. A test prepares every exported one on the real schema and compares the names and types of
 * its columns.
 */
export class Statement<Row> {
  /** Of the plan that a connection keeps; undefined: none is kept. */
  readonly name: string | undefined;
  private readonly limits: Pick<Options, 'query_timeout'>;
  private readonly isAlike: boolean;

  constructor(
    readonly row: z.ZodType<Row>,
    readonly text: string,
    { name, alike = false, composed = false, ...limits }: Options = {},
  ) {
    this.name = composed ? undefined : (name ?? nameOf(text));
    this.limits = limits;
    this.isAlike = alike;
  }

  async rows(db: Queryable, values: readonly unknown[] = []): Promise<Row[]> {
    const { rows } = await db.query({ ...this.limits, name: this.name, text: this.text, values: [...values] });
    if (!this.isAlike) return rows.map((row) => this.row.parse(row));
    for (const row of rows.slice(0, 1)) this.row.parse(row);
    return rows;
  }

  /** The first row; null when there is none. */
  async first(db: Queryable, values: readonly unknown[] = []): Promise<Row | null> {
    return (await this.rows(db, values))[0] ?? null;
  }
}

export function statement<Shape extends z.ZodRawShape>(
  columns: Shape,
  text: string,
  options?: Options,
): Statement<z.output<z.ZodObject<Shape>>> {
  return new Statement(z.object(columns) as z.ZodType<z.output<z.ZodObject<Shape>>>, text, options);
}

const nameOf = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 32);

/** A word of a list that is not closed here, a channel's name for instance. */
export const word = <T extends string>() => z.string() as unknown as z.ZodType<T>;
