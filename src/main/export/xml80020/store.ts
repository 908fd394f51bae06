import type { SupplierFileReader, SupplierFileWriter } from '../../store/xml80020.ts';

/** Where the supplier's files are remembered. Every call is one synchronous, durable transaction. */
export type SupplierFileStore = SupplierFileReader & SupplierFileWriter;
