import type { ClientBase, QueryConfig } from 'pg';
import { z } from 'zod';

/** A pool, or one of its connections. */
export type Queryable = Pick<ClientBase, 'query'>;

interface Options extends Pick<QueryConfig, 'name'> {
  /** Milliseconds after which a silent connection is given up. */
  query_timeout?: number;
  /** Of many rows the first is parsed for all: of statements in which parsing is a cost that shows. */
  alike?: boolean;
}

/**
 * An SQL statement with the shape of its rows, which are parsed. `name`: the server keeps the plan under it. A test prepares
 * every exported one on the real schema and compares the names and types of its columns.
 */
export class Statement<Row> {
  private readonly query: Omit<Options, 'alike'>;
  private readonly isAlike: boolean;

  constructor(
    readonly row: z.ZodType<Row>,
    readonly text: string,
    { alike = false, ...query }: Options = {},
  ) {
    this.query = query;
    this.isAlike = alike;
  }

  async rows(db: Queryable, values: readonly unknown[] = []): Promise<Row[]> {
    const { rows } = await db.query({ ...this.query, text: this.text, values: [...values] });
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

/** A word of a list that is not closed here, a channel's name for instance. */
export const word = <T extends string>() => z.string() as unknown as z.ZodType<T>;
