import type { ByteSink } from '../../../../src/main/export/file/sink.ts';
import type { Cell, ColumnType, Table, TableColumn } from '../../../../src/main/export/file/table.ts';

/** Keeps what is written into it. */
export class MemorySink implements ByteSink {
  readonly chunks: Uint8Array[] = [];

  write(bytes: Uint8Array): Promise<void> {
    this.chunks.push(Uint8Array.from(bytes));
    return Promise.resolve();
  }

  bytes(): Uint8Array {
    return new Uint8Array(Buffer.concat(this.chunks));
  }

  text(encoding = 'utf-8'): string {
    return new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(this.bytes());
  }
}

export const column = (name: string, type: ColumnType, over: Partial<TableColumn> = {}): TableColumn => ({
  name,
  dbf: name.toUpperCase().slice(0, 10),
  type,
  ...over,
});

export const tableOf = (columns: readonly TableColumn[], ...rows: readonly (readonly Cell[])[]): Table => ({ columns, rows });

/** A table that makes its rows one by one and counts how many were asked for. */
export function countedTable(columns: readonly TableColumn[], count: number, row: (index: number) => readonly Cell[]) {
  const asked = { rows: 0 };
  function* rows() {
    for (let index = 0; index < count; index += 1) {
      asked.rows += 1;
      yield row(index);
    }
  }
  return { asked, table: { columns, rows: rows() } satisfies Table };
}
