import type pg from 'pg';

/** A column as PostgreSQL describes it. */
export interface Column {
  name: string;
  /** Of its type. */
  oid: number;
}

/** The part of the driver's connection that parses and describes; its types do not have it. */
interface Wire {
  parse(query: { text: string }): void;
  describe(about: { type: 'S' }): void;
  sync(): void;
}

/**
 * Prepares a statement without running it, and returns the columns of its rows. Throws what PostgreSQL has against it.
 */
export function describeStatement(client: pg.Client, text: string): Promise<Column[]> {
  return new Promise((resolve, reject) => {
    let columns: Column[] = [];
    client.query({
      submit(wire: Wire) {
        wire.parse({ text });
        wire.describe({ type: 'S' });
        wire.sync();
      },
      handleRowDescription({ fields }: { fields: { name: string; dataTypeID: number }[] }) {
        columns = fields.map(({ name, dataTypeID }) => ({ name, oid: dataTypeID }));
      },
      // The last that is heard of a statement that was refused.
      handleError: reject,
      handleReadyForQuery: () => resolve(columns),
    } as unknown as pg.Submittable);
  });
}
